internal import NIOCore
internal import Synchronization

/// Schedules what the protocol waits for, CONNECTs, attachments and answers, and knows how many of these timers there are.
///
/// None of them lives as long as its connection: an idle one costs none.
final class TimerCounter: Sendable {
    private let pending = Atomic(0)

    var count: Int { self.pending.load(ordering: .relaxed) }

    func schedule(
        on eventLoop: any EventLoop, at deadline: NIODeadline, _ work: @escaping @Sendable () -> Void
    ) -> Scheduled<Void> {
        self.pending.wrappingAdd(1, ordering: .relaxed)
        let timer = eventLoop.scheduleTask(deadline: deadline, work)
        // Fired or cancelled.
        timer.futureResult.whenComplete { _ in self.pending.wrappingSubtract(1, ordering: .relaxed) }
        return timer
    }
}
