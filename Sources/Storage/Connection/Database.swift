internal import Dispatch
package import Logging
internal import Synchronization

/// The pool. Each connection has a thread of its own; bodies run there, synchronously, inside one transaction.
///
/// ```swift
/// let database = Database(configuration: .init(url: url), logger: logger)
/// try await database.start()
/// let count = try await database.transaction(.workspace("default")) { tx in
///     try tx.query("select count(*) from chats").first?.int(0) ?? 0
/// }
/// await database.shutDown()
/// ```
package final class Database: Sendable {
    private let pool: Pool
    let configuration: Configuration

    package init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.pool = Pool(configuration: configuration, logger: logger)
    }

    deinit {
        self.pool.beginShutDown()
    }

    /// Starts the connections and returns when the first one works.
    ///
    /// - Throws: what the last attempt met: at once if trying again cannot help (password, database, role), else after
    ///   `timeout`. The pool goes on trying; call ``shutDown()`` to give up.
    package func start(timeout: Duration = .seconds(10)) async throws(StorageError) {
        try await self.pool.start(timeout: timeout)
    }

    /// Refuses new transactions, lets running ones finish, closes all connections.
    package func shutDown() async {
        await self.pool.shutDown()
    }

    /// Whether at least one connection works.
    package var isAvailable: Bool { self.pool.statistics.isAvailable }

    /// The state now and every later change, until the pool shuts down.
    package var availability: AsyncStream<Bool> { self.pool.availability() }

    package var statistics: PoolStatistics { self.pool.statistics }

    /// How long the first transaction in line has waited for a connection; joins do not count.
    package var longestWait: Duration { self.pool.longestWait }

    /// Runs `body` in one transaction on a pooled connection and returns after COMMIT.
    ///
    /// Errors thrown by `body` that are not `StorageError` roll back and are rethrown as they are.
    /// 40001 and 40P01 are retried a bounded number of times, so `body` may run more than once. Nothing else is.
    /// `StorageError` with code `unavailable` means that the effect is absent, or, when the connection was lost during
    /// COMMIT, unknown.
    ///
    /// - Parameters:
    ///   - scope: the workspaces whose rows the transaction may see.
    ///   - lane: the queue to wait in.
    ///   - body: runs on the connection's thread. It must not block on anything but the transaction.
    @discardableResult
    package func transaction<Value: Sendable>(
        _ scope: WorkspaceScope,
        lane: Lane = .statement,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        let id = self.pool.nextJobID()
        let attempts = self.configuration.attempts
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = Pool.Job(
                    run: { connection in
                        let result = Result {
                            try connection.transaction(scope, attempts: attempts, body)
                        }
                        return { continuation.resume(with: result) }
                    },
                    refuse: { continuation.resume(throwing: $0) }
                )
                self.pool.submit(job, id: id, lane: lane)
            }
        } onCancel: {
            self.pool.cancel(id)
        }
    }
}
