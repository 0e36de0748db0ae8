/// Who is in which room, and how a packet reaches them: one adapter per namespace.
///
/// The in-process ``LocalAdapter`` is complete for one node. An adapter for several nodes wraps it: it publishes the
/// same encoded packet and hands what it receives to the same local sink.
package protocol Adapter<Member>: Sendable {
    associatedtype Member: RoomMember

    /// Enters a member, as the CONNECT is accepted.
    func insert(_ member: Member)
    /// Takes a member out of everything; the rooms it was in.
    func remove(_ member: Member) -> [String]
    /// Puts a member into rooms; false once it has left the namespace.
    @discardableResult
    func join(_ member: Member, rooms: [String]) -> Bool
    func leave(_ member: Member, rooms: [String])
    /// A member's rooms, its own first.
    func rooms(of member: Member) -> [String]
    func isMember(_ member: Member, of room: String) -> Bool

    /// The member of this node with this id.
    func localMember(_ id: String) -> Member?
    /// The members of this node in a target, each once.
    func localMembers(_ target: BroadcastTarget) -> [Member]
    /// Members of this node.
    var localCount: Int { get }

    /// Sends one packet, already encoded, to everybody in the target.
    func broadcast(_ packet: EncodedPacket, to target: BroadcastTarget, flags: BroadcastFlags)
}

/// Where an adapter hands over a broadcast for members of this node.
package protocol BroadcastSink<Member>: Sendable {
    associatedtype Member: RoomMember

    /// Delivers one packet to each recipient; called once per broadcast.
    func deliver(_ packet: EncodedPacket, to recipients: [Member], flags: BroadcastFlags)
}
