import Foundation
import SocketClient
import SocketIO
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway
@testable import Storage

/// What was acknowledged is stored, whoever is killed in the middle of a batch; and what was not is stored once when it
/// is sent again.
@Suite(.serialized) struct DurabilityTests {
    /// What the senders know. They write it down before they send on.
    private final class Journal: Sendable {
        struct Ack: Sendable, Hashable {
            var message: String
            var chat: String
            var seq: Int64
        }

        private struct State {
            var acknowledged: [String: Ack] = [:]
            var open: [Int: String] = [:]
            var tokens: [Int: String] = [:]
        }

        private let state = Mutex(State())

        var acknowledged: [String: Ack] { self.state.withLock { $0.acknowledged } }

        /// By which a sender comes back as the same visitor.
        func token(of sender: Int) -> String? { self.state.withLock { $0.tokens[sender] } }
        func keep(_ token: String, of sender: Int) { self.state.withLock { $0.tokens[sender] = token } }

        func sending(_ id: String, by sender: Int) { self.state.withLock { $0.open[sender] = id } }

        /// The message of which a sender does not know what became.
        func open(of sender: Int) -> String? { self.state.withLock { $0.open[sender] } }

        func acknowledge(_ id: String, by sender: Int, _ ack: JSONValue) throws {
            let entry = Ack(
                message: try #require(ack["messageId"]?.string), chat: try #require(ack["chatId"]?.string),
                seq: try #require(ack["seq"]?.number?.exactInt64))
            self.state.withLock { state in
                state.acknowledged[id] = entry
                state.open[sender] = nil
            }
        }
    }

    private static let senders = 12

    /// A sender with a chat of its own, who sends what is open and then goes on, until the connection ends or the journal
    /// holds `enough`.
    private static func send(
        _ sender: Int, key: String, port: Int, journal: Journal, enough: Int
    ) async throws {
        let credential = journal.token(of: sender)
        let auth: JSONObject = credential.map { ["token": .string($0)] } ?? ["key": .string(key)]
        try await SocketClient(port: port).withConnection(auth: auth) { connection in
            if credential == nil {
                let session = await connection.events.first { $0.name == "session" }
                let own: JSONValue? = session?.arguments.first?["token"]
                journal.keep(try #require(own?.string), of: sender)
            }
            var number = 0
            while journal.open(of: sender) != nil || journal.acknowledged.count < enough {
                number += 1
                let id = journal.open(of: sender) ?? "\(sender)-\(UUID().uuidString)"
                journal.sending(id, by: sender)
                let ack = try await connection.request(
                    "message:send", ["content": .string("El paquete \(id) es azul"), "clientMsgId": .string(id)])
                if ack["ok"] == true {
                    try journal.acknowledge(id, by: sender, ack)
                } else {
                    // Nobody knows, and whoever asks again finds out.
                    try #require(ack["error"]?["code"] == "unavailable", "\(ack)")
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        }
    }

    private static func sendAll(
        key: String, port: Int, journal: Journal, enough: Int
    ) async {
        await withDiscardingTaskGroup { group in
            for sender in 0..<Self.senders {
                group.addTask {
                    do {
                        try await Self.send(sender, key: key, port: port, journal: journal, enough: enough)
                    } catch {
                        // The connection ended, as it should when the gateway is killed.
                    }
                }
            }
        }
    }

    /// Compares what the senders know with what is stored.
    private static func check(_ journal: Journal, _ url: DatabaseURL) async throws {
        var configuration = Database.Configuration(url: url)
        configuration.size = 1
        configuration.role = nil
        let database = Database(configuration: configuration, logger: TestDatabase.silence)
        try await database.start(timeout: .seconds(60))
        let stored = try await database.transaction(.none) { tx in
            try tx.query("select client_msg_id, id, chat_id, seq from messages").map {
                (try $0.text(0), Journal.Ack(message: try $0.text(1), chat: try $0.text(2), seq: try $0.int(3)))
            }
        }
        await database.shutDown()
        let byID = Dictionary(stored, uniquingKeysWith: { first, _ in first })
        #expect(byID.count == stored.count, "a message was stored twice")
        for (id, ack) in journal.acknowledged { #expect(byID[id] == ack, "\(id)") }
        for numbers in Dictionary(grouping: stored.map(\.1), by: \.chat).values {
            #expect(numbers.map(\.seq).sorted() == (1...Int64(numbers.count)).map { $0 })
        }
    }

    private static func waitUntil(_ condition: @Sendable () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !condition() {
            try #require(ContinuousClock.now < deadline, "it did not get so far")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test(arguments: [SIGKILL, SIGTERM]) func anEndedGatewayLosesNothing(signal: Int32) async throws {
        try await TestDatabase.with { test in
            let url = test.url.description
            let key = try await GatewayProgram.widgetKey(on: url).reveal()
            let journal = Journal()
            let environment = ["PUENTE_LIMITS": "off", "PUENTE_JWT_SECRET": String(repeating: "s", count: 40)]
            for round in 1...2 {
                try await GatewayProgram.serving(on: url, environment: environment) { gateway, port in
                    let enough = journal.acknowledged.count + 400
                    async let writers: Void = Self.sendAll(
                        key: key, port: port, journal: journal, enough: round == 2 ? enough : .max)
                    try await Self.waitUntil { journal.acknowledged.count >= enough }
                    if round == 1 { gateway.signal(signal) }
                    await writers
                    if round == 1, signal == SIGTERM { #expect(await gateway.end().status == 0) }
                }
            }
            try await Self.check(journal, test.url)
            // Everything was known in the end.
            for sender in 0..<Self.senders { #expect(journal.open(of: sender) == nil) }
        }
    }

    private final class Restarted: Sendable {
        let server = Mutex<EmbeddedServer?>(nil)
    }

    @Test func aKilledPostgreSQLLosesNothing() async throws {
        let directory = try await TestDataDirectory.withCluster()
        let server = try await TestServer.start(in: directory)
        let url = server.url.description
        let key = try await GatewayProgram.widgetKey(on: url).reveal()
        let journal = Journal()
        let restarted = Restarted()
        try await GatewayProgram.serving(on: url, environment: ["PUENTE_LIMITS": "off"]) { gateway, port in
            async let writers: Void = Self.sendAll(key: key, port: port, journal: journal, enough: 900)
            try await Self.waitUntil { journal.acknowledged.count >= 400 }
            kill(try #require(server.process), SIGKILL)
            await server.stop()
            let again = try await TestServer.start(in: directory)
            restarted.server.withLock { $0 = again }
            await writers
            #expect(journal.acknowledged.count >= 900, "it did not go on by itself")
            gateway.signal(SIGTERM)
            #expect(await gateway.end().status == 0)
        }
        try await Self.check(journal, server.url)
        for sender in 0..<Self.senders { #expect(journal.open(of: sender) == nil) }
        await restarted.server.withLock { $0 }?.stop()
    }
}
