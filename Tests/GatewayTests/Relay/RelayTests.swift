import Assignment
import Foundation
import NIOCore
import SocketIO
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway
@testable import Storage

/// The relay with an outbox and sockets in memory: order, repair, and that nothing goes out twice.
@Suite struct RelayTests {
    @Test func handInsInAnyOrderLeaveInOrder() async {
        let house = RelayHouse()
        for number in [1, 3, 2, 3, 5, 4] as [Int64] { await house.relay.publish([house.event(number)]) }
        #expect(house.seen == [1, 2, 3, 4, 5])
    }

    @Test func thePollBringsWhatNobodyHandedIn() async {
        let house = RelayHouse()
        await house.relay.publish([house.event(1)])
        await house.relay.publish([house.event(3)])
        #expect(house.seen == [1])
        house.outbox.write([house.event(1), house.event(2), house.event(3)])
        // Read with one turn, released with the next: a hand-in that knows its socket goes first.
        await house.relay.poll()
        #expect(house.seen == [1])
        await house.relay.poll()
        #expect(house.seen == [1, 2, 3])
        await house.relay.poll()
        await house.relay.poll()
        #expect(house.seen == [1, 2, 3])
    }

    /// Nobody asks for the poll either: it comes by itself, and soon. Half a second is meant, and a busy machine allowed for.
    @Test(.timeLimit(.minutes(1))) func theRunningRelayFindsItByItself() async throws {
        let house = RelayHouse()
        await house.relay.publish([house.event(1)])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await house.relay.run() }
            try await Self.soon { house.outbox.polls > 0 }
            house.outbox.write([house.event(1), house.event(2), house.event(3)])
            try await Self.soon { house.seen == [1, 2, 3] }
            group.cancelAll()
        }
    }

    private static func soon(_ condition: () -> Bool) async throws {
        let began = ContinuousClock.now
        while !condition() {
            try #require(ContinuousClock.now - began < .seconds(20))
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// What another node wrote nobody here will hand in; what this node wrote waits for its hand-in.
    @Test func theWordOfAnotherNodeIsHeardAtOnce() async {
        let house = RelayHouse(node: "here")
        await house.relay.publish([house.event(1)])
        house.outbox.write([house.event(1, node: "here"), house.event(2, node: "there")])
        await house.relay.wake()
        #expect(house.seen == [1, 2])
        house.outbox.write([house.event(3, node: "here"), house.event(4, node: "there")])
        await house.relay.wake()
        #expect(house.seen == [1, 2])
        // Not with the very next tick, which may come a moment later.
        await house.relay.poll()
        #expect(house.seen == [1, 2])
        await house.relay.publish([house.event(3)])
        #expect(house.seen == [1, 2, 3, 4])
        await house.relay.poll()
        await house.relay.poll()
        #expect(house.seen == [1, 2, 3, 4])
    }

    /// A node's own rows are read only where the hand-in never came: the connection was lost in the moment of COMMIT.
    @Test func whatThisNodeNeverHandedInIsReadAndNothingElse() async {
        let house = RelayHouse(node: "here")
        await house.relay.publish([house.event(1)])
        await house.relay.publish([house.event(3)])
        house.outbox.write((1...4).map { house.event($0, node: "here") })
        await house.relay.poll()
        #expect(house.seen == [1])
        await house.relay.poll()
        #expect(house.seen == [1, 2, 3, 4])
        #expect(house.outbox.read.map(\.outboxID) == [2, 4])
    }

    @Test func aFailingPollIsTriedAgain() async {
        let house = RelayHouse()
        await house.relay.publish([house.event(1), house.event(3)])
        house.outbox.write([house.event(2)])
        house.outbox.fail(2)
        for _ in 0..<4 { await house.relay.poll() }
        #expect(house.seen == [1, 2, 3])
    }

    @Test func aChatSeenInTheMiddleBeginsWhereTheOutboxSays() async {
        let house = RelayHouse()
        house.outbox.write([house.event(40), house.event(41)])
        await house.relay.publish([house.event(42)])
        // The relay asks by itself; the poll asks again where that failed.
        while house.seen.count < 3 { await Task.yield() }
        #expect(house.seen == [40, 41, 42])
    }

    @Test func aNumberThatDoesNotExistHoldsNobodyForEver() async {
        let house = RelayHouse()
        await house.relay.publish([house.event(1)])
        await house.relay.publish([house.event(3)])
        for _ in 0..<70 { await house.relay.poll() }
        #expect(house.seen == [1, 3])
    }

    @Test func anAckComesBeforeWhatWaitedBehindIt() async {
        let house = RelayHouse()
        await house.relay.publish([house.event(1)])
        await house.relay.publish([house.event(3)])
        let ack = house.socket.ack { _ in }
        await house.relay.publish(
            Publication(events: [house.event(2)], origin: house.socket.id, place: .init(chat: house.chat, eventNo: 2)),
            receipt: Receipt(ack: ack, body: JSONValue.object(["seq": 2]).encoded()))
        #expect(house.socket.received.map { $0.body[dynamic: "seq"] } == [1, 2, 3])
        #expect(house.socket.received.map(\.event) == ["message:new", "ack", "message:new"])
    }

    /// The chat was quiet for long, or assigned in an earlier life of this node: who had it is in the event.
    @Test func whoLosesAForgottenChatHearsNothingAfter() async throws {
        let house = RelayHouse()
        house.socket.leave([house.room])
        house.socket.join([.chatStaff("default", "c"), .user("default", "ana")])
        let queued = """
            {"position":1,"version":3,"previousCommercialID":"ana",
            "chat":{"visitorID":"v","status":"waiting","epoch":3,"priority":"normal","queue":"default"}}
            """
        let body = try JSONDecoder().decode(ChatQueued.self, from: Data(queued.utf8))
        await house.relay.publish([
            DomainEvent(
                workspaceID: "default", outboxID: 1, chatID: "c", eventNo: 1, at: Timestamp(microseconds: 1),
                body: .chatQueued(body))
        ])
        await house.relay.publish([house.event(2)])
        #expect(house.socket.received.map(\.event) == ["chat:queued"])
    }

    @Test func aFailedJoinLeavesASocketWhereItWas() async {
        let house = RelayHouse()
        await house.relay.publish([house.event(1)])
        struct Away: Error {}
        await #expect(throws: Away.self) {
            try await house.relay.join(
                house.chat, socket: house.socket, rooms: [house.room], isMember: true, ack: nil
            ) {
                await house.relay.publish([house.event(2)])
                throw Away()
            }
        }
        await house.relay.publish([house.event(3)])
        #expect(house.seen == [1, 2, 3])
    }
}

