internal import Synchronization

/// The adapter of a single node: rooms in memory, recipients computed here, one call to the sink.
package final class LocalAdapter<Member: RoomMember>: Adapter {
    private let index = Mutex(RoomIndex<Member>())
    private let sink: any BroadcastSink<Member>

    package init(sink: any BroadcastSink<Member>) {
        self.sink = sink
    }

    package func insert(_ member: Member) {
        self.index.withLock { $0.insert(member) }
    }

    package func remove(_ member: Member) -> [String] {
        self.index.withLock { $0.remove(member) }
    }

    @discardableResult
    package func join(_ member: Member, rooms: [String]) -> Bool {
        self.index.withLock { index in
            rooms.reduce(true) { index.join(member, $1) && $0 }
        }
    }

    package func leave(_ member: Member, rooms: [String]) {
        self.index.withLock { index in
            for room in rooms { index.leave(member, room) }
        }
    }

    package func rooms(of member: Member) -> [String] {
        self.index.withLock { $0.rooms(of: member) }
    }

    package func isMember(_ member: Member, of room: String) -> Bool {
        self.index.withLock { $0.isMember(member, of: room) }
    }

    package func localMember(_ id: String) -> Member? {
        self.index.withLock { $0.member(id) }
    }

    package func localMembers(_ target: BroadcastTarget) -> [Member] {
        self.snapshot(target).recipients
    }

    package var localCount: Int {
        self.index.withLock { $0.count }
    }

    package func broadcast(_ packet: EncodedPacket, to target: BroadcastTarget, flags: BroadcastFlags) {
        let recipients = self.snapshot(target).recipients
        guard !recipients.isEmpty else { return }
        self.sink.deliver(packet, to: recipients, flags: flags)
    }

    /// Only references are taken under the lock; sets are joined and filtered outside it.
    private func snapshot(_ target: BroadcastTarget) -> RoomIndex<Member>.Snapshot {
        self.index.withLock { $0.snapshot(target) }
    }
}
