import NIOCore
import Testing

@testable import SocketIO

@Suite struct RecoveryLogTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private static func at(_ seconds: Int64) -> NIODeadline { self.start + .seconds(seconds) }

    private func makeLog(_ change: (inout RecoveryConfiguration) -> Void = { _ in }) -> RecoveryLog {
        var configuration = RecoveryConfiguration()
        change(&configuration)
        return RecoveryLog(configuration: configuration, epoch: "e-1")
    }

    /// Keeps an event whose packet is its name; its offset.
    @discardableResult
    private func append(
        _ name: String, to rooms: [String] = [], except: [String] = [], at second: Int64 = 0, in log: inout RecoveryLog
    ) -> String {
        var offset = ""
        _ = log.append(to: BroadcastTarget(rooms: rooms, except: except), now: Self.at(second)) {
            offset = $0
            return EncodedPacket(text: ByteBuffer(string: name))
        }
        return offset
    }

    private func lose(_ ticket: RecoveryTicket, rooms: [String] = [], at second: Int64 = 0, in log: inout RecoveryLog) {
        log.store(
            RecoverableSession(sid: "s" + ticket.pid, ticket: ticket, rooms: ["s" + ticket.pid] + rooms, data: nil),
            now: Self.at(second))
    }

    private func missed(
        _ pid: String, _ offset: String, at second: Int64 = 0, in log: inout RecoveryLog
    ) -> [String]? {
        log.resume(pid: pid, offset: offset, now: Self.at(second))?.missed.map { String(buffer: $0.text) }
    }

    @Test func missedEventsAreThoseOfTheSession() {
        var log = self.makeLog()
        let ticket = log.makeTicket(pid: "p")
        let last = self.append("seen", in: &log)
        self.lose(ticket, rooms: ["x"], in: &log)
        self.append("all", in: &log)
        self.append("x", to: ["x", "y"], in: &log)
        self.append("y", to: ["y"], in: &log)
        self.append("own", to: ["sp"], in: &log)
        self.append("excepted", except: ["x"], in: &log)
        self.append("self excepted", to: ["x"], except: ["sp"], in: &log)
        self.append("end", except: ["y"], in: &log)
        #expect(log.session(pid: "p", offset: last, now: Self.start)?.sid == "sp")
        #expect(self.missed("p", last, in: &log) == ["all", "x", "own", "end"])
    }

    @Test("A session is recovered once, and again when it was lost again, without repeating anything")
    func again() {
        var log = self.makeLog()
        let ticket = log.makeTicket(pid: "p")
        let first = self.append("a", in: &log)
        self.lose(ticket, in: &log)
        let second = self.append("b", in: &log)
        #expect(self.missed("p", first, in: &log) == ["b"])
        #expect(self.missed("p", first, in: &log) == nil)
        self.lose(ticket, in: &log)
        self.append("c", in: &log)
        #expect(self.missed("p", second, in: &log) == ["c"])
        self.lose(ticket, in: &log)
        #expect(self.missed("p", second, in: &log) == ["c"], "the client says what it has")
    }

    @Test(
        "Offsets that are none, another log's, from before the session or from the future",
        arguments: [
            "", "-", "1", "e-1-", "e-1-x", "e-1-0", "e-1-1", "e-1--1", "e-1-99", "e-2-2", "f-2", "-2", "e-1-2 ",
            "e-1-99999999999999999999999", String(repeating: "e", count: 100),
        ])
    func forgedOffsets(offset: String) {
        var log = self.makeLog()
        self.append("before", in: &log)
        let ticket = log.makeTicket(pid: "p")
        self.append("a", in: &log)
        self.append("b", in: &log)
        self.lose(ticket, in: &log)
        #expect(self.missed("p", offset, in: &log) == nil)
        #expect(self.missed("q", "e-1-2", in: &log) == nil)
        #expect(self.missed("p", "e-1-2", in: &log) == ["b"])
    }

    @Test func sessionsExpire() {
        var log = self.makeLog()
        let (p, q) = (log.makeTicket(pid: "p"), log.makeTicket(pid: "q"))
        let offset = self.append("a", in: &log)
        self.lose(p, in: &log)
        self.lose(q, at: 60, in: &log)
        #expect(log.nextExpiry == Self.at(120))
        #expect(log.session(pid: "p", offset: offset, now: Self.at(119)) != nil)
        #expect(log.session(pid: "p", offset: offset, now: Self.at(120)) == nil)
        log.expire(now: Self.at(120))
        #expect(log.sessionCount == 1 && log.packetCount == 0)
        // Nothing came after the event that the client has, so it may be gone.
        #expect(self.missed("q", offset, at: 179, in: &log) == [])
        log.expire(now: Self.at(180))
        #expect(log.nextExpiry == nil)
    }

    @Test("A session that was recovered and lost again is not forgotten at its first hour")
    func lostAgain() {
        var log = self.makeLog()
        let ticket = log.makeTicket(pid: "p")
        let offset = self.append("a", at: 100, in: &log)
        self.lose(ticket, in: &log)
        #expect(self.missed("p", offset, at: 100, in: &log) == [])
        self.lose(ticket, at: 110, in: &log)
        log.expire(now: Self.at(125))
        #expect(self.missed("p", offset, at: 125, in: &log) == [])
    }

    @Test func boundedInEvents() {
        var log = self.makeLog { $0.maxPackets = 10 }
        let ticket = log.makeTicket(pid: "p")
        let offsets = (0..<25).map { self.append("\($0)", in: &log) }
        #expect(log.packetCount == 10)
        self.lose(ticket, in: &log)
        #expect(self.missed("p", offsets[13], in: &log) == nil, "the one behind it is gone")
        #expect(self.missed("p", offsets[14], in: &log) == (15..<25).map(String.init))
    }

    @Test func boundedInBytes() {
        var log = self.makeLog { $0.maxBytes = 10_000 }
        for number in 0..<1000 {
            self.append(String(repeating: "x", count: number), to: ["some room"], in: &log)
            #expect(log.byteCount <= 10_000)
        }
        #expect(log.packetCount > 5)
        self.append(String(repeating: "x", count: 20_000), in: &log)
        #expect(log.packetCount == 0 && log.byteCount == 0)
    }

    @Test func boundedInSessions() {
        var log = self.makeLog { $0.maxSessions = 3 }
        let tickets = (0..<5).map { log.makeTicket(pid: "\($0)") }
        let offset = self.append("a", in: &log)
        for ticket in tickets { self.lose(ticket, in: &log) }
        #expect(log.sessionCount == 3)
        #expect(tickets.map { self.missed($0.pid, offset, in: &log) != nil } == [false, false, true, true, true])
        for _ in 0..<50 {
            self.lose(tickets[0], in: &log)
            #expect(self.missed("0", offset, in: &log) == [])
        }
        #expect(log.sessionCount == 0)
    }

    @Test("Whoever is recovered has every event once, in order", arguments: 0..<20)
    func property(seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 900)
        var log = self.makeLog { $0.maxPackets = 40 }
        let rooms = ["x", "y", "z"]
        struct Client {
            var ticket: RecoveryTicket
            var rooms: [String]
            var isConnected = true
            var received: [String] = []
            var owed: [String] = []
            var offset = ""
        }
        func makeClient(_ number: Int) -> Client {
            Client(ticket: log.makeTicket(pid: "\(number)"), rooms: rooms.shuffled(using: &random).dropLast())
        }
        var clients = (0..<4).map(makeClient)
        var recoveries = 0
        for step in 0..<600 {
            let index = Int.random(in: 0..<clients.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where clients[index].isConnected:
                clients[index].isConnected = false
                log.store(
                    RecoverableSession(
                        sid: "s\(index)", ticket: clients[index].ticket, rooms: clients[index].rooms, data: nil),
                    now: Self.start)
            case 1 where !clients[index].isConnected:
                guard let missed = self.missed(clients[index].ticket.pid, clients[index].offset, in: &log) else {
                    // Too old, or it never had anything: a client afresh.
                    clients[index] = makeClient(step + 100)
                    continue
                }
                recoveries += 1
                clients[index].received += missed
                clients[index].isConnected = true
                #expect(clients[index].received == clients[index].owed)
                if let last = missed.last { clients[index].offset = last }
            default:
                let target = BroadcastTarget(
                    rooms: Array(rooms.shuffled(using: &random).prefix(Int.random(in: 0..<2, using: &random))),
                    except: Array(rooms.shuffled(using: &random).prefix(Int.random(in: 0..<2, using: &random))))
                var offset = ""
                _ = log.append(to: target, now: Self.start) {
                    offset = $0
                    return EncodedPacket(text: ByteBuffer(string: offset))
                }
                for index in clients.indices {
                    let isMeant =
                        (target.rooms.isEmpty || !Set(target.rooms).isDisjoint(with: clients[index].rooms))
                        && Set(target.except).isDisjoint(with: clients[index].rooms)
                    guard isMeant else { continue }
                    clients[index].owed.append(offset)
                    guard clients[index].isConnected else { continue }
                    clients[index].received.append(offset)
                    clients[index].offset = offset
                }
            }
        }
        #expect(recoveries > 10)
    }
}
