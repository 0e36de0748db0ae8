import Foundation
import NIOHTTP1
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// `gateway apply` as an operator runs it, beside a gateway that serves.
@Suite(.serialized) struct ApplyCommandTests {
    private static func run(
        _ file: String, _ arguments: String..., on test: TestDatabase
    ) async throws -> GatewayProgram.Outcome {
        try await GatewayProgram.run(["apply", file] + arguments + ["--database-url", test.url.description])
    }

    private static func file(_ text: String, mode: Int = 0o600) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString).yaml")
            .path
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        return path
    }

    @Test func theExampleIsAppliedAsItIs() async throws {
        try await TestDatabase.with { test in
            let example = WorkspaceFileTests.example
            let promised = try await Self.run(example, "--dry-run", on: test)
            #expect(promised.status == 0 && promised.errors.isEmpty)
            let done = try await Self.run(example, on: test)
            #expect(done.output == promised.output)
            #expect(done.output.contains("+ queue sales: autoAccept true"))
            let again = try await Self.run(example, on: test)
            #expect(again.output == "= nothing changes\n")
            let other = try await Self.run(example, "--workspace", "acme", on: test)
            #expect(other.output == done.output)
        }
    }

    @Test func problemsComeWithFileLineAndKeyAndNothingElse() async throws {
        try await TestDatabase.with { test in
            let file = try Self.file("queues:\n  - name: a\n    offerTimeout: soon\n    color: red\n")
            defer { try? FileManager.default.removeItem(atPath: file) }
            let outcome = try await Self.run(file, on: test)
            #expect(outcome.status == 1 && outcome.output.isEmpty)
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("\(file):3:19: queues[0].offerTimeout: ") == true)
            #expect(lines.last?.hasPrefix("\(file):4:5: queues[0].color: ") == true)
            let missing = try await Self.run("/nowhere.yaml", on: test)
            #expect(missing.status == 1 && missing.errors == "/nowhere.yaml: cannot be read\n")
        }
    }

    @Test func aSecretThatOthersCanReadIsRefusedAndNeverPrinted() async throws {
        try await TestDatabase.with { test in
            let secret = "a canary that has more than thirty-two bytes"
            let yaml = "keys:\n  - {kid: k, algorithm: HS256, secret: \(secret)}\n"
            let (open, closed) = (try Self.file(yaml, mode: 0o644), try Self.file(yaml))
            defer { for file in [open, closed] { try? FileManager.default.removeItem(atPath: file) } }
            let refused = try await Self.run(open, on: test)
            #expect(refused.status == 1 && refused.errors.contains("chmod 600"))
            let done = try await Self.run(closed, on: test)
            #expect(done.output == "+ key k: algorithm HS256\n")
            #expect(!(refused.errors + done.output + done.errors).contains("canary"))
        }
    }

    /// A visitor's new chat in the queue of marta.
    private static func chat(_ port: Int, _ key: Secret) async throws -> (id: String, status: String) {
        try await SocketClient(port: port).withConnection(auth: ["key": .string(key.reveal())]) { visitor in
            let created = try await visitor.request("chat:create", ["department": "billing"])
            return (created[dynamic: "chatId"].string ?? "", created[dynamic: "status"].string ?? "")
        }
    }

    /// Within two seconds, without a restart, for somebody who is connected already.
    @Test func aRunningGatewayFollows() async throws {
        try await TestDatabase.with { test in
            let key = try await GatewayProgram.widgetKey(on: test.url.description)
            let environment = ["PUENTE_JWT_SECRET": TokenForge.secret]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { _, port in
                let exp = Int64(Date().timeIntervalSince1970) + 600
                let token = TokenForge.payload(#"{"sub":"marta","role":"commercial","exp":\#(exp)}"#).reveal()
                let client = SocketClient(port: port)
                try await client.withConnection(auth: ["token": .string(token)]) { marta in
                    _ = await marta.events.first { $0.name == "session" }
                    #expect(try await Self.run(WorkspaceFileTests.example, on: test).status == 0)
                    // Open around the clock, whenever this runs.
                    let open = try Self.file("queues: [{name: billing, autoAccept: false, skills: {invoices: 2}}]")
                    defer { try? FileManager.default.removeItem(atPath: open) }
                    #expect(try await Self.run(open, on: test).status == 0)
                    let applied = ContinuousClock.now
                    // Who gets a chat is read when it is given away.
                    let first = try await Self.chat(port, key)
                    #expect(first.status == "waiting")
                    let offer = await marta.events.first { $0.name == "chat:offer" }
                    #expect(offer?.arguments.first?[dynamic: "chatId"] == .string(first.id))
                    // What a socket remembers, the room of her queue, follows within two seconds.
                    try await Task.sleep(until: applied + .seconds(2), clock: .continuous)
                    let chat = try await Self.chat(port, key).id
                    let news = await marta.events.first { event in
                        event.name == "chat:queued" && event.arguments.first?[dynamic: "chatId"] == .string(chat)
                    }
                    #expect(news?.arguments.first?[dynamic: "queue"] == "billing")
                }
            }
        }
    }

    /// From the address in the file to a token that comes in, and no further than that.
    @Test func aKeySetIsFollowedWhileTheGatewayRuns() async throws {
        let signer = try await TestSigner.make(.es256, id: "k1")
        let exp = Int64(Date().timeIntervalSince1970) + 600
        let token = try signer.token(#"{"sub":"ana","role":"commercial","aud":"puente","exp":\#(exp)}"#).reveal()
        try await TestDatabase.with { test in
            let environment = ["PUENTE_JWT_KEY_SET_AUTHORITIES": try TestAuthority.file()]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { _, port in
                let entrances = Entrances(port: port)
                let given = Entrances.Given(header: "Bearer \(token)")
                try await TLSServer.with(status: .ok, body: TestSigner.keySet(signer)) { keys in
                    let url = "https://localhost:\(keys)/keys"
                    try await ApplyWorkspaceTests.apply("jwks: {url: '\(url)', audience: puente}", to: test.database)
                    let deadline = ContinuousClock.now + .seconds(20)
                    while try await entrances.rest(given) != .comesIn, ContinuousClock.now < deadline {
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    #expect(try await entrances.webSocket(given) == .comesIn)
                }
                // The address is gone; what is known stays.
                #expect(try await entrances.rest(given) == .comesIn)
                let stranger = try await TestSigner.make(.es256, id: "k2")
                    .token(#"{"sub":"ana","role":"commercial","aud":"puente","exp":\#(exp)}"#).reveal()
                #expect(try await entrances.rest(.init(header: "Bearer \(stranger)")) == .refused("unauthenticated"))
                #expect(try await entrances.rest(given) == .comesIn)
                try await ApplyWorkspaceTests.apply("jwks: null", to: test.database)
                let deadline = ContinuousClock.now + .seconds(20)
                while try await entrances.rest(given) == .comesIn, ContinuousClock.now < deadline {
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(try await entrances.rest(given) == .refused("unauthenticated"))
            }
        }
    }
}
