internal import Synchronization

/// The answers to a broadcast.
package struct BroadcastAnswers: Sendable, Hashable {
    /// Each receiver's answer with all its arguments, in the order in which they came.
    package var responses: [EventArguments]
    /// False when time ran out before everybody had answered or gone.
    package var isComplete: Bool

    package init(_ responses: [EventArguments] = [], isComplete: Bool = true) {
        self.responses = responses
        self.isComplete = isComplete
    }

    /// The first argument of each answer, null where there is none: all that the Node server gathers. Binary values
    /// stand as placeholders; ``EventArguments/list(ofFirst:)`` keeps them.
    package var values: [JSONValue] {
        self.responses.map { (try? $0.splitFirst().first) ?? .null }
    }
}

/// Gathers answers from several threads and servers, and hands them over once.
package final class BroadcastGathering: Sendable {
    private struct State {
        var collector: BroadcastAckCollector
        var finish: (@Sendable (BroadcastAnswers) -> Void)?
    }

    private let state: Mutex<State>

    /// - Parameter servers: how many will say how many receivers they have.
    package init(servers: Int = 1, _ finish: @escaping @Sendable (BroadcastAnswers) -> Void) {
        self.state = Mutex(State(collector: BroadcastAckCollector(servers: servers), finish: finish))
    }

    /// A server has so many receivers.
    package func counted(_ receivers: Int) {
        self.finish(isComplete: true) { $0.counted(receivers) }
    }

    /// Takes one receiver's answer; nil when it left without one.
    package func receive(_ response: EventArguments?) {
        self.finish(isComplete: true) { $0.receive(response) }
    }

    /// Hands over what there is.
    package func timeOut() {
        self.finish(isComplete: false) { _ in true }
    }

    private func finish(isComplete: Bool, when isDone: (inout BroadcastAckCollector) -> Bool) {
        let done = self.state.withLock { state -> State? in
            guard state.finish != nil, isDone(&state.collector) else { return nil }
            defer { state.finish = nil }
            return state
        }
        guard let done else { return }
        done.finish?(BroadcastAnswers(done.collector.responses, isComplete: isComplete))
    }
}