/// One chat, one socket in its public room.
private struct RelayHouse {
    let hub = TestHub()
    let outbox = TestOutbox()
    let relay: Relay
    let socket: TestSocket
    let chat = ChatKey(workspace: "default", chat: "c")
    let room = Room.chatPublic("default", "c")

    init(node: String? = nil) {
        self.relay = Relay(
            members: ChatMembers(
                broadcaster: self.hub, roster: ChatRoster(), typing: TypingBoard(), streams: StreamBoard()),
            outbox: self.outbox, node: node, logger: TestDatabase.silence)
        self.socket = self.hub.makeSocket("s")
        self.socket.join([self.room])
    }

    var seen: [Int] { self.socket.received("message:new").compactMap { $0[dynamic: "seq"].int } }

    func event(_ number: Int64, node: String? = nil) -> DomainEvent {
        DomainEvent(
            workspaceID: "default", outboxID: number, chatID: "c", eventNo: number,
            at: Timestamp(microseconds: number),
            body: .messagePosted(
                MessagePosted(message: Self.message(seq: number), chat: WireSamples.summary)),
            node: node)
    }

    private static func message(seq: Int64) -> MessageRow {
        var message = WireSamples.message
        message.seq = seq
        message.chatID = "c"
        return message
    }
}

/// An outbox whose rows a test writes.
private final class TestOutbox: OutboxReading {
    private struct State {
        var rows: [DomainEvent] = []
        var failures = 0
        var polls = 0
        var polled = 0
        var read: [OutboxHead] = []
    }

    private let state = Mutex(State())
    private struct Away: Error {}

    func write(_ events: [DomainEvent]) { self.state.withLock { $0.rows += events } }
    func fail(_ times: Int) { self.state.withLock { $0.failures = times } }

    func recent(_ chat: ChatKey, below eventNo: Int64) async throws -> [DomainEvent] {
        self.state.withLock { $0.rows.filter { $0.eventNo.map { $0 < eventNo } ?? false } }
    }

    func poll() async throws -> (events: [DomainEvent], own: [OutboxHead]) {
        try self.state.withLock { state in
            state.polls += 1
            if state.failures > 0 {
                state.failures -= 1
                throw Away()
            }
            defer { state.polled = state.rows.count }
            let rows = state.rows[state.polled...]
            return (rows.filter { $0.node != "here" }, rows.filter { $0.node == "here" }.map(\.head))
        }
    }

    func read(_ heads: [OutboxHead]) async throws -> [DomainEvent] {
        self.state.withLock { state in
            state.read += heads
            return state.rows.filter { heads.contains($0.head) }
        }
    }

    /// How often somebody asked for news.
    var polls: Int { self.state.withLock { $0.polls } }
    /// What was read of the node's own rows.
    var read: [OutboxHead] { self.state.withLock { $0.read } }
}

extension DomainEvent {
    fileprivate var head: OutboxHead {
        OutboxHead(
            workspaceID: self.workspaceID, outboxID: self.outboxID, chatID: self.chatID, eventNo: self.eventNo)
    }
}
