import Foundation
import SocketClient
import SocketIO
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway
@testable import Storage

/// PostgreSQL is killed while a batch is in it, at the two worst moments.
@Suite(.serialized) struct BatchDurabilityTests {
    enum Moment: String, CaseIterable, Sendable {
        /// Rows are written, and not committed.
        case beforeCommit
        /// Committed on disk, and nobody has been told: the commit waits for a standby that does not exist.
        case afterCommit

        var arrangement: [String] {
            switch self {
            case .beforeCommit:
                [
                    """
                    create function linger() returns trigger language plpgsql security definer as $$
                    begin perform pg_sleep(1.5); return new; end $$
                    """,
                    """
                    create trigger linger after insert on messages for each row when (new.content = 'El segundo')
                        execute function linger()
                    """,
                ]
            case .afterCommit:
                ["alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()"]
            }
        }

        var repair: [String] {
            switch self {
            case .beforeCommit: ["drop trigger linger on messages"]
            case .afterCommit: ["alter system reset synchronous_standby_names", "select pg_reload_conf()"]
            }
        }

        /// What the backend of the batch waits for.
        var waitEvent: String { self == .beforeCommit ? "PgSleep" : "SyncRep" }
    }

    private static let senders = 4

    /// How far everybody is.
    private final class Course: Sendable {
        struct State {
            var isReady = 0
            var mayRepeat = false
            var refused = 0
            var seqs: [Int64] = []
            var duplicates = 0
        }

        let state = Mutex(State())

        func wait(_ condition: @Sendable (State) -> Bool) async throws {
            let deadline = ContinuousClock.now + .seconds(60)
            while !self.state.withLock({ condition($0) }) {
                try #require(ContinuousClock.now < deadline, "it did not get so far")
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private static func send(_ sender: Int, key: String, port: Int, course: Course) async throws {
        try await SocketClient(port: port).withConnection(auth: ["key": .string(key)]) { connection in
            // Words that tell their language: nothing but the batch is left to do for the second ones.
            let first = try await connection.request(
                "message:send", ["content": "¿Cuánto cuesta el envío a casa?", "clientMsgId": "m1"])
            let chat = try #require(first["chatId"])
            course.state.withLock { $0.isReady += 1 }
            try await course.wait { $0.isReady > Self.senders }
            let second: JSONValue = ["chatId": chat, "content": "El segundo", "clientMsgId": "m2"]
            var ack = try await connection.request("message:send", second)
            #expect(ack["error"]?["code"] == "unavailable", "told \(ack) while nobody can know")
            course.state.withLock { $0.refused += 1 }
            try await course.wait(\.mayRepeat)
            while ack["ok"] != true {
                try #require(ack["error"]?["code"] == "unavailable", "\(ack)")
                try await Task.sleep(for: .milliseconds(20))
                ack = try await connection.request("message:send", second)
            }
            let seq = try #require(ack["seq"]?.number?.exactInt64)
            let isDuplicate = ack["duplicate"] == true
            course.state.withLock { state in
                state.seqs.append(seq)
                if isDuplicate { state.duplicates += 1 }
            }
        }
    }

    private static func run(_ statements: [String], on url: DatabaseURL) async throws {
        try await DedicatedThread.run("test") {
            let connection = try PostgresConnection(url)
            for statement in statements { try connection.runScript(statement) }
        }
    }

    private static func rows(_ sql: StaticString, on url: DatabaseURL) async throws -> [[String]] {
        try await DedicatedThread.run("test") {
            let connection = try PostgresConnection(url)
            return try connection.run([Statement(sql: sql)]).last?.rows.map { [try $0.text(0), try $0.text(1)] } ?? []
        }
    }

    @Test(arguments: Moment.allCases) func aServerKilledInTheMiddleOfABatch(moment: Moment) async throws {
        let directory = try await TestDataDirectory.withCluster()
        let server = try await TestServer.start(in: directory)
        let key = try await GatewayProgram.widgetKey(on: server.url.description).reveal()
        let course = Course()
        try await GatewayProgram.serving(
            on: server.url.description, environment: ["PUENTE_LIMITS": "off"]
        ) { _, port in
            async let sending: Void = withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<Self.senders {
                    group.addTask { try await Self.send(sender, key: key, port: port, course: course) }
                }
                try await group.waitForAll()
            }
            try await course.wait { $0.isReady == Self.senders }
            try await Self.run(moment.arrangement, on: server.url)
            course.state.withLock { $0.isReady += 1 }
            var isInside = false
            while !isInside {
                // The batch's backend, and not one that renews leases meanwhile.
                let waiting = try await Self.rows(
                    """
                    select coalesce(a.wait_event, ''), '' from pg_stat_activity a
                    where a.state = 'active' and exists (
                        select from pg_locks l
                        where l.pid = a.pid and l.relation = 'messages'::regclass and l.mode = 'RowExclusiveLock')
                    """, on: server.url)
                isInside = waiting.contains([moment.waitEvent, ""])
            }
            kill(try #require(server.process), SIGKILL)
            try await course.wait { $0.refused == Self.senders }
            await server.stop()
            let again = try await TestServer.start(in: directory)
            try await Self.run(moment.repair, on: again.url)
            let survivors = try await Self.rows(
                "select client_msg_id, chat_id::text from messages where client_msg_id = 'm2'", on: again.url)
            course.state.withLock { $0.mayRepeat = true }
            try await sending
            let state = course.state.withLock { $0 }
            #expect(state.seqs == Array(repeating: 2, count: Self.senders))
            // What had got to the disk is found, and nothing else was there.
            #expect(state.duplicates == survivors.count)
            #expect(survivors.isEmpty == (moment == .beforeCommit), "\(survivors)")
            let stored = try await Self.rows("select client_msg_id, seq::text from messages order by 2", on: again.url)
            #expect(stored == Array(repeating: ["m1", "1"], count: 4) + Array(repeating: ["m2", "2"], count: 4))
            await again.stop()
        }
    }
}
