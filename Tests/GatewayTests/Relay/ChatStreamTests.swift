import Testing

@testable import Gateway

@Suite struct ChatStreamTests {
    private typealias Stream = ChatStream<Int64, String>

    /// What a step says, short enough to compare.
    private static func says(_ steps: [Stream.Step]) -> [String] {
        steps.map { step in
            switch step {
            case .broadcast(_, let number, let skipping):
                skipping.isEmpty ? "all \(number)" : "all \(number) but \(skipping.sorted().joined(separator: ","))"
            case .send(_, let number, let socket): "\(socket) \(number)"
            case .acknowledge(let receipt, let socket): "ack \(receipt) to \(socket)"
            case .admit(let socket): "admit \(socket)"
            }
        }
    }

    private static func events(_ numbers: Int64...) -> [(number: Int64, event: Int64)] {
        numbers.map { ($0, $0) }
    }

    @Test func releasesInTheOrderOfTheNumbers() {
        var stream = Stream()
        #expect(Self.says(stream.accept(Self.events(1))) == ["all 1"])
        #expect(Self.says(stream.accept(Self.events(3))).isEmpty)
        #expect(stream.gap == 2...2)
        #expect(Self.says(stream.accept(Self.events(4, 2))) == ["all 2", "all 3", "all 4"])
        #expect(stream.gap == nil)
    }

    @Test func dropsWhatIsOutOrWaitsAlready() {
        var stream = Stream(released: 5)
        #expect(Self.says(stream.accept(Self.events(3, 5))).isEmpty)
        #expect(Self.says(stream.accept(Self.events(7, 7))).isEmpty)
        #expect(Self.says(stream.accept(Self.events(6, 7))) == ["all 6", "all 7"])
    }

    @Test func holdsWhatItCannotPlace() {
        var stream = Stream()
        #expect(Self.says(stream.accept(Self.events(9))).isEmpty)
        #expect(stream.needsBaseline)
        #expect(Self.says(stream.adopt(Self.events(7, 8))) == ["all 7", "all 8", "all 9"])
        #expect(!stream.needsBaseline)
        #expect(Self.says(stream.accept(Self.events(8, 10))) == ["all 10"])
    }

    @Test func adoptsWithoutRecentEvents() {
        var stream = Stream()
        _ = stream.accept(Self.events(42))
        #expect(Self.says(stream.adopt([])) == ["all 42"])
    }

    @Test func anAckTakesItsPlace() {
        var stream = Stream(released: 0)
        #expect(Self.says(stream.accept(Self.events(2), receipt: ("b", "s", 2))).isEmpty)
        #expect(Self.says(stream.accept(Self.events(3), receipt: ("c", "s", 3))).isEmpty)
        #expect(
            Self.says(stream.accept(Self.events(1))) == ["all 1", "all 2", "ack b to s", "all 3", "ack c to s"])
        #expect(Self.says(stream.accept([], receipt: ("a", "s", 1))) == ["ack a to s"])
    }

    @Test func anAckWithNothingToWaitForGoesOutAtOnce() {
        var stream = Stream()
        #expect(Self.says(stream.accept([], receipt: ("a", "s", 12))) == ["ack a to s"])
        #expect(Self.says(stream.accept(Self.events(20), receipt: ("b", "s", 20))).isEmpty)
        #expect(Self.says(stream.adopt([])) == ["all 20", "ack b to s"])
    }

    @Test func aJoinIsABarrierForTheOneWhoJoins() {
        var stream = Stream(released: 4)
        stream.begin(socket: "j", isMember: false)
        #expect(Self.says(stream.accept(Self.events(5))) == ["all 5 but j"])
        #expect(Self.says(stream.accept(Self.events(6))) == ["all 6 but j"])
        #expect(
            Self.says(stream.complete(socket: "j", snapshot: 5, receipt: "joined"))
                == ["ack joined to j", "admit j", "j 6"])
        #expect(Self.says(stream.accept(Self.events(7))) == ["all 7"])
    }

    @Test func aSnapshotMayBeAheadOfWhatIsOut() {
        var stream = Stream(released: 4)
        stream.begin(socket: "j", isMember: false)
        #expect(
            Self.says(stream.complete(socket: "j", snapshot: 6, receipt: "joined")) == ["ack joined to j", "admit j"])
        #expect(
            Self.says(stream.accept(Self.events(5, 6, 7))) == ["all 5 but j", "all 6 but j", "all 7"])
    }

    @Test func acksOfAJoiningSocketComeAfterTheJoin() {
        var stream = Stream(released: 4)
        stream.begin(socket: "j", isMember: true)
        #expect(
            Self.says(stream.accept(Self.events(5, 6), receipt: ("own", "j", 6))) == ["all 5 but j", "all 6 but j"])
        #expect(
            Self.says(stream.complete(socket: "j", snapshot: 5, receipt: "joined"))
                == ["ack joined to j", "admit j", "j 6", "ack own to j"])
    }

    @Test(arguments: [true, false]) func aCancelledJoinKeepsMembersComplete(isMember: Bool) {
        var stream = Stream(released: 0)
        stream.begin(socket: "j", isMember: isMember)
        _ = stream.accept(Self.events(1), receipt: ("own", "j", 1))
        #expect(Self.says(stream.cancel(socket: "j")) == (isMember ? ["j 1", "ack own to j"] : ["ack own to j"]))
        #expect(Self.says(stream.accept(Self.events(2))) == ["all 2"])
    }

    @Test func aSocketThatIsGoneLeavesNothing() {
        var stream = Stream(released: 0)
        stream.begin(socket: "j", isMember: false)
        _ = stream.accept([], receipt: ("own", "k", 3))
        stream.forget(sockets: ["j", "k"])
        #expect(stream.isIdle)
        #expect(Self.says(stream.complete(socket: "j", snapshot: 1, receipt: "joined")).isEmpty)
        #expect(Self.says(stream.accept(Self.events(1, 2, 3))) == ["all 1", "all 2", "all 3"])
    }

    @Test func givesUpNumbersThatDoNotExist() {
        var stream = Stream(released: 1)
        _ = stream.accept(Self.events(4))
        #expect(Self.says(stream.abandonGap()) == ["all 4"])
    }

    /// Events in any order, some twice, members, joins with any snapshot in between, acks: whoever is in hears every number
    /// once, in order, and whoever joins every number above the snapshot.
    @Test(arguments: 0..<200) func anyInterleavingKeepsThePromises(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let count = Int64.random(in: 5...40, using: &generator)
        var model = StreamModel(stream: Stream(), count: count)
        model.addMember("member")

        // A window of tasks hands in committed events in any order.
        var committed: Int64 = 0
        var inFlight: [Int64] = []
        var joins = 0
        while committed < count || !inFlight.isEmpty {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4 where committed < count:
                committed += 1
                inFlight.append(committed)
            case 4..<8 where !inFlight.isEmpty:
                let number = inFlight.remove(at: Int.random(in: inFlight.indices, using: &generator))
                model.handIn(number, ackTo: Bool.random(using: &generator) ? "member" : nil)
                if Bool.random(using: &generator) { model.handIn(number, ackTo: nil) }
            case 8:
                joins += 1
                model.begin("join\(joins)")
            default:
                // The snapshot is read after the beginning, and sees everything that was committed.
                model.completeOldest(snapshot: committed)
            }
        }
        while model.hasJoining { model.completeOldest(snapshot: committed) }
        try model.check()
    }
}

