import Assignment
import Logging
import NIOCore
import SocketIO
import Storage
import StorageTestSupport
import Synchronization

@testable import Gateway

/// The gateway behind the sockets, on real PostgreSQL: services, relay, routing, and clients without a network.
final class EventsFixture: Sendable {
    let hub = TestHub()
    let services: Services
    let relay: Relay
    let dispatcher: Dispatcher
    let presence: PresenceKeeper
    let sweeper: Sweeper
    let news: NodeNews
    private let test: TestDatabase
    private let node: String
    private let events: EventDispatcher
    private let lastSocket = Atomic(0)

    static func with<Value: Sendable>(
        configure: (inout GatewayConfiguration) -> Void = { $0.limits.enabled = false },
        logger: Logger = TestDatabase.silence,
        batching: Bool = true,
        _ body: (EventsFixture) async throws -> Value
    ) async throws -> Value {
        var configuration = GatewayConfiguration()
        configure(&configuration)
        return try await TestDatabase.with(configure: {
            $0.size = 8
            $0.node = "first"
        }) { test in
            let fixture = EventsFixture(test.database, test, configuration, logger)
            for workspace in ["default", "other"] {
                try await test.database.transaction(.workspace(workspace)) { try Workspaces.ensure($0, workspace) }
            }
            if batching { await fixture.services.desk.start() }
            // From here on the outbox is this node's news.
            await fixture.relay.poll()
            return try await body(fixture)
        }
    }

    /// Another node on the same database, with sockets and rooms of its own.
    func secondNode() async throws -> EventsFixture {
        let database = try await self.test.secondPool {
            $0.size = 4
            $0.node = "second"
        }
        let fixture = EventsFixture(
            database, self.test, self.services.configuration, TestDatabase.silence, node: "second")
        await fixture.services.desk.start()
        await fixture.relay.poll()
        return fixture
    }

    private init(
        _ database: Database, _ test: TestDatabase, _ configuration: GatewayConfiguration, _ logger: Logger,
        node: String = "first"
    ) {
        self.test = test
        self.node = node
        self.news = NodeNews(database: database, node: node, logger: logger)
        let (typing, streams, roster) = (TypingBoard(), StreamBoard(), ChatRoster())
        let relay = Relay(
            members: ChatMembers(broadcaster: self.hub, roster: roster, typing: typing, streams: streams),
            outbox: OutboxPoller(database: database, node: node), node: node,
            onCommit: { [news] _ in news.committed() },
            logger: logger)
        let changes = Changes(database: database) { await relay.publish($0) }
        self.relay = relay
        self.dispatcher = Dispatcher(changes: changes, settings: configuration.routing, logger: logger)
        self.presence = PresenceKeeper(
            changes: changes, dispatcher: self.dispatcher, configuration: configuration,
            node: .init(id: node, life: node), logger: logger)
        self.sweeper = Sweeper(
            changes: changes, dispatcher: self.dispatcher, presence: self.presence, configuration: configuration,
            logger: logger)
        let registry = SessionRegistry()
        self.services = Services(
            database: database, relay: relay,
            desk: MessageDesk(
                database: database, relay: relay, typing: typing, broadcaster: self.hub, logger: logger),
            broadcaster: self.hub, configuration: configuration,
            routing: ChatRouter(dispatcher: self.dispatcher, configuration: configuration),
            rates: RateLimiter(isEnabled: configuration.limits.enabled), typing: typing, streams: streams,
            roster: roster,
            registry: registry,
            board: QueueBoard(database: database, registry: registry, broadcaster: self.hub, logger: logger),
            tokens: NoTokens(), presence: self.presence, clock: DatabaseClock(database: database),
            history: HistoryLine(width: configuration.limits.historyReads), logger: logger)
        self.events = EventDispatcher(services: self.services, logger: logger)
    }

