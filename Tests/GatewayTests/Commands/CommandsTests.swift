import Assignment
import Foundation
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// The operator's tools, run as programs on databases of their own.
@Suite struct CommandsTests {
    private static let secret = "a signing secret of the tests, long enough"

    private func run(
        _ arguments: String..., on test: TestDatabase, environment: [String: String] = [:]
    ) async throws -> GatewayProgram.Outcome {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await GatewayProgram.run(
            arguments + ["--database-url", test.url.description, "--data-dir", folder], environment: environment
        )
    }

    @Test func onlyWhatWorksIsListed() async throws {
        let help = try await GatewayProgram.run(["--help"])
        #expect(help.status == 0)
        for command in ["serve", "migrate", "token", "apikey", "widgetkey", "sentiment"] {
            #expect(help.output.contains("  \(command)"))
        }
        for command in ["apply", "simulate"] { #expect(!help.output.contains("  \(command)")) }
    }

    @Test(arguments: [
        ["token"], ["token", "--role", "system", "--subject", "x"], ["token", "--role", "king", "--subject", "x"],
        ["token", "--role", "ai", "--subject", ""], ["token", "--role", "ai", "--subject", "x", "--ttl", "soon"],
        ["token", "--role", "ai", "--subject", "x", "--ttl", "0"],
        ["token", "--role", "ai", "--subject", "x", "--ttl", "11000d"],
        ["token", "--role", "ai", "--subject", "x", "--workspace", "a:b"],
        ["token", "--role", "ai", "--subject", "x", "--workspace", "*"],
        ["apikey", "create", "--name", "x"], ["apikey", "create", "--name", "x", "--scopes", "everything"],
        ["apikey", "create", "--name", "x", "--scopes", ""],
        ["apikey", "create", "--name", "", "--scopes", "messaging"],
        ["widgetkey", "create", "--origins", "a.example"],
        ["widgetkey", "create", "--origins", "https://a.example/path"],
        ["widgetkey", "create", "--origins", ""], ["sentiment", "--language", "fr"], ["serve", "--nonsense"], ["nonsense"],
    ])
    func wrongArgumentsAreUsageErrors(_ arguments: [String]) async throws {
        let outcome = try await GatewayProgram.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    @Test func tokenPrintsOnlyTheToken() async throws {
        try await TestDatabase.with { test in
            let outcome = try await self.run(
                "token", "--role", "commercial", "--subject", "ana", "--workspace", "acme", "--name", "Ana", "--ttl",
                "2h",
                on: test, environment: ["PUENTE_JWT_SECRET": Self.secret]
            )
            #expect(outcome.status == 0)
            #expect(outcome.errors.isEmpty)
            #expect(outcome.output.hasSuffix("\n"))
            let tokens = await Tokens(key: InstallKey(secret: Secret(Self.secret)), settings: JWTSettings())
            let now = Int64(Date().timeIntervalSince1970)
            let claims = try await tokens.verify(Secret(String(outcome.output.dropLast())), now: now)
            #expect(claims.subject == "ana")
            #expect(claims.role == .commercial)
            #expect(claims.workspace == "acme")
            #expect(claims.name == "Ana")
            #expect(claims.scopes.isEmpty)
            #expect((7190...7200).contains(claims.expiresAt - now))
            // The command line has named the workspace: it exists.
            #expect(try await test.database.transaction(.none) { try Workspaces.directory($0) }.contains("acme"))
        }
    }

    @Test func theInstallKeyOfAnOperatorsDatabaseIsARow() async throws {
        try await TestDatabase.with { test in
            let outcome = try await self.run("token", "--role", "ai", "--subject", "bot", on: test)
            #expect(outcome.status == 0)
            let storage = OpenStorage(database: test.database, server: nil, dataDirectory: "/nowhere")
            let tokens = await Tokens(key: try await storage.installKey(JWTSettings()), settings: JWTSettings())
            let claims = try await tokens.verify(
                Secret(String(outcome.output.dropLast())), now: Int64(Date().timeIntervalSince1970)
            )
            #expect(claims.scopes == Set(Scope.allCases))
            #expect(claims.workspace == "default")
        }
    }

    @Test func keysAreFiledAsHashes() async throws {
        try await TestDatabase.with { test in
            let outcome = try await self.run(
                "apikey", "create", "--name", "bot", "--scopes", "automation,messaging", "--workspace", "acme", on: test
            )
            #expect(outcome.status == 0)
            let key = Secret(String(outcome.output.dropLast()))
            #expect(KeySecret.isWellFormed(key, .api))
            let row = try await test.database.transaction(.none) { transaction in
                try Keys.apiKey(transaction, presenting: KeySecret.hash(key))
            }
            #expect(row?.name == "bot")
            #expect(row?.workspaceID == "acme")
            #expect(row?.scopes == [.messaging, .automation])

            let again = try await self.run(
                "apikey", "create", "--name", "bot", "--scopes", "messaging", "--workspace", "acme", on: test
            )
            #expect(again.status != 0)
            #expect(again.output.isEmpty)
            #expect(again.errors.contains("already"))

            let widget = try await self.run(
                "widgetkey", "create", "--origins", "https://A.example, http://b.example:8080", on: test
            )
            #expect(widget.status == 0)
            let widgetKey = Secret(String(widget.output.dropLast()))
            let widgetRow = try await test.database.transaction(.none) { transaction in
                try Keys.widgetKey(transaction, presenting: KeySecret.hash(widgetKey))
            }
            #expect(widgetRow?.origins == ["https://a.example", "http://b.example:8080"])
            #expect(widgetRow?.workspaceID == "default")
        }
    }

    @Test func migrateIsIdempotent() async throws {
        try await TestDatabase.with { test in
            let outcome = try await self.run("migrate", on: test)
            #expect(outcome.status == 0)
            #expect(outcome.output.isEmpty)
        }
    }

    @Test func aDatabaseThatIsNotThereIsAnErrorWithoutThePassword() async throws {
        let outcome = try await GatewayProgram.run(
            ["migrate", "--data-dir", "/tmp/puente-\(UUID().uuidString)"],
            environment: ["PUENTE_DATABASE_URL": "postgresql://u:canary-password@127.0.0.1:1/x"]
        )
        #expect(outcome.status == 1)
        #expect(!outcome.errors.contains("canary-password"))
        #expect(!outcome.errors.isEmpty)
    }

    @Test func aRefusedSettingIsNamed() async throws {
        let outcome = try await GatewayProgram.run(["serve"], environment: ["PUENTE_PRESENCE_GRACE": "soon"])
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("presence.grace"))
        let demo = try await GatewayProgram.run(["serve", "--demo", "--host", "0.0.0.0"])
        #expect(demo.status == 1)
        #expect(demo.errors.contains("demoPublic"))
    }
}
