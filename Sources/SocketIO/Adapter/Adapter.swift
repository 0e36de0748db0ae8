package import NIOCore

/// Who is in which room, and how an event reaches them on every server: one adapter per namespace.
///
/// The ``LocalAdapter`` is complete for one server. An adapter for a cluster wraps one: it keeps its members there, sends
/// what concerns others to them, and does what they ask of it on its own ``AdapterContext/host``. What any adapter must do
/// is written down as tests: the suite of the target `AdapterContract`.
///
/// Everything may be called from any thread and returns at once; calls of one thread take effect in their order. Whatever
/// is told to other servers happens there a little later, or not at all where the way to them is cut: adapters do not throw.
package protocol Adapter<Member>: Sendable {
    associatedtype Member: RoomMember

    // MARK: Members of this server

    /// Enters a member, as the CONNECT is accepted.
    func insert(_ member: Member)
    /// Takes a member out of everything; the rooms it was in.
    func remove(_ member: Member) -> [String]
    /// Puts a member into rooms; false once it has left the namespace.
    @discardableResult
    func join(_ member: Member, rooms: [String]) -> Bool
    func leave(_ member: Member, rooms: [String])
    /// A member's rooms, its own first; empty once it has left.
    func rooms(of member: Member) -> [String]
    func isMember(_ member: Member, of room: String) -> Bool
    /// The member of this server with this id.
    func localMember(_ id: String) -> Member?
    /// The members of this server in a target, each once.
    func localMembers(_ target: BroadcastTarget) -> [Member]
    /// Members of this server.
    var localCount: Int { get }

    // MARK: Members of all servers, unless `flags.local`

    /// Sends an event to everybody in the target.
    func broadcast(_ event: BroadcastEvent, to target: BroadcastTarget, flags: BroadcastFlags)
    /// Sends an event to everybody in the target and gathers the answers.
    ///
    /// `answers` is called once: when everybody has answered or gone, or with what has come when time is out.
    func ask(
        _ event: BroadcastEvent, of target: BroadcastTarget, flags: BroadcastFlags, timeout: TimeAmount,
        answers: @escaping @Sendable (BroadcastAnswers) -> Void)
    /// Who is in the target; without those of servers that do not answer in time.
    func members(_ target: BroadcastTarget, flags: BroadcastFlags) async -> MemberList<Member>
    /// Puts everybody in the target into rooms.
    func join(_ target: BroadcastTarget, rooms: [String], flags: BroadcastFlags)
    /// Takes everybody in the target out of rooms.
    func leave(_ target: BroadcastTarget, rooms: [String], flags: BroadcastFlags)
    /// Disconnects everybody in the target.
    func disconnect(_ target: BroadcastTarget, close: Bool, flags: BroadcastFlags)

    // MARK: Servers

    /// How many servers share the namespace, this one included.
    func serverCount() async -> Int
    /// Sends an event to all other servers.
    func serverSideEmit(_ event: BroadcastEvent)
    /// Sends an event to all other servers and gathers one answer of each; see
    /// ``ask(_:of:flags:timeout:answers:)``.
    func serverSideAsk(
        _ event: BroadcastEvent, timeout: TimeAmount, answers: @escaping @Sendable (BroadcastAnswers) -> Void)

    // MARK: Recovery of sessions whose connection was lost

    /// What a new member needs to be recovered later; nil where sessions are not recovered.
    ///
    /// A member with a ticket is sent to through ``send(_:to:flags:)``; all its events but those that may be dropped and those that ask
    /// for an answer have an offset as their last argument.
    func makeTicket() -> RecoveryTicket?
    /// Sends an event to one member of this server, even before it is entered; `flags` are local, and it may not be dropped.
    func send(_ event: BroadcastEvent, to member: Member, flags: BroadcastFlags)
    /// Keeps the session of a member that was just removed.
    func store(_ session: RecoverableSession, of member: Member)
    /// The session of a client that comes back; nil where it must start afresh. Both parameters are what the client says.
    func session(pid: String, offset: String) async -> RecoverableSession?
    /// Enters a member in the place of the one that was lost, in the same rooms; what that one missed, in order.
    ///
    /// Nil where the session is no longer there: it expired, or another connection took it.
    func resume(_ member: Member, pid: String, offset: String) -> [EncodedPacket]?

    /// The namespace goes away: nothing is sent or received any more. Nothing may be called afterwards.
    func close()
}

