import Assignment
import Foundation
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// A key that is revoked ends the connections that live on it, within five seconds.
@Suite(.serialized) struct RevocationTests {
    /// Connects, calls `revoke` once the session stands, and expects the end that only a lost identity has.
    private func expectKick(
        port: Int, auth: String, revoke: @Sendable () async throws -> Bool
    ) async throws {
        var start = ContinuousClock.now
        var patience = Duration.zero
        let messages = try await FrameClient.messages(port: port) { message, send in
            if message.hasPrefix("0") { try await send("40\(auth)") }
            if message.hasPrefix(#"42["session","#) {
                #expect(try await revoke())
                start = .now
            }
            if message == "41" {
                patience = ContinuousClock.now - start
            }
        }
        // The client stays; the gateway closes the transport soon after, or this would not come to an end.
        #expect(patience < .seconds(5))
        #expect(ContinuousClock.now - start < patience + .seconds(5))
        #expect(messages.suffix(2) == [#"42["session:kicked",{"code":"unauthenticated"}]"#, "41"])

        // What was kicked does not come in again.
        let again = try await FrameClient.messages(port: port) { message, send in
            if message.hasPrefix("0") { try await send("40\(auth)") }
            if message.hasPrefix("44") { try await send("1") }
        }
        #expect(again.contains { $0.hasPrefix("44") && $0.contains(#""code":"unauthenticated""#) }, "\(again.count)")
    }

    @Test func anAPIKey() async throws {
        try await TestDatabase.with { test in
            try await GatewayProgram.serving(on: test.url.description) { _, port in
                let key = KeySecret.generate(.api)
                try await test.database.transaction(.workspace("default")) { transaction in
                    try Workspaces.ensure(transaction, "default")
                    _ = try Keys.createAPIKey(
                        transaction, "default", name: "bot", hash: KeySecret.hash(key), scopes: [.messaging])
                }
                try await self.expectKick(port: port, auth: #"{"token":"\#(key.reveal())"}"#) {
                    try await test.database.transaction(.workspace("default")) { transaction in
                        try Keys.revokeAPIKey(transaction, "default", name: "bot")
                    }
                }
            }
        }
    }

    @Test func aWidgetKey() async throws {
        try await TestDatabase.with { test in
            try await GatewayProgram.serving(on: test.url.description) { _, port in
                let key = KeySecret.generate(.widget)
                let row = try await test.database.transaction(.workspace("default")) { transaction in
                    try Workspaces.ensure(transaction, "default")
                    return try Keys.createWidgetKey(
                        transaction, "default", hash: KeySecret.hash(key), origins: nil)
                }
                try await self.expectKick(port: port, auth: #"{"key":"\#(key.reveal())"}"#) {
                    try await test.database.transaction(.workspace("default")) { transaction in
                        try Keys.revokeWidgetKey(transaction, "default", id: row.id)
                    }
                }
            }
        }
    }

    /// A command of the operator on the database of the running gateway.
    private static func command(_ arguments: String..., on test: TestDatabase) async throws -> Bool {
        let outcome = try await GatewayProgram.run(arguments + ["--database-url", test.url.description])
        #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
        return outcome.status == 0
    }

    @Test(arguments: [true, false]) func aToken(byIdentifier: Bool) async throws {
        try await TestDatabase.with { test in
            let environment = ["PUENTE_JWT_SECRET": TokenForge.secret]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { _, port in
                let now = Int64(Date().timeIntervalSince1970)
                let token = TokenForge.payload(
                    #"{"sub":"ana","role":"commercial","jti":"stolen","iat":\#(now),"exp":\#(now + 600)}"#)
                try await self.expectKick(port: port, auth: #"{"token":"\#(token.reveal())"}"#) {
                    byIdentifier
                        ? try await Self.command("revoke", "--jti", "stolen", on: test)
                        : try await Self.command("revoke", "--subject", "ana", "--role", "commercial", on: test)
                }
            }
        }
    }

    /// The key that a token was verified with is not in the file any more.
    @Test func aWorkspacesKey() async throws {
        try await TestDatabase.with { test in
            let signer = try await TestSigner.make(.es256, id: "k")
            try await test.database.transaction(.workspace("default")) { sql in
                try Workspaces.ensure(sql, "default")
                try Trust.set(sql, signer.row("default"))
                try Profiles.bumpRevision(sql, "default")
            }
            try await GatewayProgram.serving(on: test.url.description) { _, port in
                let exp = Int64(Date().timeIntervalSince1970) + 600
                let token = try signer.token(#"{"sub":"ana","role":"commercial","exp":\#(exp)}"#)
                try await self.expectKick(port: port, auth: #"{"token":"\#(token.reveal())"}"#) {
                    try await ApplyWorkspaceTests.apply("keys: []", to: test.database) == ["- key k"]
                }
            }
        }
    }
}
