import Assignment
import Foundation
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// A node is a process of its own, and dies by SIGKILL at the worst moment; what it had begun is carried on by another
/// (docs/routing.md, "Several nodes at once").
@Suite struct NodeDeathTests {
    private static let queue = QueueKey(workspace: "default", queue: Workspaces.defaultQueue)
    private static let grace: Duration = .seconds(1)

    /// The parts of a gateway that bring people and chats together.
    private struct Node: Sendable {
        let changes: Changes
        let dispatcher: Dispatcher
        let presence: PresenceKeeper
        let sweeper: Sweeper

        init(
            _ database: Database, _ name: String, autoAccept: Bool,
            publish: @escaping @Sendable ([DomainEvent]) async -> Void
        ) {
            var configuration = GatewayConfiguration()
            configuration.routing.autoAccept = autoAccept
            configuration.presence.grace = NodeDeathTests.grace
            self.changes = Changes(database: database, publish: publish)
            self.dispatcher = Dispatcher(
                changes: self.changes, settings: configuration.routing, logger: TestDatabase.silence)
            self.presence = PresenceKeeper(
                changes: self.changes, dispatcher: self.dispatcher, configuration: configuration,
                node: .init(id: name, life: name), logger: TestDatabase.silence)
            self.sweeper = Sweeper(
                changes: self.changes, dispatcher: self.dispatcher, presence: self.presence,
                configuration: configuration, logger: TestDatabase.silence)
        }

        func connect(_ commercial: String) async throws {
            try await self.presence.opened(
                PresenceKeeper.Connection(
                    id: "socket-\(commercial)", workspace: NodeDeathTests.queue.workspace,
                    participant: Participant(role: .commercial, id: commercial)))
        }

        /// Sweeps and dispatches as a running gateway does, while `body` waits for something.
        func running<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
            try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask {
                    try await self.dispatcher.run()
                    return nil
                }
                group.addTask {
                    try await self.sweeper.run()
                    return nil
                }
                group.addTask { try await body() }
                defer { group.cancelAll() }
                while let finished = try await group.next() {
                    if let value = finished { return value }
                }
                throw CancellationError()
            }
        }
    }

    private static func waitingChat(_ database: Database) async throws -> String {
        try await database.transaction(.workspace(self.queue.workspace)) { tx in
            try Workspaces.ensure(tx, Self.queue.workspace)
            try Visitors.upsert(tx, Self.queue.workspace, "v", isVerified: true)
            let new = NewChat(visitorID: "v", entry: .waiting(slackMilliseconds: 0))
            return try Chats.createOrLockOpen(tx, Self.queue.workspace, new).chat.id
        }
    }

    private static func offers(_ database: Database) async throws -> [String] {
        try await database.transaction(.workspace(self.queue.workspace)) { tx in
            try tx.query(
                "select commercial_id || ' ' || coalesce(end_reason, 'live') from assignments order by created_at"
            ).map { try $0.text(0) }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func killedBetweenOfferAndAcceptance() async throws {
        try await TestDatabase.with(configure: { $0.size = 6 }) { test in
            let chat = try await Self.waitingChat(test.database)
            let address = StressAddress(test.url)
            await #expect(processExitsWith: .signal(SIGKILL)) { [address = address as StressAddress] in
                let node = Node(try await address.pool(size: 2), "doomed", autoAccept: false, publish: { _ in })
                try await node.connect("ana")
                guard try await node.dispatcher.dispatch(Self.queue) == 1 else { return }
                kill(getpid(), SIGKILL)
            }
            #expect(try await Self.offers(test.database) == ["ana live"])
            let survivor = Node(test.database, "survivor", autoAccept: false, publish: { _ in })
            try await survivor.connect("beto")
            // The lease of the dead node's socket is let run out in a second instead of thirty.
            try await test.run(
                """
                update presence_leases set expires_at = clock_timestamp() + interval '1 second'
                where node_life = 'doomed'
                """)
            let lapse = try await test.database.transaction(.workspace(Self.queue.workspace)) { tx in
                try #require(
                    try tx.query("select expires_at from presence_leases where node_life = 'doomed'").first
                ).timestamp(0)
            }
            let late = try await survivor.running {
                while true {
                    // How long after ana's offer had ended it was made to beto.
                    let late = try await test.database.transaction(.workspace(Self.queue.workspace)) { tx in
                        try tx.query(
                            """
                            select extract(epoch from beto.created_at - ana.ended_at)::float8
                            from assignments ana join assignments beto using (workspace_id, chat_id)
                            where chat_id = $1::uuid and ana.commercial_id = 'ana' and beto.commercial_id = 'beto'
                            """,
                            [.text(chat)]
                        ).first?.double(0)
                    }
                    if let late { return late }
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            #expect(late < 2, "offered again after \(late) s")
            #expect(try await Self.offers(test.database).count == 2)
            // From the end of lease and grace on nobody may be stuck for two seconds.
            let idle = try await Self.secondsIdle(test.database, chat, since: lapse)
            print("node death: offered again \(idle) s after lease and grace")
            #expect(idle < 2, "stuck for \(idle) s after lease and grace")
        }
    }

    /// How long after the dead node's lease and grace were over the chat was offered to the survivor's person.
    private static func secondsIdle(
        _ database: Database, _ chat: String, since lapse: Timestamp
    ) async throws -> Double {
        try await database.transaction(.workspace(self.queue.workspace)) { tx in
            try tx.query(
                """
                select extract(epoch from created_at - ($2::timestamptz + $3 * interval '1 millisecond'))::float8
                from assignments where chat_id = $1::uuid and commercial_id = 'beto'
                """,
                [.text(chat), .timestamp(lapse), .int(Self.grace.inMilliseconds)]
            ).first?.double(0) ?? .infinity
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func killedBetweenCommitAndEvent() async throws {
        try await TestDatabase.with(configure: { $0.size = 6 }) { test in
            let chat = try await Self.waitingChat(test.database)
            let hub = TestHub()
            let relay = Relay(
                members: ChatMembers(
                    broadcaster: hub, roster: ChatRoster(), typing: TypingBoard(), streams: StreamBoard()),
                outbox: OutboxPoller(database: test.database, node: "survivor"), node: "survivor",
                onCommit: { _ in },
                logger: TestDatabase.silence)
            let survivor = Node(
                test.database, "survivor", autoAccept: true, publish: { await relay.publish($0) })
            try await survivor.connect("ana")
            let socket = hub.makeSocket("socket-ana")
            socket.join([.user(Self.queue.workspace, "ana")])
            // From here on it hears what others commit.
            await relay.poll()
            let address = StressAddress(test.url)
            await #expect(processExitsWith: .signal(SIGKILL)) { [address = address as StressAddress] in
                let node = Node(
                    try await address.pool(size: 2, node: "doomed"), "doomed", autoAccept: true,
                    publish: { _ in kill(getpid(), SIGKILL) })
                _ = try await node.dispatcher.dispatch(Self.queue)
            }
            #expect(socket.received("chat:assigned").isEmpty)
            let died = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await relay.run() }
                while socket.received("chat:assigned").isEmpty, ContinuousClock.now - died < .seconds(2) {
                    try await Task.sleep(for: .milliseconds(10))
                }
                group.cancelAll()
            }
            print("node death: told \(ContinuousClock.now - died) after it")
            let assigned = socket.received("chat:assigned")
            #expect(assigned.count == 1)
            #expect(assigned.first?[dynamic: "chatId"].string == chat)
            #expect(try await Self.offers(test.database) == ["ana live"])
        }
    }
}