/// Adapters that do not recover sessions.
extension Adapter {
    package func makeTicket() -> RecoveryTicket? { nil }
    package func send(_ event: BroadcastEvent, to member: Member, flags: BroadcastFlags) {
        self.broadcast(event, to: BroadcastTarget(rooms: [member.id]), flags: flags)
    }
    package func store(_ session: RecoverableSession, of member: Member) {}
    package func session(pid: String, offset: String) async -> RecoverableSession? { nil }
    package func resume(_ member: Member, pid: String, offset: String) -> [EncodedPacket]? { nil }
}

/// What an adapter needs of its namespace on this server.
package protocol AdapterHost<Member>: Sendable {
    associatedtype Member: RoomMember

    /// Delivers an event to each recipient; called once per broadcast.
    ///
    /// - Parameter packet: the event, encoded once for all.
    func deliver(
        _ event: BroadcastEvent, as packet: EncodedPacket, to recipients: [Member], flags: BroadcastFlags)

    /// As ``deliver(_:as:to:flags:)``, but never at once: recipients get it in a later turn of their event loops, behind
    /// everything that was handed over before. May be called under a lock, which then decides the order.
    func enqueue(
        _ event: BroadcastEvent, as packet: EncodedPacket, to recipients: [Member], flags: BroadcastFlags)

    /// Delivers an event that asks for an answer, and says of each recipient once what came of it: in time, the answers
    /// and departures; then, unless there was one of everybody, ``AskOutcome/timedOut``.
    func ask(
        _ event: BroadcastEvent, of recipients: [Member], flags: BroadcastFlags, timeout: TimeAmount,
        outcome: @escaping @Sendable (AskOutcome) -> Void)

    /// What other servers may know of a member.
    func describe(_ member: Member, rooms: [String]) -> MemberDescription

    /// Disconnects members.
    func disconnect(_ members: [Member], close: Bool)

    /// Runs `work` on the member's event loop after a while, and again after what it returns, until that is nil.
    func schedule(after delay: TimeAmount, near member: Member, _ work: @escaping @Sendable () -> TimeAmount?)

    /// Another server sent an event; `answer` where it waits for one, to be called at most once.
    func receiveServerSide(_ event: BroadcastEvent, answer: (@Sendable (EventArguments) -> Void)?)
}

/// What came of one recipient of a question.
package enum AskOutcome: Sendable, Hashable {
    case answered(EventArguments)
    /// It left without an answer.
    case left
    /// The time of all that have not answered is out.
    case timedOut
}

/// What an adapter is made from.
package struct AdapterContext<Member: RoomMember>: Sendable {
    /// The namespace's name; empty for a template of dynamic namespaces, which has no members.
    package let namespace: String
    /// How packets are written for the members of this server.
    package let codec: PacketCodec
    package let host: any AdapterHost<Member>
    /// What the application wants of recovery; nil for none. An adapter that cannot do it leaves it.
    package var recovery: RecoveryConfiguration?

    package init(
        namespace: String, codec: PacketCodec = .text, host: any AdapterHost<Member>,
        recovery: RecoveryConfiguration? = nil
    ) {
        self.namespace = namespace
        self.codec = codec
        self.host = host
        self.recovery = recovery
    }

    /// The event as it goes to members of this server.
    package func encode(_ event: BroadcastEvent) -> EncodedPacket {
        self.codec.event(event.name, event.arguments, namespace: self.namespace)
    }
}
