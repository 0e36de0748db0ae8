internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Synchronization

/// Keeps the workspaces' key sets fresh: every ten minutes, a minute after a failure, and at once when a token names a
/// key that nobody knows, but not twice within 30 seconds. The last good document stays in the database, for every node
/// and every restart; an address that fails takes nothing away.
final class KeySetKeeper: Sendable {
    struct Pace: Sendable {
        var interval: Int64 = 600_000
        var retry: Int64 = 60_000
        /// Between two attempts, whoever asks.
        var pause: Int64 = 30_000
    }

    private let database: Database
    private let directory: CredentialDirectory
    private let fetch: @Sendable (String) async throws -> String
    private let pace: Pace
    private let logger: Logger
    /// Fetches under way: whoever asks meanwhile waits for the same answer.
    private let running = Mutex<[String: Task<Void, Never>]>([:])
    /// When this node last wanted a set, so that made-up names of keys cost no query.
    private let attempts = Mutex<[String: ContinuousClock.Instant]>([:])

    init(
        database: Database, directory: CredentialDirectory, pace: Pace = Pace(), logger: Logger,
        fetch: @escaping @Sendable (String) async throws -> String
    ) {
        self.database = database
        self.directory = directory
        self.pace = pace
        self.logger = logger
        self.fetch = fetch
    }

    /// A token names a key that is not known.
    func refresh(_ workspace: String) async {
        let now = ContinuousClock.now
        let isSoon = self.attempts.withLock { attempts in
            if let last = attempts[workspace], now - last < .milliseconds(self.pace.pause) { return true }
            attempts[workspace] = now
            return false
        }
        if isSoon {
            await self.running.withLock { $0[workspace] }?.value
            return
        }
        await self.runOnce(workspace)
    }

    /// Fetches what is due.
    func refreshDue() async throws {
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        guard !workspaces.isEmpty else { return }
        let pace = self.pace
        let due = try await self.database.transaction(.workspaces(workspaces)) {
            try Trust.dueKeySets($0, interval: pace.interval, retry: pace.retry)
        }
        await withDiscardingTaskGroup { group in
            for workspace in due { group.addTask { await self.runOnce(workspace) } }
        }
    }

    private func runOnce(_ workspace: String) async {
        let task = self.running.withLock { running in
            if let task = running[workspace] { return task }
            let task = Task {
                await self.attempt(workspace)
                _ = self.running.withLock { $0.removeValue(forKey: workspace) }
            }
            running[workspace] = task
            return task
        }
        await task.value
    }

    private func attempt(_ workspace: String) async {
        let logger = self.logger.with(.workspace, workspace)
        do {
            let pause = self.pace.pause
            let url = try await self.database.transaction(.workspace(workspace)) {
                try Trust.claimFetch($0, workspace, pause: pause)
            }
            // Another node has just asked: what it got is in the database, or will be.
            guard let url else { return try await self.directory.renew() }
            var document: String?
            do {
                document = try await self.fetch(url)
            } catch {
                logger.warning("the key set cannot be fetched; the keys that are known stay", error: error)
            }
            try await self.database.transaction(.workspace(workspace)) { [document] in
                try Trust.fetched($0, workspace, url: url, document: document)
            }
            if document != nil { try await self.directory.renew() }
        } catch {
            logger.debug("the key set is left for later", error: error)
        }
    }
}

extension KeySetKeeper: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.refreshDue()
                } catch {
                    self.logger.debug("key sets are looked at later", error: error)
                }
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }
}
