internal import Synchronization

/// How many tasks of handlers and middleware are at work: what an orderly end waits for.
final class WorkCounter: Sendable {
    private let running = Atomic(0)

    var count: Int { self.running.load(ordering: .acquiring) }

    /// Runs work in a task of its own that is counted until it ends.
    ///
    /// Unstructured on purpose: it starts in an event loop's callback, where there is no task to be a child of.
    func start(_ work: @escaping @Sendable () async -> Void) {
        self.running.wrappingAdd(1, ordering: .relaxed)
        Task {
            await work()
            self.running.wrappingSubtract(1, ordering: .releasing)
        }
    }
}
