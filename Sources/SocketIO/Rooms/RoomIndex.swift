/// What can be a member of rooms: one socket of one namespace.
package protocol RoomMember: AnyObject, Sendable {
    /// Unique in the namespace; also the name of the member's own room.
    var id: String { get }
    /// Whether it goes on in the place of one that was lost, whose events it is sent as it is entered.
    var isRecovered: Bool { get }
}

extension RoomMember {
    package var isRecovered: Bool { false }
}

/// Who is in which room of one namespace.
///
/// A room's members are an array behind copy-on-write, so that a broadcast takes a snapshot in constant time and
/// nothing is held locked while it is sent. A member's own room costs no storage: it is the entry in ``members``.
package struct RoomIndex<Member: RoomMember> {
    struct Room {
        var members: [Member] = []
        /// Where each member stands, kept only once a search would be slow.
        var positions: [ObjectIdentifier: Int]?

        static var indexedSize: Int { 32 }

        mutating func append(_ member: Member) {
            self.positions?[ObjectIdentifier(member)] = self.members.count
            self.members.append(member)
            if self.positions == nil, self.members.count > Self.indexedSize {
                self.positions = Dictionary(
                    uniqueKeysWithValues: self.members.enumerated().map { (ObjectIdentifier($1), $0) })
            }
        }

        mutating func remove(_ member: Member) {
            let identity = ObjectIdentifier(member)
            let found = self.positions.map { $0[identity] } ?? self.members.firstIndex { $0 === member }
            guard let position = found else { return }
            self.members.swapAt(position, self.members.count - 1)
            self.members.removeLast()
            self.positions?[identity] = nil
            if position < self.members.count {
                self.positions?[ObjectIdentifier(self.members[position])] = position
            }
        }
    }

    private struct Entry {
        let member: Member
        /// Rooms besides the member's own, in the order of joining.
        var rooms: [String] = []
    }

    private var entries: [String: Entry] = [:]
    private var everybody = Room()
    /// The rooms with members, without the members' own.
    private(set) var rooms: [String: Room] = [:]

    package init() {}

    package var count: Int { self.everybody.members.count }

    package func member(_ id: String) -> Member? {
        self.entries[id]?.member
    }

    /// Enters a member, unless its id is there already; only then can it join rooms.
    package mutating func insert(_ member: Member) {
        guard self.entries[member.id] == nil else { return }
        self.entries[member.id] = Entry(member: member)
        self.everybody.append(member)
    }

    /// Takes a member out of all its rooms and of the index; the rooms it was in, its own first.
    @discardableResult
    package mutating func remove(_ member: Member) -> [String] {
        guard let entry = self.entries.removeValue(forKey: member.id) else { return [] }
        self.everybody.remove(member)
        for room in entry.rooms { self.removeFromRoom(member, room) }
        return [member.id] + entry.rooms
    }

    /// - Returns: whether the member is in the index; one that has left joins nothing.
    @discardableResult
    package mutating func join(_ member: Member, _ room: String) -> Bool {
        guard let entry = self.entries[member.id], entry.member === member else { return false }
        guard room != member.id, !entry.rooms.contains(room) else { return true }
        self.entries[member.id]?.rooms.append(room)
        self.rooms[room, default: Room()].append(member)
        return true
    }

    package mutating func leave(_ member: Member, _ room: String) {
        guard let position = self.entries[member.id]?.rooms.firstIndex(of: room) else { return }
        self.entries[member.id]?.rooms.remove(at: position)
        self.removeFromRoom(member, room)
    }

    /// The member's rooms, its own first; empty once it has left.
    package func rooms(of member: Member) -> [String] {
        guard let entry = self.entries[member.id], entry.member === member else { return [] }
        return [member.id] + entry.rooms
    }

    /// Whether the member is in the room.
    package func isMember(_ member: Member, of room: String) -> Bool {
        guard let entry = self.entries[member.id], entry.member === member else { return false }
        return room == member.id || entry.rooms.contains(room)
    }

    private mutating func removeFromRoom(_ member: Member, _ room: String) {
        self.rooms[room]?.remove(member)
        if self.rooms[room]?.members.isEmpty == true { self.rooms[room] = nil }
    }

    // MARK: Recipients

    /// Lists of members that must still be joined and filtered: taken under a lock, worked on outside it.
    package struct Snapshot {
        fileprivate var included: [[Member]]
        fileprivate var excluded: [[Member]]

        /// Everybody in the target, once.
        package var recipients: [Member] {
            guard self.included.count > 1 else { return self.remaining(of: self.included.first ?? []) }
            var seen: Set<ObjectIdentifier> = []
            for members in self.excluded { seen.formUnion(members.lazy.map { ObjectIdentifier($0) }) }
            var recipients: [Member] = []
            recipients.reserveCapacity(self.included.reduce(0) { $0 + $1.count })
            for members in self.included {
                recipients.append(contentsOf: members.lazy.filter { seen.insert(ObjectIdentifier($0)).inserted })
            }
            return recipients
        }

        /// One list, in which nobody is twice: only who is excepted has to be found, mostly the sender alone.
        private func remaining(of members: [Member]) -> [Member] {
            switch self.excluded.reduce(0, { $0 + $1.count }) {
            case 0:
                return members
            case ...4:
                let excepted = self.excluded.flatMap { $0 }
                return members.filter { member in !excepted.contains { $0 === member } }
            default:
                let excepted = Set(self.excluded.joined().lazy.map { ObjectIdentifier($0) })
                return members.filter { !excepted.contains(ObjectIdentifier($0)) }
            }
        }
    }

    package func snapshot(_ target: BroadcastTarget) -> Snapshot {
        let included = target.rooms.isEmpty ? [self.everybody.members] : target.rooms.compactMap(self.list)
        return Snapshot(included: included, excluded: target.except.compactMap(self.list))
    }

    /// A room's members: a public room's, or the one whose own room it is.
    private func list(_ room: String) -> [Member]? {
        let shared = self.rooms[room]?.members
        guard let owner = self.entries[room]?.member else { return shared }
        return (shared ?? []) + [owner]
    }
}
