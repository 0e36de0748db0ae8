internal import Assignment
internal import NIOCore
internal import SocketIO

/// What the gateway needs of a connected socket: SocketServer's `Socket` in production, a recorder in tests.
///
/// Everything that is called from one place arrives in the order of the calls.
protocol ClientSocket: AnyObject, Sendable {
    /// The Socket.IO socket's id; also the name of its own room, so that it can be excepted from a broadcast.
    var id: String { get }

    /// Sends one event with one argument, already encoded.
    func emit(_ event: String, _ argument: ByteBuffer)

    func join(_ rooms: [Room])
    func leave(_ rooms: [Room])
    func isIn(_ room: Room) -> Bool

    /// Ends the Socket.IO session with `41`, and the transport soon after if the client does not; only for revoked or
    /// expired identities.
    func kick()
    /// Closes the transport without `41`: the client comes back by itself.
    func dropTransport()
}

/// Where a client waits for the answer to an event. Only the first answer goes out.
struct Ack: Sendable {
    /// The socket that waits.
    let socket: String
    /// Sends the answer's one argument, already encoded.
    let send: @Sendable (ByteBuffer) -> Void
}

/// Fan-out to rooms. One encoding serves all receivers.
protocol Broadcaster: Sendable {
    /// Sends to every socket that is in at least one of `rooms`, once, but to none that is in one of `except`
    /// or whose id is in `exceptSockets`.
    ///
    /// - Parameter isDispensable: Leaves out sockets that are behind with what they have been sent.
    func emit(
        _ event: String, _ argument: ByteBuffer, to rooms: [Room], except: [Room], exceptSockets: [String],
        isDispensable: Bool)
    /// Puts every socket that is in `member` into `rooms`.
    func join(_ rooms: [Room], membersOf member: Room)
    /// Takes every socket that is in `member`, but in none of `exceptions`, out of `rooms`.
    ///
    /// - Returns: The ids of those sockets.
    @discardableResult
    func leave(_ rooms: [Room], membersOf member: Room, unlessIn exceptions: [Room]) -> [String]
    /// Whether a room has anybody in it, so that nothing is encoded for nobody.
    func hasMembers(_ room: Room) -> Bool
    /// Whether there is anybody to whom ``emit(_:_:to:except:exceptSockets:isDispensable:)`` would send.
    func hasReceivers(in rooms: [Room], except: [Room], exceptSockets: [String]) -> Bool
    /// The database's time, as far as this node knows it.
    var now: Timestamp? { get }
}

extension Broadcaster {
    /// Sends what is told and not stored, with the envelope of every event: an id of its own and the time.
    ///
    /// - Parameter isDispensable: Whether the next one makes up for it, or nothing has to.
    func tell(
        _ event: String, _ body: JSONObject, to rooms: [Room], except: [Room] = [], exceptSockets: [String] = [],
        isDispensable: Bool = false
    ) {
        self.emit(
            event, JSONValue.object(body.signal(at: self.now)).encoded(), to: rooms, except: except,
            exceptSockets: exceptSockets, isDispensable: isDispensable)
    }

    /// Takes every socket that is in `member` out of `rooms`.
    func leave(_ rooms: [Room], membersOf member: Room) { self.leave(rooms, membersOf: member, unlessIn: []) }
}
