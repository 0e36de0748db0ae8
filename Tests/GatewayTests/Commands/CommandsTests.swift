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
        try await GatewayProgram.run(arguments + ["--database-url", test.url.description], environment: environment)
    }

    @Test func onlyWhatWorksIsListed() async throws {
        let help = try await GatewayProgram.run(["--help"])
        #expect(help.status == 0)
        for command in [
            "serve", "migrate", "apply", "token", "apikey", "widgetkey", "revoke", "webhook", "doctor", "sentiment",
            "simulate",
        ] {
            #expect(help.output.contains("  \(command)"))
        }
    }

    @Test(arguments: [
        ["token"], ["token", "--role", "system", "--subject", "x"], ["token", "--role", "king", "--subject", "x"],
        ["token", "--role", "ai", "--subject", ""], ["token", "--role", "ai", "--subject", "x", "--ttl", "soon"],
        ["token", "--role", "ai", "--subject", "x", "--ttl", "0"],
        ["token", "--role", "ai", "--subject", "x", "--ttl", "11000d"],
        ["token", "--role", "ai", "--subject", "x", "--workspace", "a:b"],
        ["token", "--role", "ai", "--subject", "x", "--workspace", "*"],
        ["revoke"], ["revoke", "--jti", "j", "--subject", "s"], ["revoke", "--jti", "j", "--role", "ai"],
        ["revoke", "--subject", "s", "--role", "system"], ["revoke", "--subject", "s", "--issued-before", "yesterday"],
        ["widgetkey", "revoke"], ["widgetkey", "revoke", "--id", "i", "--key", "k"], ["apikey", "revoke"], ["apply"],
        ["apikey", "create", "--name", "x"], ["apikey", "create", "--name", "x", "--scopes", "everything"],
        ["apikey", "create", "--name", "x", "--scopes", ""],
        ["apikey", "create", "--name", "", "--scopes", "messaging"],
        ["widgetkey", "create", "--origins", "a.example"],
        ["widgetkey", "create", "--origins", "https://a.example/path"],
        ["widgetkey", "create", "--origins", ""], ["sentiment", "--language", "fr"], ["serve", "--nonsense"],
        ["nonsense"],
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
            let storage = OpenStorage(database: test.database, server: nil, dataDirectory: nil, life: "now")
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

    @Test func keysAreListedAndRevoked() async throws {
        try await TestDatabase.with { test in
            for name in ["one", "two"] {
                let made = try await self.run("apikey", "create", "--name", name, "--scopes", "messaging", on: test)
                #expect(made.status == 0)
            }
            let widget = try await self.run("widgetkey", "create", "--origins", "https://a.example", on: test)
            let keys = try await self.run("apikey", "list", on: test)
            #expect(
                keys.output.split(separator: "\n").map { $0.split(separator: "\t")[0...1] } == [
                    ["one", "messaging"], ["two", "messaging"],
                ])
            #expect(try await self.run("apikey", "revoke", "--name", "one", on: test).status == 0)
            let again = try await self.run("apikey", "revoke", "--name", "one", on: test)
            #expect(again.status != 0 && again.errors.contains("no valid key"))
            #expect(try await self.run("apikey", "list", on: test).output.hasPrefix("two\t"))

            let listed = try await self.run("widgetkey", "list", on: test)
            let id = try #require(listed.output.split(separator: "\t").first.map(String.init))
            #expect(listed.output.contains("\thttps://a.example\t"))
            let secret = String(widget.output.dropLast())
            #expect(!listed.output.contains(secret))
            #expect(try await self.run("widgetkey", "revoke", "--id", "x", on: test).status != 0)
            #expect(try await self.run("widgetkey", "revoke", "--key", secret, on: test).status == 0)
            #expect(try await self.run("widgetkey", "revoke", "--id", id, on: test).status != 0)
            #expect(try await self.run("widgetkey", "list", on: test).output.isEmpty)
            let audit = try await test.database.transaction(.workspace("default")) { sql in
                try sql.query("select action from audit where actor_id = 'command-line' order by id").map {
                    try $0.text(0)
                }
            }
            #expect(
                audit == [
                    "apikey.created", "apikey.created", "widgetkey.created", "apikey.revoked", "widgetkey.revoked",
                ])
        }
    }

    /// With a database of the operator's everything is in it: a data directory is neither needed nor made.
    @Test(arguments: [
        ["migrate"], ["token", "--role", "admin", "--subject", "ada"], ["apikey", "list"], ["widgetkey", "create"],
        ["revoke", "--subject", "ana"], ["apply", WorkspaceFileTests.example],
    ])
    func aDatabaseURLLeavesTheFileSystemAlone(_ arguments: [String]) async throws {
        try await TestDatabase.with { test in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString)")
                .path
            let named = try await GatewayProgram.run(
                arguments + ["--database-url", test.url.description, "--data-dir", folder])
            #expect(named.status == 0 && named.errors.isEmpty, "\(named.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder))
            let environment = try await GatewayProgram.run(
                arguments, environment: ["PUENTE_DATABASE_URL": test.url.description])
            #expect(environment.status == 0 && environment.errors.isEmpty, "\(environment.errors)")
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
            ["migrate"],
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
