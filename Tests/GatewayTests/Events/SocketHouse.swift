import Assignment
import EngineIO
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SocketClient
import SocketIO
import SocketServer
import Storage
import StorageTestSupport
import Testing
import Transport

@testable import Gateway

/// The events of one connection, looked for by name.
actor Listener {
    private var iterator: AsyncStream<ReceivedEvent>.Iterator
    /// Everything that came until now.
    private(set) var passed: [ReceivedEvent] = []

    init(_ connection: SocketClientConnection) {
        self.iterator = connection.events.makeAsyncIterator()
    }

    /// The payload of the next event of that name; others before it are passed over.
    func next(_ name: String) async throws -> JSONValue {
        var iterator = self.iterator
        defer { self.iterator = iterator }
        while let event = await iterator.next(isolation: self) {
            self.passed.append(event)
            if event.name == name { return event.payload }
        }
        throw TestFailure("the connection ended before \(name)")
    }

    /// The payload of the first event of that name that is meant, whether it has come or is still to come.
    func first(
        _ name: String, where isMeant: @Sendable (JSONValue) -> Bool = { _ in true }
    ) async throws -> JSONValue {
        if let event = self.passed.first(where: { $0.name == name && isMeant($0.payload) }) { return event.payload }
        while true {
            let payload = try await self.next(name)
            if isMeant(payload) { return payload }
        }
    }

    /// The names of the events before the next one of that name.
    func names(until name: String) async throws -> [String] {
        var iterator = self.iterator
        defer { self.iterator = iterator }
        var names: [String] = []
        while let event = await iterator.next(isolation: self) {
            self.passed.append(event)
            if event.name == name { return names }
            names.append(event.name)
        }
        throw TestFailure("the connection ended before \(name)")
    }
}

/// The assembled gateway on a port of its own.
struct SocketHouse {
    let client: SocketClient
    let widgetKey: String
    let apiKey: String
    /// The key of another bot.
    let secondKey: String
    let quotas: WorkspaceQuotas
    private let tokens: Tokens
    private let database: Database
    private let test: TestDatabase

    /// A token for a long time. The name is the subject with a capital.
    func token(_ role: Role, _ subject: String, workspace: String = "default") async throws -> JSONValue {
        let token = try await self.tokens.mint(
            TokenClaims(
                subject: subject, role: role, workspace: workspace,
                name: subject.prefix(1).uppercased() + subject.dropFirst(), expiresAt: 4_000_000_000))
        return .string(token.reveal())
    }

    /// Applies a workspace file, as `gateway apply` does.
    func apply(_ yaml: String) async throws {
        try await ApplyWorkspaceTests.apply(yaml, to: self.database)
    }

    /// As the owner of the tables. The caller shuts it down.
    func ownerDatabase() async throws -> Database { try await self.test.ownerDatabase() }

    /// The days from yesterday on by the database's clock, as a workspace file lists holidays.
    func daysFromYesterday(_ count: Int64) async throws -> String {
        let now = try await self.database.transaction(.workspace("default")) { try Workspaces.now($0) }
        let today = now.microseconds / 86_400_000_000
        return (0..<count).map { CivilDate(dayNumber: today - 1 + $0).description }.joined(separator: ", ")
    }

    static func with(
        configure: (inout GatewayConfiguration) -> Void = { _ in }, _ body: (SocketHouse) async throws -> Void
    ) async throws {
        try await TestDatabase.with(configure: { $0.size = 6 }) { test in
            let logger = TestDatabase.silence
            let (widgetKey, apiKey) = (KeySecret.generate(.widget), KeySecret.generate(.api))
            let secondKey = KeySecret.generate(.api)
            try await test.database.transaction(.workspace("default")) { sql in
                try Workspaces.ensure(sql, "default")
                _ = try Keys.createWidgetKey(sql, "default", hash: KeySecret.hash(widgetKey), origins: nil)
                _ = try Keys.createAPIKey(
                    sql, "default", name: "bot", hash: KeySecret.hash(apiKey), scopes: Scope.allCases)
                _ = try Keys.createAPIKey(
                    sql, "default", name: "second", hash: KeySecret.hash(secondKey), scopes: Scope.allCases)
            }
            var configuration = GatewayConfiguration()
            configuration.limits.enabled = false
            configure(&configuration)
            let directory = CredentialDirectory(database: test.database, configuredOrigins: [], logger: logger)
            let tokens = await Tokens(key: .generate(), settings: configuration.jwt)
            let sockets = SocketServer(logger: logger)
            let quotas = WorkspaceQuotas()
            let running = SocketSide(
                configuration: configuration, database: test.database,
                authenticator: Authenticator(tokens: tokens, directory: directory),
                node: .init(id: "node", life: "now"), logger: logger, quotas: quotas
            ).install(on: sockets)
            let transport = TransportServer(
                configuration: TransportConfiguration(host: "127.0.0.1", port: 0),
                endpoints: [EngineEndpoint(handler: sockets)], group: .singleton, logger: logger)
            let address = try await transport.start()
            let house = SocketHouse(
                client: SocketClient(port: try #require(address.port)), widgetKey: widgetKey.reveal(),
                apiKey: apiKey.reveal(), secondKey: secondKey.reveal(), quotas: quotas, tokens: tokens,
                database: test.database, test: test)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in running.lifecycle { group.addTask { try await service.run() } }
                try await body(house)
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .failure(let error) = result, !(error is CancellationError) { throw error }
                }
            }
            try await transport.shutdown(deadline: .seconds(5))
        }
    }
}
