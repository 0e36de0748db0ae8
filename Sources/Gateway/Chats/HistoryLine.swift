internal import DequeModule
internal import Synchronization

/// Lets so many of one workspace read old messages at a time; the others of it wait in line, each for so long at most.
///
/// Thousands who come back at once all ask for what they missed, and would have the whole pool and the line before it.
/// Whoever reads alone takes a lock twice and no more. A socket's events come one after the other, so that it waits here
/// once at most: the line is as long as there are connections, and needs no bound of its own.
final class HistoryLine: Sendable {
    private struct Waiter {
        var deadline: ContinuousClock.Instant
        var turn: CheckedContinuation<Bool, Never>
    }

    private struct Line {
        var reading = 0
        /// By when they came, and so by when their patience ends. Nobody waits while somebody else could read.
        var waiting: Deque<Waiter> = []
        /// Whether a task looks after those who wait.
        var isWatched = false

        var isOver: Bool { self.reading == 0 && !self.isWatched }
    }

    private struct State {
        /// Of workspaces that read.
        var lines: [String: Line] = [:]
        var refused = 0
    }

    private let state = Mutex(State())
    private let width: Int
    private let patience: Duration

    init(width: Int, patience: Duration = .seconds(5)) {
        self.width = width
        self.patience = patience
    }

    /// How many wait, in all workspaces.
    var waiting: Int { self.state.withLock { $0.lines.values.reduce(0) { $0 + $1.waiting.count } } }

    /// How many have waited in vain since the start.
    var refused: Int { self.state.withLock { $0.refused } }

    /// Whether nobody reads or waits, and nothing is kept of whoever did.
    var isIdle: Bool { self.state.withLock { $0.lines.isEmpty } }

    /// Runs `body` when it is its turn.
    ///
    /// - Throws: `unavailable` where that took too long; what `body` throws.
    func read<Value>(in workspace: String, _ body: () async throws -> Value) async throws -> Value {
        guard await self.enter(workspace) else { throw EventError.unavailable }
        defer { self.leave(workspace) }
        return try await body()
    }

    private func enter(_ workspace: String) async -> Bool {
        if self.state.withLock({ self.begin(&$0, workspace) }) { return true }
        return await withCheckedContinuation { turn in
            let (isIn, isFirst) = self.state.withLock { state -> (Bool, Bool) in
                // Somebody may have left in between.
                if self.begin(&state, workspace) { return (true, false) }
                let waiter = Waiter(deadline: ContinuousClock.now + self.patience, turn: turn)
                state.lines[workspace, default: Line()].waiting.append(waiter)
                defer { state.lines[workspace]?.isWatched = true }
                return (false, state.lines[workspace]?.isWatched == false)
            }
            if isIn { turn.resume(returning: true) }
            if isFirst { self.watch(workspace) }
        }
    }

    private func begin(_ state: inout State, _ workspace: String) -> Bool {
        guard state.lines[workspace]?.reading ?? 0 < self.width else { return false }
        state.lines[workspace, default: Line()].reading += 1
        return true
    }

    private func leave(_ workspace: String) {
        let next = self.state.withLock { state in
            // The place goes on to the next, so that nobody who comes now is before them.
            let next = state.lines[workspace]?.waiting.popFirst()
            if next == nil { state.lines[workspace]?.reading -= 1 }
            if state.lines[workspace]?.isOver ?? false { state.lines[workspace] = nil }
            return next
        }
        next?.turn.resume(returning: true)
    }

    /// One task for a line, as long as somebody waits in it.
    private func watch(_ workspace: String) {
        Task {
            while let next = self.giveUp(workspace, now: .now) {
                try? await Task.sleep(until: next, clock: .continuous)
            }
        }
    }

    /// Sends away whoever has waited for too long.
    ///
    /// - Returns: when the patience of the next one ends; nil where nobody waits.
    private func giveUp(_ workspace: String, now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        let (late, next) = self.state.withLock { state in
            var late: [Waiter] = []
            while let first = state.lines[workspace]?.waiting.first, first.deadline <= now {
                late.append(first)
                state.lines[workspace]?.waiting.removeFirst()
            }
            state.refused += late.count
            let next = state.lines[workspace]?.waiting.first?.deadline
            if next == nil { state.lines[workspace]?.isWatched = false }
            if state.lines[workspace]?.isOver ?? false { state.lines[workspace] = nil }
            return (late, next)
        }
        for waiter in late { waiter.turn.resume(returning: false) }
        return next
    }
}
