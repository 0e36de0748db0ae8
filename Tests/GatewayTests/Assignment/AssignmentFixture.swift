import Assignment
import Logging
import Storage
import StorageTestSupport
import Synchronization

@testable import Gateway

/// A workspace on real PostgreSQL, with people, bots and visitors whose sockets are leases.
final class AssignmentFixture: Sendable {
    let workspace: String
    let database: Database
    let changes: Changes
    let configuration: GatewayConfiguration
    let dispatcher: Dispatcher
    let router: ChatRouter
    let presence: PresenceKeeper
    let sweeper: Sweeper

    /// Runs `body` in a workspace of its own, in a database that other tests share.
    static func with<Value: Sendable>(
        configure: (inout GatewayConfiguration) -> Void = { _ in },
        _ body: (AssignmentFixture) async throws -> Value
    ) async throws -> Value {
        let number = Self.lastWorkspace.add(1, ordering: .relaxed).newValue
        return try await self.with(
            Self.sharedDatabase.value, workspace: "workspace-\(number)", configure, body)
    }

    /// Runs `body` with a database of its own: for sweepers, which work for all workspaces.
    static func alone<Value: Sendable>(
        configure: (inout GatewayConfiguration) -> Void = { _ in },
        _ body: (AssignmentFixture) async throws -> Value
    ) async throws -> Value {
        try await TestDatabase.with(configure: { $0.size = 6 }) { test in
            try await self.with(test, workspace: "default", configure, body)
        }
    }

    private static func with<Value: Sendable>(
        _ test: TestDatabase, workspace: String, _ configure: (inout GatewayConfiguration) -> Void,
        _ body: (AssignmentFixture) async throws -> Value
    ) async throws -> Value {
        var configuration = GatewayConfiguration()
        configure(&configuration)
        let fixture = AssignmentFixture(test, workspace, configuration)
        try await test.database.transaction(.workspace(workspace)) { sql in
            try Workspaces.ensure(sql, workspace)
        }
        return try await body(fixture)
    }

    private static let lastWorkspace = Atomic<Int>(0)
    private static let sharedDatabase = Task { try await TestDatabase.make(configure: { $0.size = 10 }) }

    private init(_ test: TestDatabase, _ workspace: String, _ configuration: GatewayConfiguration) {
        let database = test.database
        self.test = test
        self.workspace = workspace
        self.database = database
        self.configuration = configuration
        let told = TestLog()
        self.log = told
        self.changes = Changes(database: database, publish: { told.append($0) })
        self.dispatcher = Dispatcher(
            changes: self.changes, settings: configuration.routing, logger: TestDatabase.silence)
        self.router = ChatRouter(dispatcher: self.dispatcher, configuration: configuration)
        self.presence = PresenceKeeper(
            changes: self.changes, dispatcher: self.dispatcher, configuration: configuration,
            node: .init(id: "node", life: "now"), logger: TestDatabase.silence)
        self.sweeper = Sweeper(
            changes: self.changes, dispatcher: self.dispatcher, presence: self.presence,
            configuration: configuration, logger: TestDatabase.silence)
    }

    private let test: TestDatabase
    private let log: TestLog

    /// As the owner of the tables, whom no policy and no grant stops. The caller shuts it down.
    func ownerDatabase() async throws -> Database { try await self.test.ownerDatabase() }

    /// What was told so far, in order.
    var events: [DomainEvent.Body] { self.tolds.map(\.body) }

    /// The same with where it happened.
    var tolds: [DomainEvent] { self.log.events }

    /// Another gateway on the same database.
    func secondDispatcher() -> Dispatcher {
        Dispatcher(changes: self.changes, settings: self.configuration.routing, logger: TestDatabase.silence)
    }

    /// Another gateway's sweeper on the same database, without anything of this one's memory.
    func secondSweeper() -> Sweeper {
        let dispatcher = self.secondDispatcher()
        return Sweeper(
            changes: self.changes, dispatcher: dispatcher,
            presence: PresenceKeeper(
                changes: self.changes, dispatcher: dispatcher, configuration: self.configuration,
                node: .init(id: "other", life: "other"), logger: TestDatabase.silence),
            configuration: self.configuration, logger: TestDatabase.silence)
    }

    // MARK: Somebody comes and goes

