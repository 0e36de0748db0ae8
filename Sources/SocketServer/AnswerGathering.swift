internal import NIOCore
internal import SocketIO
internal import Synchronization

/// Gathers answers from several event loops and hands them over once.
final class AnswerGathering: Sendable {
    private struct State {
        var collector: BroadcastAckCollector
        var finish: (@Sendable (BroadcastAnswers) -> Void)?
        var timer: Scheduled<Void>?
    }

    private let state: Mutex<State>

    init(receivers: Int, _ finish: @escaping @Sendable (BroadcastAnswers) -> Void) {
        self.state = Mutex(State(collector: BroadcastAckCollector(receivers: receivers), finish: finish))
    }

    func cancelWhenDone(_ timer: Scheduled<Void>) {
        self.state.withLock { $0.timer = timer }
    }

    /// Takes one receiver's answer; nil when it left without one.
    func receive(_ arguments: EventArguments?) {
        let response = arguments.map { (try? $0.splitFirst().first) ?? .null }
        self.finish(isComplete: true) { $0.receive(response) }
    }

    func timeOut() {
        self.finish(isComplete: false) { _ in true }
    }

    private func finish(isComplete: Bool, when isDone: (inout BroadcastAckCollector) -> Bool) {
        let done = self.state.withLock { state -> State? in
            guard state.finish != nil, isDone(&state.collector) else { return nil }
            defer { state.finish = nil }
            return state
        }
        guard let done else { return }
        done.timer?.cancel()
        done.finish?(BroadcastAnswers(responses: done.collector.responses, isComplete: isComplete))
    }
}
