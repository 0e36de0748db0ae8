import Assignment
import Foundation
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// What strangers, and people who may come in but not do everything, send to a running gateway over real sockets, while two
/// well-behaved clients of another workspace go on. Afterwards nothing is left of it, and the log holds nothing that it
/// should not.
@Suite(.serialized) struct StrangerTests {
    /// What must be in no log, no answer and no row that it was not put into.
    static let canary = "canary-7f3a"

    struct Setting: Sendable {
        let port: Int
        let test: TestDatabase
        /// Of the workspace that is attacked.
        let widgetKey: String
        let botKey: String

        func token(_ role: Role, _ subject: String) -> String {
            let exp = Int64(Date().timeIntervalSince1970) + 600
            return TokenForge.payload(#"{"sub":"\#(subject)","role":"\#(role.rawValue)","exp":\#(exp)}"#).reveal()
        }
    }

    /// Serves, attacks, and looks at what is left.
    func withCanaries(
        environment: [String: String] = [:], _ attack: @escaping @Sendable (Setting) async throws -> Void
    ) async throws {
        try await TestDatabase.with { test in
            let environment = environment.merging([
                "PUENTE_JWT_SECRET": TokenForge.secret, "PUENTE_LOG_LEVEL": "trace", "PUENTE_LOG_FORMAT": "json",
            ]) { own, _ in own }
            let keys = [KeySecret.generate(.widget), KeySecret.generate(.widget), KeySecret.generate(.api)]
            for (workspace, key) in zip(["default", "quiet"], keys) {
                try await test.database.transaction(.workspace(workspace)) { sql in
                    try Workspaces.ensure(sql, workspace)
                    _ = try Keys.createWidgetKey(sql, workspace, hash: KeySecret.hash(key), origins: nil)
                }
            }
            try await test.database.transaction(.workspace("default")) { sql in
                _ = try Keys.createAPIKey(
                    sql, "default", name: "bot", hash: KeySecret.hash(keys[2]), scopes: Scope.allCases)
            }
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { gateway, port in
                let setting = Setting(port: port, test: test, widgetKey: keys[0].reveal(), botKey: keys[2].reveal())
                let exp = Int64(Date().timeIntervalSince1970) + 600
                let staff = TokenForge.payload(
                    #"{"sub":"ana","role":"commercial","workspace":"quiet","exp":\#(exp)}"#)
                let canaries = GatewayCanaries(port: port, widgetKey: keys[1].reveal(), staffToken: staff.reveal())
                let process = gateway.processID
                let rounds = try await canaries.during { try await attack(setting) }
                #expect(rounds > 0)
                #expect(gateway.isRunning && gateway.processID == process)
                try await Self.settles(port: port)
                gateway.signal(SIGTERM)
                let outcome = await gateway.end()
                #expect(outcome.status == 0)
                try Self.expectCleanLog(
                    outcome.errors, secrets: keys.map { $0.reveal() } + [staff.reveal(), TokenForge.secret])
            }
        }
    }

    /// Sessions, connections and bytes are gone within 30 seconds.
    private static func settles(port: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let metrics = try await PlainHTTP.get("/metrics", port: port)
            // The one that asks is a connection, too.
            let left = [
                "puente_sessions 0", "puente_sessions_polling 0", "puente_pending_bytes 0", "puente_connections 1",
            ]
            let missing = left.filter { !metrics.contains("\n\($0)\n") }
            if missing.isEmpty { return }
            try #require(ContinuousClock.now < deadline, "\(missing) in\n\(metrics)")
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private static func expectCleanLog(_ log: String, secrets: [String]) throws {
        #expect(!log.contains(Self.canary), "what was sent is in the log")
        for secret in secrets { #expect(!log.contains(secret), "a credential is in the log") }
        for line in log.split(separator: "\n", omittingEmptySubsequences: true) {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "\(line)")
            #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) })
        }
    }

    /// Rows D01, D02, D07, D13 and VD11: every event of the table with every field missing, of every wrong type and with
    /// every hostile text, by everybody, over the wire.
    @Test(.timeLimit(.minutes(3))) func everyEventWithEveryWrongField() async throws {
        try await self.withCanaries(environment: ["PUENTE_LIMITS": "off"]) { setting in
            let client = SocketClient(port: setting.port)
            func auth(_ role: Role) -> JSONObject { ["token": .string(setting.token(role, "eva"))] }
            try await client.withConnection(auth: ["key": .string(setting.widgetKey)]) { visitor in
                try await client.withConnection(auth: ["token": .string(setting.botKey)]) { bot in
                    try await client.withConnection(auth: auth(.commercial)) { commercial in
                        try await client.withConnection(auth: auth(.supervisor)) { supervisor in
                            try await Self.sendEverything(
                                [
                                    (.visitor, visitor), (.ai, bot), (.commercial, commercial),
                                    (.supervisor, supervisor),
                                ],
                                setting.test.database)
                        }
                    }
                }
            }
        }
    }

    /// Not one of these is acceptable: in the end every table is as it was, but for the leases that are renewed.
    private static func sendEverything(
        _ senders: [(role: Role, connection: SocketClientConnection)], _ database: Database
    ) async throws {
        // Whoever is answered has come in with all that goes with it.
        for sender in senders { _ = try await sender.connection.request("ping", ["timestamp": 1]) }
        let before = try await ForeignIDTests.contents(of: "default", database)
        #expect(before.count > 10)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in senders {
                group.addTask { try await Self.sendEverything(sender.role, sender.connection) }
            }
            try await group.waitForAll()
        }
        let after = try await ForeignIDTests.contents(of: "default", database)
        let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
        #expect(changed.subtracting(["presence_leases"]) == [])
    }

    private static func sendEverything(_ role: Role, _ connection: SocketClientConnection) async throws {
        for sample in EventSample.all {
            for field in sample.required {
                try await Self.expect("bad_payload", field, sample, nil, role, connection)
            }
            for (field, kind) in sample.fields {
                for value in kind.wrongValues {
                    try await Self.expect("bad_payload", field, sample, value, role, connection)
                }
                guard case .id = kind else { continue }
                for text in ["' OR 1=1-- \(Self.canary)", "$1\(Self.canary)"] {
                    try await Self.expect("not_found", field, sample, .string(text), role, connection)
                }
                // No JSON for us: that is said before anybody asks who sends it.
                let ack = try await connection.request(
                    sample.name, .object(sample.payload(field, .string("\(Self.canary)\u{0}"))))
                #expect(ack["error"]?["code"] == "bad_payload", "\(sample.name) by \(role): \(field) \(ack)")
            }
        }
    }

    /// Sends an event with one field wrong, or without it.
    private static func expect(
        _ code: String, _ field: String, _ sample: EventSample, _ value: JSONValue?, _ role: Role,
        _ connection: SocketClientConnection
    ) async throws {
        let payload = sample.payload(field, value)
        let ack = try await connection.request(sample.name, .object(payload))
        let expected = sample.roles.contains(role) ? code : "forbidden"
        #expect(ack["error"]?["code"]?.string == expected, "\(sample.name) by \(role): \(payload) \(ack)")
        guard expected == "bad_payload" else { return }
        #expect(ack["error"]?["details"]?["field"]?.string == field, "\(sample.name) by \(role): \(payload) \(ack)")
    }
}
