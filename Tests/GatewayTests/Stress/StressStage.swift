import Foundation
import StorageTestSupport

@testable import Gateway
@testable import Storage

/// A database for several processes at once, on a server of its own that keeps what it commits, as a gateway's does.
struct StressStage: Sendable {
    static let workspace = "stress"
    static let queues = ["one", "two", "three"]
    static let agents = 24
    /// How many chats each of them carries at once. Each serves two queues, so that their rows are wanted by
    /// dispatchers of different queues.
    static let cap = 2

    let url: DatabaseURL
    let server: EmbeddedServer
    private let directory: TestDataDirectory

    /// Runs `body` with `chats` chats waiting in each queue.
    static func with<Value: Sendable>(
        chats: Int, _ body: (StressStage) async throws -> Value
    ) async throws -> Value {
        let directory = try await TestDataDirectory.withCluster()
        let server = try await EmbeddedServer.attachOrStart(
            dataDirectory: directory.path, as: .gateway, settings: ["max_connections": "200"],
            logger: TestDatabase.silence)
        let stage = StressStage(url: server.url, server: server, directory: directory)
        do {
            try await Migrator.migrate(server.url, logger: TestDatabase.silence)
            try await stage.fill(chats: chats)
            let value = try await body(stage)
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    /// What a process needs to find the database.
    var address: StressAddress { StressAddress(self.url) }

    /// Runs statements as the owner, who is above every fence.
    func run(_ sql: String) async throws {
        let url = self.url
        try await DedicatedThread.run("stress") {
            try PostgresConnection(url, patience: .init(response: .seconds(120))).runScript(sql)
        }
    }

    /// Chats are numbered in the order of their line: the visitor's name is their number.
    ///
    /// Tables that are still empty are not analysed: that would tell PostgreSQL that they stay so, and every process would
    /// read through its growing history for the whole run.
    private func fill(chats: Int) async throws {
        let queues = Self.queues.map { "'\($0)'" }.joined(separator: ", ")
        try await self.run(
            """
            insert into workspaces (workspace_id) values ('\(Self.workspace)') on conflict do nothing;
            insert into queues (workspace_id, name)
                select '\(Self.workspace)', unnest(array[\(queues)]) on conflict do nothing;
            insert into commercials (workspace_id, id, name, cap, queues)
                select '\(Self.workspace)', 'agent-' || n, 'Agent ' || n, \(Self.cap),
                    (array[\(queues)])[1 + n % 3:1 + n % 3] || (array[\(queues)])[1 + (n + 1) % 3:1 + (n + 1) % 3]
                from generate_series(0, \(Self.agents - 1)) n;
            insert into presence_leases (workspace_id, connection_id, role, subject, node_id, node_life, expires_at)
                select '\(Self.workspace)', 'socket-' || n, 'commercial', 'agent-' || n, 'node', 'life',
                    clock_timestamp() + interval '1 hour'
                from generate_series(0, \(Self.agents - 1)) n;
            insert into visitors (workspace_id, id)
                select '\(Self.workspace)', q || lpad(n::text, 8, '0')
                from unnest(array[\(queues)]) q, generate_series(1, \(chats)) n;
            insert into chats (workspace_id, visitor_id, status, queue, first_queued_at, route_key, queued_at)
                select '\(Self.workspace)', q || lpad(n::text, 8, '0'), 'waiting', q, at, at, at
                from unnest(array[\(queues)]) q, generate_series(1, \(chats)) n,
                    lateral (select now() - interval '1 day' + n * interval '1 microsecond' as at) t;
            insert into audit (workspace_id, actor_role, actor_id, action, chat_id, detail)
                select workspace_id, 'visitor', visitor_id, 'chat.created', id,
                    jsonb_build_object('status', status, 'ownerRole', null, 'owner', null, 'epoch', epoch)
                from chats;
            analyze workspaces, queues, commercials, presence_leases, visitors, chats, audit;
            """)
    }
}

/// A database by the parts of its URL, to be handed to another process.
struct StressAddress: Codable, Sendable {
    var socketDirectory: String
    var port: Int
    var user: String
    var database: String

    init(_ url: DatabaseURL) {
        self.socketDirectory = url["host"] ?? ""
        self.port = Int(url["port"] ?? "") ?? 0
        self.user = url["user"] ?? ""
        self.database = url["dbname"] ?? ""
    }

    var url: DatabaseURL {
        DatabaseURL(
            socketDirectory: self.socketDirectory, port: self.port, user: self.user, database: self.database)
    }

    /// A pool as a gateway has it, or with the role `nil` as the owner, who sees everything.
    func pool(size: Int, role: String? = Database.applicationRole, node: String? = nil) async throws -> Database {
        var configuration = Database.Configuration(url: self.url)
        configuration.size = size
        configuration.role = role
        configuration.node = node
        // A busy machine is not what is tested.
        configuration.statementTimeout = .seconds(60)
        configuration.lockTimeout = .seconds(10)
        configuration.idleInTransactionTimeout = .seconds(30)
        configuration.connectTimeout = .seconds(30)
        let database = Database(configuration: configuration, logger: TestDatabase.silence)
        try await database.start(timeout: .seconds(60))
        return database
    }
}
