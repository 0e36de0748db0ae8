/// Gathers the answers to a broadcast, in order of arrival.
package struct BroadcastAckCollector: Sendable {
    package private(set) var responses: [EventArguments] = []
    /// Servers that have not said how many receivers they have.
    private var uncounted: Int
    /// Receivers that have neither answered nor gone; below zero while an answer is here before its server's count.
    private var outstanding = 0

    package init(servers: Int = 1) {
        self.uncounted = servers
    }

    package var isComplete: Bool { self.uncounted <= 0 && self.outstanding <= 0 }

    /// Takes one server's number of receivers; true when nothing more is to come.
    package mutating func counted(_ receivers: Int) -> Bool {
        self.uncounted -= 1
        self.outstanding += receivers
        return self.isComplete
    }

    /// Takes one receiver's answer, nil when it left without one; true when it was the last.
    package mutating func receive(_ response: EventArguments?) -> Bool {
        if let response { self.responses.append(response) }
        self.outstanding -= 1
        return self.isComplete
    }
}
