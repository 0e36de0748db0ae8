package import NIOCore
internal import Synchronization

/// The adapter of a single server: rooms in memory, recipients computed here, one call to the host.
package final class LocalAdapter<Member: RoomMember>: Adapter {
    private let index = Mutex(RoomIndex<Member>())
    private let context: AdapterContext<Member>
    private let recovery: SessionRecovery<Member>?

    package init(_ context: AdapterContext<Member>) {
        self.context = context
        self.recovery = context.recovery.map { SessionRecovery($0, context) }
    }

    // MARK: Members

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
        // Only references are taken under the lock; sets are joined and filtered outside it.
        self.index.withLock { $0.snapshot(target) }.recipients
    }

    package var localCount: Int {
        self.index.withLock { $0.count }
    }

    // MARK: Everybody in a target

    package func broadcast(_ event: BroadcastEvent, to target: BroadcastTarget, flags: BroadcastFlags) {
        if let recovery, !flags.mayBeDropped {
            return recovery.publish(event, to: target, flags: flags) { self.localMembers(target) }
        }
        let recipients = self.localMembers(target)
        guard !recipients.isEmpty else { return }
        self.context.host.deliver(event, as: self.context.encode(event), to: recipients, flags: flags)
    }

    package func ask(
        _ event: BroadcastEvent, of target: BroadcastTarget, flags: BroadcastFlags, timeout: TimeAmount,
        answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) {
        self.ask(event, of: target, flags: flags, timeout: timeout, into: BroadcastGathering(answers))
    }

    /// As ``ask(_:of:flags:timeout:answers:)`` for the members of this server, whose answers are some among others.
    package func ask(
        _ event: BroadcastEvent, of target: BroadcastTarget, flags: BroadcastFlags, timeout: TimeAmount,
        into gathering: BroadcastGathering
    ) {
        let recipients = self.localMembers(target)
        gathering.counted(recipients.count)
        guard !recipients.isEmpty else { return }
        self.context.host.ask(event, of: recipients, flags: flags, timeout: timeout) { outcome in
            switch outcome {
            case .answered(let response):
                gathering.receive(response)
            case .left:
                gathering.receive(nil)
            case .timedOut:
                gathering.timeOut()
            }
        }
    }

    package func members(_ target: BroadcastTarget, flags: BroadcastFlags) async -> MemberList<Member> {
        MemberList(self.localMembers(target).map(MemberReference.local))
    }

    package func join(_ target: BroadcastTarget, rooms: [String], flags: BroadcastFlags) {
        for member in self.localMembers(target) { self.join(member, rooms: rooms) }
    }

    package func leave(_ target: BroadcastTarget, rooms: [String], flags: BroadcastFlags) {
        for member in self.localMembers(target) { self.leave(member, rooms: rooms) }
    }

    package func disconnect(_ target: BroadcastTarget, close: Bool, flags: BroadcastFlags) {
        self.context.host.disconnect(self.localMembers(target), close: close)
    }

    // MARK: Servers

    package func serverCount() async -> Int { 1 }

    package func serverSideEmit(_ event: BroadcastEvent) {}

    package func serverSideAsk(
        _ event: BroadcastEvent, timeout: TimeAmount, answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) {
        answers(BroadcastAnswers())
    }

    package func close() {}

    // MARK: Recovery

    package func makeTicket() -> RecoveryTicket? { self.recovery?.makeTicket() }

    package func send(_ event: BroadcastEvent, to member: Member, flags: BroadcastFlags) {
        guard let recovery else {
            return self.context.host.deliver(event, as: self.context.encode(event), to: [member], flags: flags)
        }
        recovery.publish(event, to: BroadcastTarget(rooms: [member.id]), flags: flags) {
            // One that is on its way in gets it with what it missed.
            member.isRecovered && self.localMember(member.id) !== member ? [] : [member]
        }
    }

    package func store(_ session: RecoverableSession, of member: Member) {
        self.recovery?.store(session, of: member)
    }

    package func session(pid: String, offset: String) async -> RecoverableSession? {
        self.recovery?.session(pid: pid, offset: offset)
    }

    package func resume(_ member: Member, pid: String, offset: String) -> [EncodedPacket]? {
        self.recovery?.resume(pid: pid, offset: offset) { session in
            self.insert(member)
            self.join(member, rooms: session.rooms)
        }
    }
}
