import Assignment
import Foundation
import Storage
import StorageTestSupport

@testable import Gateway

/// What one of several processes does for a while: it brings chats and people together, and lets its people finish.
struct StressWorker: Sendable {
    /// Who decides.
    enum Kind: String, Codable, Sendable {
        /// The product's dispatcher.
        case product
        /// Reads, decides, writes: no lock, no condition. What most products begin with.
        case naive
        /// Chats locked with `skip locked`, no lock of the queue: safe, but out of order.
        case skipLocked
    }

    /// What a process is told.
    struct Job: Codable, Sendable {
        var kind: Kind
        var address: StressAddress
        var number: Int
        var processes: Int
        var seconds: Double
    }

    let job: Job
    let database: Database

    static func run(_ job: Job) async throws {
        let database = try await job.address.pool(size: StressStage.queues.count + 1)
        let worker = StressWorker(job: job, database: database)
        do {
            try await worker.work()
            await database.shutDown()
        } catch {
            await database.shutDown()
            throw error
        }
    }

    private func work() async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(self.job.seconds))
        let changes = Changes(database: self.database, publish: { _ in })
        var settings = RoutingSettings()
        settings.autoAccept = true
        let dispatcher = Dispatcher(changes: changes, settings: settings, logger: TestDatabase.silence)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for queue in StressStage.queues {
                group.addTask {
                    while ContinuousClock.now < end {
                        let matches = try await self.dispatch(queue, dispatcher)
                        // Nobody was free: somebody finishes in a moment.
                        if matches == 0 { try await Task.sleep(for: .milliseconds(2)) }
                    }
                }
            }
            group.addTask {
                // Often enough that somebody is always free, seldom enough that looking does not take the processors from
                // those who are measured.
                while ContinuousClock.now < end {
                    _ = try await self.finish()
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            try await group.waitForAll()
        }
    }

    private func dispatch(_ queue: String, _ dispatcher: Dispatcher) async throws -> Int {
        switch self.job.kind {
        case .product:
            return try await dispatcher.dispatch(QueueKey(workspace: StressStage.workspace, queue: queue))
        case .naive, .skipLocked:
            let unfenced = UnfencedDispatch(locksChats: self.job.kind == .skipLocked)
            // Some of the damage runs into a check that still stands; the others go on.
            return (try? await unfenced.dispatch(queue, on: self.database)) ?? 0
        }
    }

    /// Lets this process's people finish what they have, one chat after the other.
    ///
    /// - Returns: How many chats.
    private func finish() async throws -> Int {
        let mine = (0..<StressStage.agents).filter { $0 % self.job.processes == self.job.number }.map { "agent-\($0)" }
        let chats = try await self.database.transaction(.workspace(StressStage.workspace)) { tx in
            try tx.query(
                """
                select distinct chat_id from assignments
                where workspace_id = $1 and commercial_id = any ($2::text[]) and ended_at is null
                """,
                [.text(StressStage.workspace), .texts(mine)]
            ).map { try $0.text(0) }
        }
        for id in chats {
            try await self.database.transaction(.workspace(StressStage.workspace)) { tx in
                try UnfencedDispatch.finish(tx, chat: id)
            }
        }
        return chats.count
    }
}

/// Dispatch without what makes it right, to see that the judge notices: it needs a database whose fences are down.
struct UnfencedDispatch: Sendable {
    /// Whether a chat is locked before it is given out, passing over those that others have locked.
    let locksChats: Bool

    /// Takes down what would refuse the damage.
    static func removeFences(_ stage: StressStage) async throws {
        try await stage.run(
            """
            drop index assignments_one_live;
            alter table commercials drop constraint commercials_load;
            alter table commercials disable trigger all;
            alter table assignments disable trigger all;
            alter table chats disable trigger all;
            """)
    }

    func dispatch(_ queue: String, on database: Database) async throws -> Int {
        let workspace = StressStage.workspace
        return try await database.transaction(.workspace(workspace)) { tx in
            let head: StaticString =
                self.locksChats
                ? """
                select id from chats where workspace_id = $1 and queue = $2 and status = 'waiting'
                order by route_key, id limit 1 for update skip locked
                """
                : """
                select id from chats where workspace_id = $1 and queue = $2 and status = 'waiting'
                order by route_key, id limit 1
                """
            guard let chat = try tx.query(head, [.text(workspace), .text(queue)]).first?.text(0) else { return 0 }
            let free = try tx.query(
                """
                select id from commercials where workspace_id = $1 and $2 = any (queues) and load + 1 <= cap
                order by load::float8 / cap, last_assigned_at nulls first limit 1
                """,
                [.text(workspace), .text(queue)])
            guard let agent = try free.first?.text(0) else { return 0 }
            let condition: StaticString =
                self.locksChats
                ? """
                update commercials set load = load + 1, last_assigned_at = clock_timestamp()
                where workspace_id = $1 and id = $2 and load + 1 <= cap
                """
                : """
                update commercials set load = load + 1, last_assigned_at = clock_timestamp()
                where workspace_id = $1 and id = $2
                """
            guard try tx.execute(condition, [.text(workspace), .text(agent)]) == 1 else { return 0 }
            try tx.execute(
                """
                update chats set status = 'active', owner_role = 'commercial', owner_id = $3, route_key = null,
                    epoch = epoch + 1
                where workspace_id = $1 and id = $2::uuid
                """,
                [.text(workspace), .text(chat), .text(agent)])
            try tx.execute(
                """
                insert into assignments (workspace_id, chat_id, commercial_id, state, weight, epoch, by_role, by_id)
                values ($1, $2::uuid, $3, 'active', 1, 1, 'system', 'system')
                """,
                [.text(workspace), .text(chat), .text(agent)])
            return 1
        }
    }

    /// Ends a chat for every variant alike, in one statement: it is the load, not what is measured. Chat, assignment,
    /// commercial are locked in the product's order.
    static func finish(_ tx: Transaction, chat: String) throws {
        try tx.execute(
            """
            with locked as materialized (
                select id from chats where workspace_id = $1 and id = $2::uuid for no key update
            ), ended as (
                update assignments set state = 'ended', ended_at = clock_timestamp(), end_reason = 'closed'
                from locked
                where workspace_id = $1 and chat_id = locked.id and ended_at is null
                returning workspace_id, commercial_id, weight
            ), freed as (
                update commercials m set load = greatest(0, m.load - e.weight)
                from (select workspace_id, commercial_id, sum(weight) as weight from ended group by 1, 2) e
                where m.workspace_id = e.workspace_id and m.id = e.commercial_id
            )
            update chats set status = 'closed', closed_at = clock_timestamp(), close_reason = 'resolved',
                owner_role = null, owner_id = null, epoch = epoch + 1
            where workspace_id = $1 and id = $2::uuid and exists (select from ended)
            """,
            [.text(StressStage.workspace), .text(chat)])
    }
}