    /// Somebody's socket, greeted with `session`.
    func connect(
        _ role: Role, _ id: String, workspace: String = "default",
        scopes: Set<Scope> = [.messaging, .analytics, .automation], takesChats: Bool = true,
        isAnonymous: Bool = false
    ) async throws -> TestClient {
        let number = self.lastSocket.add(1, ordering: .relaxed).newValue
        let principal = Principal(
            workspace: workspace, role: role, subject: id, name: id.prefix(1).uppercased() + id.dropFirst(),
            scopes: role == .ai ? scopes : [],
            expiry: nil, credential: isAnonymous ? .widgetKey(id: EventSample.unknownChat) : .token(id: nil))
        let socket = self.hub.makeSocket("\(self.node)-\(number)")
        let session = Session(principal: principal, socket: socket)
        self.services.registry.insert(session)
        try await self.presence.opened(
            PresenceKeeper.Connection(
                id: socket.id, workspace: workspace, participant: principal.participant, scopes: principal.scopes,
                takesChats: takesChats))
        try await SessionGreeting(services: self.services).greet(session, token: nil)
        return TestClient(fixture: self, session: session, socket: socket)
    }

    /// As the owner of the tables, who sees every workspace's rows. The caller shuts it down.
    func ownerDatabase() async throws -> Database { try await self.test.ownerDatabase() }

    fileprivate func send(_ name: String, _ json: String, _ client: TestClient) async -> JSONValue {
        let answer = Mutex<JSONValue?>(nil)
        await self.events.handle(
            name, ByteBuffer(string: json), ack: client.socket.ack { body in answer.withLock { $0 = body } },
            from: client.session)
        // Acks that wait for another task's events come with those; ten seconds are for ever.
        for _ in 0..<10_000 {
            if let body = answer.withLock({ $0 }) { return body }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return "no ack"
    }

    fileprivate func sendWithoutAck(_ name: String, _ payload: JSONValue, _ client: TestClient) async {
        await self.events.handle(name, payload.encoded(), ack: nil, from: client.session)
    }

    /// Brings waiting chats and free commercials together, as the running dispatcher would.
    func dispatch(workspace: String = "default") async throws {
        try await self.dispatcher.dispatch(QueueKey(workspace: workspace, queue: "default"))
    }

    func chat(_ id: String) async throws -> ChatRow {
        try await self.services.change(in: "default") { try $0.find(id) }.value
    }

    func sql(_ statement: StaticString) async throws {
        try await self.services.database.transaction(.workspace("default")) { _ = try $0.execute(statement) }
    }
}

/// Somebody behind a socket.
struct TestClient: Sendable {
    fileprivate let fixture: EventsFixture
    let session: Session
    let socket: TestSocket

    /// Sends an event and waits for its ack.
    @discardableResult
    func send(_ name: String, _ payload: JSONValue = [:]) async -> JSONValue {
        await self.fixture.send(name, payload.description, self)
    }

    /// Sends JSON text as it is.
    func send(_ name: String, json: String) async -> JSONValue {
        await self.fixture.send(name, json, self)
    }

    func sendWithoutAck(_ name: String, _ payload: JSONValue = [:]) async {
        await self.fixture.sendWithoutAck(name, payload, self)
    }

    /// A visitor's message that goes to their chat.
    ///
    /// - Returns: The chat's id.
    func say(_ text: String) async throws -> String {
        let ack = await self.send("message:send", ["content": .string(text)])
        guard let chat = ack[dynamic: "chatId"].string else { throw TestFailure("not sent: \(ack)") }
        return chat
    }

    /// The `seq` of everything public that this socket learned of, in order: own acks and `message:new`.
    var seqs: [Int64] {
        self.socket.received.filter { $0.event == "message:new" || $0.event == "ack" }
            .compactMap { $0.body[dynamic: "seq"].number?.exactInt64 }
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Nobody renews a token in these tests.
private struct NoTokens: SessionTokens {
    func refresh(_ token: Secret, of principal: Principal) async throws(AuthenticationError) -> Principal {
        guard token.reveal() == "later" else { throw .unauthenticated(.malformed) }
        var later = principal
        later.expiry = Timestamp(microseconds: 4_000_000_000_000_000)
        return later
    }

    /// `KIND:SUBJECT`.
    func principal(of token: Secret) async throws(AuthenticationError) -> Principal {
        let parts = token.reveal().split(separator: ":").map(String.init)
        guard parts.count == 2 else { throw .unauthenticated(.malformed) }
        return Principal(
            workspace: parts[0] == "other" ? "other" : "default",
            role: parts[0] == "commercial" ? .commercial : .visitor, subject: parts[1], name: parts[1], scopes: [],
            expiry: nil, credential: parts[0] == "anonymous" ? .widgetKey(id: parts[0]) : .token(id: nil))
    }
}
