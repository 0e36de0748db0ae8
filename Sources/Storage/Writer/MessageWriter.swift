package import Logging
internal import Synchronization

#if DEBUG
    internal import Glibc
#endif

/// Who waits for a message to be stored: whatever the caller needs when it is.
package protocol WriterTicket: AnyObject, Sendable {}

/// Stores plain messages, as many as wait when a connection gets free in one statement and one commit.
///
/// It has a few connections of its own: whatever else fills the pool, messages go on. Outcomes come per batch, after
/// COMMIT, on the connection's thread.
package final class MessageWriter: Sendable {
    package typealias Written = (ticket: any WriterTicket, outcome: PlainOutcome)
    private typealias Queue = WriterQueue<any WriterTicket>

    private let pool: Pool
    private let queue: Mutex<Queue>
    private let deliver: @Sendable ([Written]) -> Void

    /// - Parameters:
    ///   - database: Whose server, role and node it writes with.
    ///   - connections: How many batches may be under way at a time.
    ///   - deliver: Takes the outcomes of a batch, and must not block.
    package init(
        _ database: Database, connections: Int = 1, logger: Logger, deliver: @escaping @Sendable ([Written]) -> Void
    ) {
        var configuration = database.configuration
        configuration.size = connections
        configuration.hasFixedPlans = true
        self.pool = Pool(configuration: configuration, logger: logger)
        self.queue = Mutex(Queue(limits: .init(connections: connections)))
        self.deliver = deliver
    }

    deinit {
        self.pool.beginShutDown()
    }

    /// Returns when the first connection works.
    package func start(timeout: Duration = .seconds(10)) async throws(StorageError) {
        try await self.pool.start(timeout: timeout)
    }

    /// Lets batches under way finish, refuses what waits, and closes the connections.
    package func shutDown() async {
        await self.pool.shutDown()
    }

    /// How many messages wait.
    package var waiting: Int { self.queue.withLock { $0.count } }

    /// Takes a message in; what becomes of it is delivered with the ticket, once.
    package func write(_ message: PlainMessage, ticket: any WriterTicket) {
        switch self.queue.withLock({ $0.append(message, ticket: ticket, now: .now) }) {
        case .waits: break
        case .start: self.requestConnection()
        case .full: self.deliver([(ticket, .failed(.unavailable("too many messages wait for PostgreSQL")))])
        }
    }

    private func requestConnection() {
        let job = Pool.Job(
            run: { connection in self.serve(connection) },
            // The pool may have better luck.
            refuse: { _ in self.deliver(self.queue.withLock { $0.refused() }, .notPlain) })
        self.pool.submit(job, id: self.pool.nextJobID(), lane: .message)
    }

    /// Stores one batch on the connection's thread; the closure delivers what came of it once the connection is back.
    private func serve(_ connection: PostgresConnection) -> @Sendable () -> Void {
        let (batch, expired) = self.queue.withLock { $0.next(now: .now) }
        self.deliver(expired, .failed(.unavailable("no connection became free in time")))
        let outcomes = self.store(batch.map(\.message)[...], on: connection)
        let written: [Written] = zip(batch, outcomes).map { ($0.ticket, $1) }
        #if DEBUG
            if Mutation.ackBeforeCommit.isActive {
                self.deliver(written)
                usleep(60_000)
                _ = try? connection.run([.commit])
                let goesOn = self.queue.withLock { $0.finished(batch) }
                return { if goesOn { self.requestConnection() } }
            }
        #endif
        let goesOn = self.queue.withLock { $0.finished(batch) }
        return {
            if goesOn { self.requestConnection() }
            if !written.isEmpty { self.deliver(written) }
        }
    }

    /// A batch with a row that PostgreSQL refuses is halved until that row is alone; then it goes its own way.
    private func store(_ batch: ArraySlice<PlainMessage>, on connection: PostgresConnection) -> [PlainOutcome] {
        guard !batch.isEmpty else { return [] }
        do throws(StorageError) {
            return try Messages.append(Array(batch), on: connection)
        } catch {
            // Whether a lost connection had committed nobody knows; the senders ask again, and find out.
            guard error.code != .unavailable, connection.isUsable else {
                return Array(repeating: .failed(error), count: batch.count)
            }
            guard batch.count > 1 else { return [.notPlain] }
            let middle = batch.startIndex + batch.count / 2
            return self.store(batch[..<middle], on: connection) + self.store(batch[middle...], on: connection)
        }
    }

    private func deliver(_ entries: [Queue.Entry], _ outcome: PlainOutcome) {
        guard !entries.isEmpty else { return }
        self.deliver(entries.map { ($0.ticket, outcome) })
    }
}
