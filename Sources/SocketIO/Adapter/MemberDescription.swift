/// What servers tell one another of a member.
package struct MemberDescription: Sendable, Hashable {
    package var id: String
    /// Its own room first.
    package var rooms: [String]
    /// The request that started its connection, as applications of the Node server see it.
    package var handshake: JSONValue
    /// What the application remembers of it, as far as that can be told.
    package var data: JSONValue

    package init(id: String, rooms: [String], handshake: JSONValue = [:], data: JSONValue = .null) {
        self.id = id
        self.rooms = rooms
        self.handshake = handshake
        self.data = data
    }
}

/// A member, wherever it is.
package enum MemberReference<Member: RoomMember>: Sendable {
    case local(Member)
    case remote(MemberDescription)

    package var id: String {
        switch self {
        case .local(let member): member.id
        case .remote(let description): description.id
        }
    }
}

/// The members of a target on all servers.
package struct MemberList<Member: RoomMember>: Sendable {
    package var members: [MemberReference<Member>]
    /// False when a server did not answer in time.
    package var isComplete: Bool

    package init(_ members: [MemberReference<Member>], isComplete: Bool = true) {
        self.members = members
        self.isComplete = isComplete
    }
}
