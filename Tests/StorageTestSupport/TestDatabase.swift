package import Logging
internal import Synchronization

@testable package import Storage

/// A database of its own for a test or a suite, with every migration applied, on one PostgreSQL for the whole process.
///
/// ```swift
/// try await TestDatabase.with { test in
///     try await test.database.transaction(.workspace("default")) { tx in … }
/// }
/// ```
package struct TestDatabase: Sendable {
    /// Where it is, as the owner of the tables, who is above row-level security.
    package let url: DatabaseURL
    /// A pool as the gateway has it: as `puente_app`.
    package let database: Database
    private let name: String

    /// Makes a database, runs `body` and removes it.
    package static func with<Value: Sendable>(
        configure: (inout Database.Configuration) -> Void = { $0.size = 4 },
        _ body: (TestDatabase) async throws -> Value
    ) async throws -> Value {
        let test = try await Self.make(configure: configure)
        do {
            let value = try await body(test)
            await test.remove()
            return value
        } catch {
            await test.remove()
            throw error
        }
    }

    /// Like ``with(configure:_:)``, with a table `item(id bigint primary key, owner text)` in place of the migrations.
    package static func withItems<Value: Sendable>(
        configure: (inout Database.Configuration) -> Void = { $0.size = 4 },
        _ body: (TestDatabase) async throws -> Value
    ) async throws -> Value {
        try await Self.with(configure: configure) { test in
            try await test.run(
                """
                create table item (id bigint primary key, owner text constraint item_owner_known check (owner <> ''));
                grant all on item to puente_app
                """
            )
            return try await body(test)
        }
    }

    /// Runs statements as the owner, outside any transaction of ours.
    package func run(_ sql: String) async throws {
        try await Self.administer(self.url, sql)
    }

    /// Makes a database that the caller removes, or leaves to the end of the process.
    package static func make(
        configure: (inout Database.Configuration) -> Void = { $0.size = 4 }
    ) async throws -> TestDatabase {
        let server = try await Self.template.value
        let number = Self.lastNumber.add(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        // Copying files takes two thirds of the time of copying through the log.
        try await Self.administer(
            server.url, "create database \(name) template puente_template strategy file_copy"
        )
        let url = server.url.database(name)
        var configuration = Self.configuration(url)
        configure(&configuration)
        let database = Database(configuration: configuration, logger: Self.silence)
        try await database.start(timeout: .seconds(60))
        return TestDatabase(url: url, database: database, name: name)
    }

    /// Closes the pool and drops the database.
    package func remove() async {
        await self.database.shutDown()
        // Left to the end of the process where somebody is still connected.
        try? await Self.administer(self.url.database("puente"), "drop database \(self.name) with (force)")
    }

    /// Another pool on the same database, as another gateway has it. The caller shuts it down.
    package func secondPool(configure: (inout Database.Configuration) -> Void = { $0.size = 4 }) async throws
        -> Database
    {
        var configuration = Self.configuration(self.url)
        configure(&configuration)
        let database = Database(configuration: configuration, logger: Self.silence)
        try await database.start(timeout: .seconds(60))
        return database
    }

    /// A pool as the owner, for arranging and inspecting what no workspace may see. The caller shuts it down.
    package func ownerDatabase(size: Int = 1) async throws -> Database {
        var configuration = Self.configuration(self.url)
        configuration.size = size
        configuration.role = nil
        let database = Database(configuration: configuration, logger: Self.silence)
        try await database.start(timeout: .seconds(60))
        return database
    }

    /// More patient than a gateway's: a busy machine is not what a test is about, unless it says so.
    private static func configuration(_ url: DatabaseURL) -> Database.Configuration {
        var configuration = Database.Configuration(url: url)
        configuration.statementTimeout = .seconds(30)
        configuration.lockTimeout = .seconds(15)
        configuration.idleInTransactionTimeout = .seconds(30)
        configuration.connectTimeout = .seconds(30)
        for lane in Lane.allCases { configuration.lanes[lane]?.maxWait = .seconds(30) }
        return configuration
    }

    /// Says nothing.
    package static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static let lastNumber = Atomic<Int>(0)

    /// Migrated once; every test's database is a copy.
    private static let template = Task {
        let server = try await TestServer.running()
        try await Self.administer(server.url, "create database puente_template")
        try await Migrator.migrate(server.url.database("puente_template"), logger: Self.silence)
        return server
    }

    /// Runs a statement outside any transaction. PostgreSQL copies a template only while nobody else does: one at a
    /// time.
    private static func administer(_ url: DatabaseURL, _ sql: String) async throws {
        try await DedicatedThread.run("pg-test") {
            try Self.turn.withLock { _ in
                try PostgresConnection(url, patience: .init(response: .seconds(60))).runScript(sql)
            }
        }
    }

    private static let turn = Mutex<Void>(())
}
