package import SocketIO
package import Transport

/// What is known of a socket on whatever node it is.
package struct RemoteSocket: Sendable {
    package let id: String
    package let namespace: Namespace
    package let handshake: EngineHandshake
    /// Its rooms when it was fetched, its own first.
    package let rooms: [String]
    package let data: (any AnyObject & Sendable)?

    init(_ socket: Socket) {
        self.id = socket.id
        self.namespace = socket.namespace
        self.handshake = socket.handshake
        self.rooms = socket.rooms
        self.data = socket.data
    }

    package func emit(_ event: String, _ arguments: EventArguments = []) {
        self.namespace.to(self.id).emit(event, arguments)
    }

    package func join(_ room: String) { self.namespace.to(self.id).socketsJoin(room) }
    package func leave(_ room: String) { self.namespace.to(self.id).socketsLeave(room) }
    package func disconnect(close: Bool = false) { self.namespace.to(self.id).disconnectSockets(close: close) }
}
