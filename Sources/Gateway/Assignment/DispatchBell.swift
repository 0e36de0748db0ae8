internal import Storage
internal import Synchronization

/// Who rings it wants a line to be looked at; the dispatcher answers.
///
/// No call is lost: one that comes while a line is being dispatched has it looked at once more.
final class DispatchBell: Sendable {
    /// What may have changed.
    enum Call: Sendable, Hashable {
        /// A chat may wait in this queue, or somebody may be free for it.
        case queue(QueueKey)
        /// Somebody is free, which may serve chats of queues that are not theirs.
        case overflow(workspace: String)
    }

    private enum Progress {
        case running
        /// Called again meanwhile.
        case runningAndDirty
    }

    let calls: AsyncStream<Call>
    private let waker: AsyncStream<Call>.Continuation
    private let progress = Mutex<[Call: Progress]>([:])

    init() {
        // Bounded by the number of queues: what is being dispatched is not put in again.
        (self.calls, self.waker) = AsyncStream.makeStream()
    }

    /// Returns at once.
    func ring(_ call: Call) {
        let isNew = self.progress.withLock { progress in
            let isNew = progress[call] == nil
            progress[call] = isNew ? .running : .runningAndDirty
            return isNew
        }
        if isNew { self.waker.yield(call) }
    }

    /// Whatever frees a slot tells of it, by whichever way it came about: a release, an arrival, a new cap or status.
    func hear(_ events: [DomainEvent]) {
        for event in events {
            guard case .commercialStatusChanged(let commercial) = event.body, commercial.effective,
                commercial.load < Double(commercial.cap)
            else { continue }
            for queue in commercial.queues {
                self.ring(.queue(QueueKey(workspace: event.workspaceID, queue: queue)))
            }
            self.ring(.overflow(workspace: event.workspaceID))
        }
    }

    /// Answers a call: `body` runs until nobody has called again meanwhile. Where it fails, the sweeper calls again
    /// within a second.
    func answer(_ call: Call, _ body: () async throws -> Void) async rethrows {
        var isClean = false
        while !isClean {
            self.progress.withLock { $0[call] = .running }
            do {
                try await body()
            } catch {
                self.progress.withLock { $0[call] = nil }
                throw error
            }
            isClean = self.progress.withLock { progress in
                guard progress[call] == .running else { return false }
                progress[call] = nil
                return true
            }
        }
    }
}
