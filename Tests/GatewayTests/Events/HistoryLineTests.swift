import Assignment
import SocketIO
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// One workspace's readers take so many connections at a time, and no other workspace waits for them.
@Suite struct HistoryLineTests {
    /// Opened once, for everybody who waits at it.
    private final class Gate: Sendable {
        private let isOpen = Atomic(false)
        let inside = Atomic(0)

        func open() { self.isOpen.store(true, ordering: .sequentiallyConsistent) }

        func pass() async throws {
            self.inside.add(1, ordering: .sequentiallyConsistent)
            defer { self.inside.subtract(1, ordering: .sequentiallyConsistent) }
            while !self.isOpen.load(ordering: .sequentiallyConsistent) { try await Task.sleep(for: .milliseconds(2)) }
        }
    }

    @Test(arguments: [(1, 1), (3, 3), (4, 4), (5, 4), (9, 4)])
    func soManyAndNoMore(_ readers: Int, _ inside: Int) async throws {
        let line = HistoryLine(width: 4)
        let (gate, other) = (Gate(), Gate())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<readers { group.addTask { try await line.read(in: "a") { try await gate.pass() } } }
            try await Self.eventually {
                gate.inside.load(ordering: .sequentiallyConsistent) == inside && line.waiting == readers - inside
            }
            // Another workspace's do not wait.
            group.addTask { try await line.read(in: "b") { try await other.pass() } }
            try await Self.eventually { other.inside.load(ordering: .sequentiallyConsistent) == 1 }
            #expect(gate.inside.load(ordering: .sequentiallyConsistent) == inside)
            gate.open()
            other.open()
            try await group.waitForAll()
        }
        #expect(line.waiting == 0 && line.refused == 0)
        // What watched the line ends at the latest when the patience of the last one would have ended.
        if readers <= 4 { #expect(line.isIdle) }
    }

    @Test func theyComeInTheirOrder() async throws {
        let line = HistoryLine(width: 1)
        let gate = Gate()
        let order = Order()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await line.read(in: "a") { try await gate.pass() } }
            try await Self.eventually { gate.inside.load(ordering: .sequentiallyConsistent) == 1 }
            for number in 0..<20 {
                group.addTask { try await line.read(in: "a") { order.numbers.withLock { $0.append(number) } } }
                try await Self.eventually { line.waiting == number + 1 }
            }
            gate.open()
            try await group.waitForAll()
        }
        #expect(order.numbers.withLock { $0 } == Array(0..<20))
    }

    private final class Order: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    /// Who waited in vain takes no place, and leaves nothing behind.
    @Test func patienceEnds() async throws {
        let line = HistoryLine(width: 2, patience: .milliseconds(200))
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 { group.addTask { try await line.read(in: "a") { try await gate.pass() } } }
            try await Self.eventually { gate.inside.load(ordering: .sequentiallyConsistent) == 2 }
            let start = ContinuousClock.now
            for _ in 0..<3 {
                group.addTask {
                    let refusal = await #expect(throws: EventError.self) {
                        try await line.read(in: "a") { Issue.record("read all the same") }
                    }
                    #expect(refusal == .unavailable)
                    #expect(ContinuousClock.now - start >= .milliseconds(200))
                }
            }
            try await Self.eventually { line.refused == 3 }
            #expect(line.waiting == 0)
            gate.open()
            try await group.waitForAll()
        }
        try await Self.eventually { line.isIdle }
        #expect(try await line.read(in: "a") { 7 } == 7)
        await #expect(throws: TestFailure.self) { try await line.read(in: "a") { throw TestFailure("read badly") } }
        #expect(line.isIdle)
    }

    // MARK: On PostgreSQL

    /// Everything that reads pages counts, whatever the pool could bear; the database sees so many of one workspace.
    @Test func theDatabaseSeesSoManyOfOneWorkspace() async throws {
        try await EventsFixture.with(configure: {
            $0.limits.enabled = false
            $0.limits.historyReads = 2
        }) { fixture in
            let (owner, watcher) = (try await fixture.ownerDatabase(), try await fixture.ownerDatabase())
            var readers: [(client: TestClient, event: String, chat: String)] = []
            for (number, event) in ["chat:join", "chat:history", "chat:join", "chat:history"].enumerated() {
                let client = try await fixture.connect(.visitor, "v\(number)")
                readers.append((client, event, try await client.say("hola")))
            }
            let stranger = try await fixture.connect(.visitor, "w", workspace: "other")
            let strangers = try await stranger.say("hola")
            let lock = Lock()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await owner.transaction(.none) { sql in
                        try sql.execute("lock table messages in access exclusive mode")
                        lock.isHeld.store(true, ordering: .sequentiallyConsistent)
                        while !lock.isOver.load(ordering: .sequentiallyConsistent) {
                            _ = try sql.query("select pg_sleep(0.01)")
                        }
                    }
                }
                defer { lock.isOver.store(true, ordering: .sequentiallyConsistent) }
                try await Self.eventually { lock.isHeld.load(ordering: .sequentiallyConsistent) }
                func seen() async throws -> Int64 {
                    try await watcher.transaction(.none) { sql in
                        let rows = try sql.query(
                            "select count(*) from pg_locks where not granted and relation = 'messages'::regclass")
                        return try rows.first?.int(0) ?? 0
                    }
                }
                // One below, at, one above, two above.
                for (number, reader) in readers.enumerated() {
                    group.addTask {
                        let ack = await reader.client.send(reader.event, ["chatId": .string(reader.chat)])
                        #expect(ack.isOK && ack[dynamic: "messages"].array?.count == 1, "\(ack)")
                    }
                    try await Self.eventually {
                        let waiting = fixture.services.history.waiting
                        return try await seen() == min(Int64(number) + 1, 2) && waiting == max(0, number - 1)
                    }
                }
                group.addTask {
                    #expect(await stranger.send("chat:join", ["chatId": .string(strangers)]).isOK)
                }
                try await Self.eventually { try await seen() == 3 }
                #expect(fixture.services.history.waiting == 2)
                lock.isOver.store(true, ordering: .sequentiallyConsistent)
                try await group.waitForAll()
            }
            for database in [owner, watcher] { await database.shutDown() }
        }
    }

    private final class Lock: Sendable {
        let isHeld = Atomic(false)
        let isOver = Atomic(false)
    }

    private static func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
