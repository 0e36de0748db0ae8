import Testing

@testable import SocketIO

final class TestMember: RoomMember {
    let id: String

    init(_ id: String) {
        self.id = id
    }
}

@Suite struct RoomIndexTests {
    private let ana = TestMember("ana")
    private let bob = TestMember("bob")
    private let eve = TestMember("eve")

    private func index() -> RoomIndex<TestMember> {
        var index = RoomIndex<TestMember>()
        for member in [self.ana, self.bob, self.eve] { index.insert(member) }
        index.join(self.ana, "x")
        index.join(self.bob, "x")
        index.join(self.bob, "y")
        return index
    }

    @Test(
        arguments: [
            ([], [], ["ana", "bob", "eve"]),
            (["x"], [], ["ana", "bob"]),
            (["x", "y"], [], ["ana", "bob"]),
            (["y", "eve"], [], ["bob", "eve"]),
            (["eve"], [], ["eve"]),
            (["nowhere"], [], []),
            (["x"], ["bob"], ["ana"]),
            (["x"], ["y"], ["ana"]),
            ([], ["x"], ["eve"]),
            ([], ["nowhere"], ["ana", "bob", "eve"]),
            (["ana", "x"], ["ana"], ["bob"]),
        ] as [([String], [String], [String])])
    func recipients(rooms: [String], except: [String], expected: [String]) {
        let recipients = self.index().snapshot(BroadcastTarget(rooms: rooms, except: except)).recipients
        #expect(recipients.map(\.id).sorted() == expected)
    }

    @Test func leavingAndJoining() {
        var index = self.index()
        #expect(index.rooms(of: self.bob) == ["bob", "x", "y"])
        index.leave(self.bob, "y")
        index.leave(self.bob, "bob")
        index.leave(self.bob, "nowhere")
        #expect(index.rooms(of: self.bob) == ["bob", "x"])
        #expect(Array(index.rooms.keys) == ["x"])
        let removed = [index.remove(self.bob), index.remove(self.bob)]
        #expect(removed == [["bob", "x"], []])
        let rejoined = index.join(self.bob, "x")
        #expect(!rejoined)
        #expect(index.rooms(of: self.bob) == [])
        #expect(!index.isMember(self.bob, of: "bob"))
        let removedLast = index.remove(self.ana)
        #expect(removedLast == ["ana", "x"])
        #expect(index.rooms.isEmpty)
        #expect(index.count == 1)
    }

    @Test("A snapshot does not change under those who read it")
    func snapshotsStand() {
        var index = self.index()
        let snapshot = index.snapshot(BroadcastTarget(rooms: ["x"]))
        index.remove(self.ana)
        #expect(snapshot.recipients.map(\.id).sorted() == ["ana", "bob"])
    }

    @Test("Behaves as sets do", arguments: 0..<10)
    func model(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var index = RoomIndex<TestMember>()
        var model: [String: Set<String>] = [:]
        let members = (0..<80).map { TestMember("m\($0)") }
        let rooms = ["a", "b", "c", "m1"]
        for _ in 0..<3000 {
            guard let member = members.randomElement(using: &random), let room = rooms.randomElement(using: &random)
            else { continue }
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                index.remove(member)
                model[member.id] = nil
            case 1...4:
                index.insert(member)
                model[member.id] = model[member.id] ?? [member.id]
            case 5...7:
                index.join(member, room)
                model[member.id]?.insert(room)
            default:
                index.leave(member, room)
                if room != member.id { model[member.id]?.remove(room) }
            }
        }
        for room in rooms {
            let expected = model.filter { $0.value.contains(room) }.keys.sorted()
            let recipients = index.snapshot(BroadcastTarget(rooms: [room])).recipients
            #expect(recipients.map(\.id).sorted() == expected)
        }
        let both = index.snapshot(BroadcastTarget(rooms: ["a", "b"], except: ["c"])).recipients.map(\.id)
        let expected = model.filter { !$0.value.isDisjoint(with: ["a", "b"]) && !$0.value.contains("c") }.keys
        #expect(both.sorted() == expected.sorted())
        #expect(index.count == model.count)
    }
}
