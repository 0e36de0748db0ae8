internal import NIOCore
internal import SocketIO
internal import SocketServer

/// SocketServer's socket as the gateway sees it.
///
/// The connection keeps the socket, and the socket its session: this way back is weak, so that both end together.
final class ServerSocket: ClientSocket {
    let id: String
    private weak let socket: Socket?

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

    func kick() { self.socket?.disconnect() }
    func dropTransport() { self.socket?.closeTransport() }
}

/// SocketServer's namespace as the gateway sees it.
struct NamespaceBroadcaster: Broadcaster {
    let namespace: Namespace

    func emit(_ event: String, _ argument: ByteBuffer, to rooms: [Room], except: [Room], exceptSockets: [String]) {
        // A socket's id is the name of its own room.
        self.namespace.to(rooms.map(\.name)).except(except.map(\.name) + exceptSockets)
            .emit(event, EventArguments(json: argument))
    }

    func join(_ rooms: [Room], membersOf member: Room) {
        let names = rooms.map(\.name)
        for socket in self.sockets(in: member) { socket.join(names) }
    }

    func leave(_ rooms: [Room], membersOf member: Room) {
        let names = rooms.map(\.name)
        for socket in self.sockets(in: member) { socket.leave(names) }
    }

    func hasMembers(_ room: Room) -> Bool { !self.sockets(in: room).isEmpty }

    private func sockets(in room: Room) -> [Socket] {
        var target = BroadcastTarget()
        target.rooms = [room.name]
        return self.namespace.adapter.localMembers(target)
    }
}