/// Performs the steps of a stream on sockets that remember what they saw.
private struct StreamModel {
    var stream: ChatStream<Int64, String>
    let count: Int64
    private var rooms: Set<String> = []
    private var seen: [String: [Int64]] = [:]
    private var log: [String: [String]] = [:]
    private var snapshots: [String: Int64] = [:]
    private var joining: [String] = []
    /// Numbers that the repair brought before their own hand-in.
    private var adopted: Set<Int64> = []

    init(stream: ChatStream<Int64, String>, count: Int64) {
        self.stream = stream
        self.count = count
    }

    var hasJoining: Bool { !self.joining.isEmpty }

    mutating func addMember(_ socket: String) {
        self.rooms.insert(socket)
        self.snapshots[socket] = 0
    }

    mutating func handIn(_ number: Int64, ackTo socket: String?) {
        self.perform(
            self.stream.accept(
                [(number: number, event: number)], receipt: socket.map { ("\(number)", $0, number) }))
        // The shell's answer to a missing baseline: what the outbox has, which in this model is all in flight.
        guard self.stream.needsBaseline else { return }
        self.adopted.formUnion(1..<number)
        self.perform(self.stream.adopt((1..<number).map { ($0, $0) }))
    }

    mutating func begin(_ socket: String) {
        self.stream.begin(socket: socket, isMember: false)
        self.joining.append(socket)
    }

    mutating func completeOldest(snapshot: Int64) {
        guard !self.joining.isEmpty else { return }
        let socket = self.joining.removeFirst()
        self.snapshots[socket] = snapshot
        self.perform(self.stream.complete(socket: socket, snapshot: snapshot, receipt: "joined"))
    }

    private mutating func perform(_ steps: [ChatStream<Int64, String>.Step]) {
        for step in steps {
            switch step {
            case .broadcast(_, let number, let skipping):
                for socket in self.rooms where !skipping.contains(socket) { self.deliver(number, socket) }
            case .send(_, let number, let socket):
                self.deliver(number, socket)
            case .acknowledge(let receipt, let socket):
                self.log[socket, default: []].append("ack \(receipt)")
            case .admit(let socket):
                self.rooms.insert(socket)
            }
        }
    }

    private mutating func deliver(_ number: Int64, _ socket: String) {
        self.seen[socket, default: []].append(number)
        self.log[socket, default: []].append("\(number)")
    }

    func check() throws {
        for (socket, snapshot) in self.snapshots {
            let expected = snapshot < self.count ? Array((snapshot + 1)...self.count) : []
            #expect(self.seen[socket, default: []] == expected, "\(socket) from \(snapshot)")
        }
        // An ack stands right behind its own number, unless that was out before it came.
        let log = self.log["member", default: []]
        for (index, entry) in log.enumerated() where entry.hasPrefix("ack ") {
            let number = try #require(Int64(entry.dropFirst(4)))
            #expect(log[..<index].compactMap { Int64($0) }.contains(number))
            guard !self.adopted.contains(number) else { continue }
            #expect(log[..<index].compactMap { Int64($0) }.last == number)
        }
    }
}
