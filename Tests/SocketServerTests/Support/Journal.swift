import Synchronization

/// What happened, in order; waiting for an entry needs no polling.
final class Journal: Sendable {
    private struct State {
        var entries: [String] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    func note(_ entry: String) {
        let ready = self.state.withLock { state in
            state.entries.append(entry)
            let count = state.entries.count
            let ready = state.waiters.filter { $0.count <= count }
            state.waiters.removeAll { $0.count <= count }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    var entries: [String] { self.state.withLock { $0.entries } }

    /// All entries once there are as many.
    func entries(_ count: Int) async -> [String] {
        await withCheckedContinuation { continuation in
            let isReady = self.state.withLock { state in
                guard state.entries.count < count else { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
        return self.entries
    }
}

/// Something to wait behind until a test opens it.
final class Gate: Sendable {
    private let journal = Journal()

    func open() { self.journal.note("open") }
    func pass() async { _ = await self.journal.entries(1) }
}
