package import Assignment

/// Who begins which chat when, as the event loop asks for it.
protocol DispatchRule {
    /// A chat comes.
    mutating func arrive(_ chat: SimulatedChat, starts: inout [Start])

    /// An agent has finished a chat.
    mutating func finish(agent: Int, now: Timestamp, starts: inout [Start])

    /// A visitor's patience is at its end.
    ///
    /// - Returns: Whether the chat was still waiting.
    mutating func leave(number: Int, now: Timestamp, starts: inout [Start]) -> Bool

    /// What it asked for has come.
    mutating func ring(_ alarm: Alarm, now: Timestamp, starts: inout [Start])

    /// Hands over when it wants to be called besides; asked for after every call.
    mutating func takeAlarms(into heap: inout EventHeap)

    /// What came of offers and of visitors who came back; `nil` where there are none.
    var asking: AskingOutcome? { get }

    /// The place of a chat that has come and waits: 1 is next.
    func position(of chat: SimulatedChat) -> Int
}

extension DispatchRule {
    mutating func ring(_ alarm: Alarm, now: Timestamp, starts: inout [Start]) {}
    mutating func takeAlarms(into heap: inout EventHeap) {}
    var asking: AskingOutcome? { nil }
}

/// What a rule waits for besides chats that come and end.
enum Alarm: Hashable {
    /// Somebody answers an offer, or its deadline is over.
    case answer(offer: Int)
    /// A rest or a hold is over: the line is looked at.
    case look
    /// Somebody who was away comes back.
    case back(agent: Int)
}

/// A chat that begins now.
struct Start {
    var chat: SimulatedChat
    var agent: Int
}

/// How a simulated desk decides.
package enum SimulatedPolicy: String, Sendable, Hashable, CaseIterable {
    /// The product's: one line, and its best agent as soon as one is free.
    case central
    /// In turn. Bound at arrival like the textbook's, into a backlog of each agent's own.
    case roundRobin = "round-robin"
    case leastLoaded = "least-loaded"
    case longestIdle = "longest-idle"
    /// For comparison only: anybody, at arrival.
    case random
    /// For comparison only: the shorter backlog of two drawn at random, at arrival.
    case powerOfTwo = "power-of-two"
    /// For comparison only: the shortest backlog, at arrival.
    case jsq
    /// For comparison only: an idle agent at arrival, or anybody.
    case jiq

    /// When the policy gives chats out, unless told otherwise.
    package var binding: Binding {
        switch self {
        case .central, .leastLoaded, .longestIdle: .free
        case .roundRobin, .random, .powerOfTwo, .jsq, .jiq: .arrival
        }
    }

    /// When it can.
    package var bindings: [Binding] { self == .roundRobin ? [.free, .arrival] : [self.binding] }

    /// The product's code that decides; `nil` for what no product should do.
    package var routing: RoutingPolicy? {
        switch self {
        case .central: .central
        case .roundRobin: .roundRobin
        case .leastLoaded: .leastLoaded
        case .longestIdle: .longestIdle
        case .random, .powerOfTwo, .jsq, .jiq: nil
        }
    }
}

/// When a chat gets its agent.
package enum Binding: String, Sendable, Hashable, CaseIterable {
    /// As soon as one has a free place, and not before.
    case free
    /// When it comes, busy or not.
    case arrival
}
