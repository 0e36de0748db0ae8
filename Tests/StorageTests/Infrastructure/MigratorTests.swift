import Foundation
import StorageTestSupport
import Testing

@testable import Storage

@Suite struct MigratorTests {
    private static let first = Migration(
        number: 1, name: "first", sql: "create table a (id int); create table b (id int);"
    )
    private static let second = Migration(number: 2, name: "second", sql: "alter table a add column c text;")
    private static let broken = Migration(
        number: 2, name: "broken", sql: "alter table a add column c text; select 1/0;"
    )

    /// A database without our schema.
    private func withEmpty(_ body: (DatabaseURL) async throws -> Void) async throws {
        let server = try await TestServer.running()
        let name = "migrator_" + UUID().uuidString.lowercased().filter(\.isHexDigit)
        func administer(_ sql: String) async throws {
            try await DedicatedThread.run("test") { try PostgresConnection(server.url).runScript(sql) }
        }
        try await administer("create database \(name)")
        try await body(server.url.database(name))
        try await administer("drop database \(name) with (force)")
    }

    private func migrate(_ url: DatabaseURL, _ migrations: [Migration]) async throws -> [String] {
        try await Migrator.migrate(url, migrations: migrations, logger: TestDatabase.silence)
    }

    private func refusal(_ url: DatabaseURL, _ migrations: [Migration]) async -> MigrationError? {
        do {
            let applied = try await self.migrate(url, migrations)
            Issue.record("applied \(applied)")
            return nil
        } catch {
            return error as? MigrationError
        }
    }

    @Test func appliesWhatIsMissingOnce() async throws {
        try await self.withEmpty { url async throws in
            #expect(try await self.migrate(url, [Self.first]) == ["0001_first.sql"])
            #expect(try await self.migrate(url, [Self.first]) == [])
            #expect(try await self.migrate(url, [Self.second, Self.first]) == ["0002_second.sql"])
        }
    }

    @Test func manyAtOnceAreHarmless() async throws {
        try await self.withEmpty { url async throws in
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<6 {
                    group.addTask { try await self.migrate(url, [Self.first, Self.second]) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied == ["0001_first.sql", "0002_second.sql"])
        }
    }

    @Test func refusesEditsGapsAndNewerSchemas() async throws {
        try await self.withEmpty { url async throws in
            _ = try await self.migrate(url, [Self.first, Self.second])
            var edited = Self.second
            edited.sql += "\n-- a comment"
            let edit = await self.refusal(url, [Self.first, edited])
            #expect(edit?.code == .edited)
            #expect(edit?.message.contains("0002_second.sql") == true)
            var renamed = Self.second
            renamed.name = "other"
            #expect(await self.refusal(url, [Self.first, renamed])?.code == .edited)
            let newer = await self.refusal(url, [Self.first])
            #expect(newer?.code == .newerSchema)
            #expect(newer?.message.contains("newer version") == true)
            let third = Migration(number: 4, name: "fourth", sql: "select 1")
            #expect(await self.refusal(url, [Self.first, Self.second, third])?.code == .gap)
            #expect(await self.refusal(url, [Self.first, Self.first])?.code == .gap)
        }
    }

    @Test func aGapInTheDatabaseIsSeen() throws {
        let row = MigrationPlan.Applied(number: 2, name: "second", checksum: Self.second.checksum)
        let error = #expect(throws: MigrationError.self) {
            try MigrationPlan.pending(known: [Self.first, Self.second], applied: [row])
        }
        #expect(error?.code == .gap)
    }

    @Test func aFailedMigrationLeavesNothing() async throws {
        try await self.withEmpty { url async throws in
            let error = await self.refusal(url, [Self.first, Self.broken])
            #expect(error?.code == .failed)
            #expect(error?.message.contains("0002_broken.sql") == true)
            // The first one stays, the second one can be repaired and applied: the column is not there yet.
            #expect(try await self.migrate(url, [Self.first, Self.second]) == ["0002_second.sql"])
        }
    }

    @Test func aUserWhoMayNotMakeTheRoleIsToldTheSQL() async throws {
        // Roles belong to the cluster: this needs one where nobody has made the role.
        let server = try await TestServer.start(in: TestDataDirectory.withCluster())
        try await DedicatedThread.run("test") {
            let owner = try PostgresConnection(server.url)
            try owner.runScript("create role plain login; create role strong superuser; grant strong to plain;")
            try owner.runScript("create database plain owner plain")
        }
        var url = server.url.database("plain")
        url["user"] = "plain"
        let error = await self.refusal(url, [Self.first])
        #expect(error?.code == .role)
        #expect(error?.message.contains("create role puente_app") == true)
        #expect(error?.message.contains("grant puente_app to plain;") == true)
        // Once somebody has run it, the plain user migrates, and works as the application.
        try await DedicatedThread.run("test") {
            try PostgresConnection(server.url).runScript(
                "create role puente_app nologin nosuperuser nobypassrls; grant puente_app to plain;"
            )
        }
        #expect(try await self.migrate(url, [Self.first]) == ["0001_first.sql"])
        let database = Database(configuration: .init(url: url), logger: TestDatabase.silence)
        try await database.start()
        #expect(
            try await database.transaction(.none) { try $0.query("select current_user::text").first?.text(0) }
                == "puente_app"
        )
        await database.shutDown()
        // A role that passes by row-level security is no wall.
        try await DedicatedThread.run("test") {
            try PostgresConnection(server.url).runScript("alter role puente_app bypassrls")
        }
        #expect(await self.refusal(url, [Self.first])?.code == .role)
        await server.stop()
    }

    @Test func theExecutableCarriesTheFiles() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../migrations").standardizedFileURL
        let names = try FileManager.default.contentsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".sql") }
        #expect(
            names.sorted() == Migrator.compiled.map(\.fileName),
            "run scripts/embed-migrations.sh after adding a migration"
        )
        for migration in Migrator.compiled {
            let text = try String(contentsOf: root.appendingPathComponent(migration.fileName), encoding: .utf8)
            #expect(text == migration.sql + "\n", "run scripts/embed-migrations.sh: \(migration.fileName) differs")
        }
        _ = try MigrationPlan.pending(known: Migrator.compiled, applied: [])
    }
}