    @discardableResult
    func connect(
        _ role: Role, _ id: String, cap: Int? = nil, scopes: Set<Scope> = [.messaging, .automation]
    ) async throws -> PresenceKeeper.Connection {
        let connection = PresenceKeeper.Connection(
            id: "socket-\(role.rawValue)-\(id)", workspace: self.workspace,
            participant: Participant(role: role, id: id, name: id.uppercased()),
            scopes: role == .ai ? scopes : [])
        try await self.presence.opened(connection)
        if let cap {
            try await self.run { _ = try Commercials.setCap($0.sql, self.workspace, id, cap) }
        }
        return connection
    }

    func principal(_ role: Role, _ id: String, scopes: Set<Scope> = [.messaging, .automation]) -> Principal {
        Principal(
            workspace: self.workspace, role: role, subject: id, name: id.uppercased(),
            scopes: role == .ai ? scopes : [], expiry: nil, credential: .token(id: nil))
    }

    // MARK: Chats

    /// A chat of a visitor of its own: with a bot, or in the line.
    @discardableResult
    func chat(
        _ visitor: String, bot: String? = nil, priority: Priority = .normal, answerWithin: Int64? = nil
    ) async throws -> String {
        try await self.run { transaction in
            try Visitors.upsert(transaction.sql, self.workspace, visitor, isVerified: true)
            let entry: NewChat.Entry =
                bot.map { .bot(Participant(role: .ai, id: $0, name: nil), answerWithinMilliseconds: answerWithin) }
                ?? .waiting(slackMilliseconds: RouteKey.slackMilliseconds(of: priority))
            return try Chats.createOrLockOpen(
                transaction.sql, self.workspace, NewChat(visitorID: visitor, entry: entry, priority: priority)
            ).chat.id
        }
    }

    func read(_ id: String) async throws -> ChatRow {
        try await self.run { try $0.find(id) }
    }

    func commercial(_ id: String) async throws -> CommercialRow? {
        try await self.run { try Commercials.find($0.sql, self.workspace, id) }
    }

    /// The visitor says something, as `message:send` does it.
    @discardableResult
    func say(_ text: String, in id: String) async throws -> ChatRow {
        let router = self.router
        return try await self.run { transaction in
            let chat = try transaction.lock(id)
            let decision = try router.judge(text, as: chat.reading(of: text), in: chat, transaction: transaction)
            let posted = try Messages.append(
                transaction.sql, chat,
                NewMessage(
                    sender: Participant(role: .visitor, id: chat.visitorID), type: .user, content: text),
                beginsTurn: !transaction.escalates(chat, decision))
            return try transaction.follow(decision, in: posted.chat)
        }
    }

    @discardableResult
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (ChatTransaction) throws -> Value
    ) async throws -> Value {
        try await self.changes(in: self.workspace, body)
    }

    /// Makes every deadline due, without waiting for it.
    func letTimePass() async throws {
        try await self.run { transaction in
            let sql = transaction.sql
            try sql.execute("update chats set bot_deadline = clock_timestamp() where bot_deadline is not null")
            try sql.execute(
                "update assignments set deadline = clock_timestamp() where deadline is not null and ended_at is null")
            try sql.execute(
                "update commercials set declared_until = clock_timestamp() where declared_until is not null")
            try sql.execute("update chats set look_at = clock_timestamp() where look_at is not null")
            try sql.execute("update chats set told_at = told_at - interval '10 s' where told_at is not null")
            try sql.execute("update commercials set grace_until = clock_timestamp() where grace_until is not null")
            try sql.execute("update bots set grace_until = clock_timestamp() where grace_until is not null")
            try sql.execute(
                """
                update visitor_sessions set linger_until = clock_timestamp()
                where linger_until is not null and closed_at is null
                """)
        }
    }

    /// Lets the leases of a subject lapse, as when its node has died.
    func lapseLeases(of subject: String) async throws {
        try await self.run { transaction in
            try transaction.sql.execute(
                "update presence_leases set expires_at = clock_timestamp() where subject = $1", [.text(subject)])
        }
    }

    func dispatchAll(_ dispatcher: Dispatcher? = nil) async throws -> Int {
        try await (dispatcher ?? self.dispatcher).dispatch(
            QueueKey(workspace: self.workspace, queue: Workspaces.defaultQueue))
    }
}

/// What was published, in order.
final class TestLog: Sendable {
    private let told = Mutex<[DomainEvent]>([])

    var events: [DomainEvent] { self.told.withLock { $0 } }

    func append(_ events: [DomainEvent]) {
        self.told.withLock { $0 += events }
    }
}
