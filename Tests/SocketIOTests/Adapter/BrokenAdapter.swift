import AdapterContract
import NIOCore
import SocketIO
import Synchronization

/// A `LocalAdapter` whose recovery has one fault, as an adapter of somebody's own might have it.
final class BrokenAdapter: Adapter {
    typealias Member = ContractMember

    enum Fault: CaseIterable {
        case givesNoTickets, givesOneTicketToAll, offersTicketsUnasked, sendsToEverybody, sendsToMembersOnly
        case numbersVolatileEvents, storesNothing, believesAnyOffset, takesSessionsOfOthers, comesBackTwice
        case forgetsRooms, forgetsData, forgetsMissed, reordersMissed, repeatsHeard, entersNobody
        case keepsEverything, neverForgets
    }

    private let fault: Fault
    private let local: LocalAdapter<ContractMember>
    private let ticket: RecoveryTicket?
    private let last = Mutex<(session: RecoverableSession, offset: String)?>(nil)

    init(_ context: AdapterContext<ContractMember>, _ fault: Fault) {
        var context = context
        switch fault {
        case .offersTicketsUnasked: context.recovery = RecoveryConfiguration()
        case .keepsEverything: context.recovery?.maxPackets = .max
        case .neverForgets: context.recovery?.maxDisconnectionDuration = .hours(1)
        default: break
        }
        self.fault = fault
        self.local = LocalAdapter(context)
        self.ticket = self.local.makeTicket()
    }

    // MARK: What is as it should be

    func insert(_ member: ContractMember) { self.local.insert(member) }
    func remove(_ member: ContractMember) -> [String] { self.local.remove(member) }
    func join(_ member: ContractMember, rooms: [String]) -> Bool { self.local.join(member, rooms: rooms) }
    func leave(_ member: ContractMember, rooms: [String]) { self.local.leave(member, rooms: rooms) }
    func rooms(of member: ContractMember) -> [String] { self.local.rooms(of: member) }
    func isMember(_ member: ContractMember, of room: String) -> Bool { self.local.isMember(member, of: room) }
    func localMember(_ id: String) -> ContractMember? { self.local.localMember(id) }
    func localMembers(_ target: BroadcastTarget) -> [ContractMember] { self.local.localMembers(target) }
    var localCount: Int { self.local.localCount }

    func ask(
        _ event: BroadcastEvent, of target: BroadcastTarget, flags: BroadcastFlags, timeout: TimeAmount,
        answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) { self.local.ask(event, of: target, flags: flags, timeout: timeout, answers: answers) }
    func members(_ target: BroadcastTarget, flags: BroadcastFlags) async -> MemberList<ContractMember> {
        await self.local.members(target, flags: flags)
    }
    func join(_ target: BroadcastTarget, rooms: [String], flags: BroadcastFlags) {
        self.local.join(target, rooms: rooms, flags: flags)
    }
    func leave(_ target: BroadcastTarget, rooms: [String], flags: BroadcastFlags) {
        self.local.leave(target, rooms: rooms, flags: flags)
    }
    func disconnect(_ target: BroadcastTarget, close: Bool, flags: BroadcastFlags) {
        self.local.disconnect(target, close: close, flags: flags)
    }
    func serverCount() async -> Int { await self.local.serverCount() }
    func serverSideEmit(_ event: BroadcastEvent) { self.local.serverSideEmit(event) }
    func serverSideAsk(
        _ event: BroadcastEvent, timeout: TimeAmount, answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) { self.local.serverSideAsk(event, timeout: timeout, answers: answers) }
    func close() { self.local.close() }

    // MARK: What is not

    func broadcast(_ event: BroadcastEvent, to target: BroadcastTarget, flags: BroadcastFlags) {
        var flags = flags
        if self.fault == .numbersVolatileEvents { flags.volatile = false }
        self.local.broadcast(event, to: target, flags: flags)
    }

    func makeTicket() -> RecoveryTicket? {
        switch self.fault {
        case .givesNoTickets: nil
        case .givesOneTicketToAll: self.ticket
        default: self.local.makeTicket()
        }
    }

    func send(_ event: BroadcastEvent, to member: ContractMember, flags: BroadcastFlags) {
        switch self.fault {
        case .sendsToEverybody: self.local.broadcast(event, to: BroadcastTarget(), flags: flags)
        case .sendsToMembersOnly: self.local.broadcast(event, to: BroadcastTarget(rooms: [member.id]), flags: flags)
        default: self.local.send(event, to: member, flags: flags)
        }
    }

    func store(_ session: RecoverableSession, of member: ContractMember) {
        switch self.fault {
        case .storesNothing:
            break
        case .forgetsRooms:
            self.local.store(
                RecoverableSession(sid: session.sid, ticket: session.ticket, rooms: [session.sid], data: session.data),
                of: member)
        case .forgetsData:
            self.local.store(
                RecoverableSession(sid: session.sid, ticket: session.ticket, rooms: session.rooms, data: nil),
                of: member)
        default:
            self.last.withLock { $0 = (session, "") }
            self.local.store(session, of: member)
        }
    }

    func session(pid: String, offset: String) async -> RecoverableSession? {
        let kept = self.last.withLock { $0?.session }
        switch self.fault {
        case .believesAnyOffset: return kept?.ticket.pid == pid ? kept : nil
        case .takesSessionsOfOthers:
            guard let kept else { return nil }
            return await self.local.session(pid: kept.ticket.pid, offset: offset)
        case .comesBackTwice:
            let again = self.last.withLock { $0?.offset == offset ? $0?.session : nil }
            return await self.local.session(pid: pid, offset: offset) ?? again
        default: return await self.local.session(pid: pid, offset: offset)
        }
    }

    func resume(_ member: ContractMember, pid: String, offset: String) -> [EncodedPacket]? {
        let missed = self.local.resume(member, pid: pid, offset: offset)
        if missed != nil { self.last.withLock { $0?.offset = offset } }
        switch self.fault {
        case .forgetsMissed: return missed.map { _ in [] }
        case .reordersMissed: return missed.map { $0.reversed() }
        case .repeatsHeard: return missed.map { $0.prefix(1) + $0 }
        case .entersNobody:
            if missed != nil { _ = self.local.remove(member) }
            return missed
        default: return missed
        }
    }
}
