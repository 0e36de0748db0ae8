internal import Assignment
internal import NIOCore
internal import SocketIO
internal import SocketServer

/// SocketServer's socket as the gateway sees it.
///
/// The connection keeps the socket, and the socket its session: this way back is weak, so that both end together.
final class ServerSocket: ClientSocket {
    let id: String
    private weak let socket: Socket?
    /// How long the client has for leaving by itself after `41`.
    private static let hangUpDelay: TimeAmount = .seconds(2)

    init(_ socket: Socket) {
        self.id = socket.id
        self.socket = socket
    }

    func emit(_ event: String, _ argument: ByteBuffer) {
        self.socket?.emit(event, EventArguments(json: argument))
    }

    func join(_ rooms: [Room]) { self.socket?.join(rooms.map(\.name)) }
    func leave(_ rooms: [Room]) { self.socket?.leave(rooms.map(\.name)) }
    func isIn(_ room: Room) -> Bool { self.socket?.isIn(room.name) ?? false }

    func kick() {
        guard let socket = self.socket else { return }
        socket.disconnect()
        // A client without another namespace hangs up by itself; one that does not shall not keep the connection.
        socket.eventLoop.scheduleTask(in: Self.hangUpDelay) { socket.closeTransport() }
    }

    func dropTransport() { self.socket?.closeTransport() }
}

/// SocketServer's namespace as the gateway sees it.
struct NamespaceBroadcaster: Broadcaster {
    let namespace: Namespace
    let clock: DatabaseClock

    var now: Timestamp? { self.clock.estimate }

    func emit(
        _ event: String, _ argument: ByteBuffer, to rooms: [Room], except: [Room], exceptSockets: [String],
        isDispensable: Bool
    ) {
        // A socket's id is the name of its own room.
        let receivers = self.namespace.to(rooms.map(\.name)).except(except.map(\.name) + exceptSockets)
        (isDispensable ? receivers.dispensable : receivers).emit(event, EventArguments(json: argument))
    }

    func join(_ rooms: [Room], membersOf member: Room) {
        let names = rooms.map(\.name)
        for socket in self.sockets(in: member) { socket.join(names) }
    }

    func leave(_ rooms: [Room], membersOf member: Room, unlessIn exceptions: [Room]) -> [String] {
        let names = rooms.map(\.name)
        var left: [String] = []
        for socket in self.sockets(in: member) where !exceptions.contains(where: { socket.isIn($0.name) }) {
            socket.leave(names)
            left.append(socket.id)
        }
        return left
    }

    func hasMembers(_ room: Room) -> Bool { !self.sockets(in: room).isEmpty }

    func hasReceivers(in rooms: [Room], except: [Room], exceptSockets: [String]) -> Bool {
        let target = BroadcastTarget(rooms: rooms.map(\.name), except: except.map(\.name) + exceptSockets)
        return !self.namespace.adapter.localMembers(target).isEmpty
    }

    private func sockets(in room: Room) -> [Socket] {
        var target = BroadcastTarget()
        target.rooms = [room.name]
        return self.namespace.adapter.localMembers(target)
    }
}
