package import SocketIO

/// What is known of a socket on whatever server it is, and what can be done with it from here.
package struct RemoteSocket: Sendable {
    package let id: String
    package let namespace: Namespace
    /// Its rooms when it was fetched, its own first.
    package let rooms: [String]
    private let reference: MemberReference<Socket>

    init(_ reference: MemberReference<Socket>, in namespace: Namespace) {
        self.reference = reference
        self.id = reference.id
        self.namespace = namespace
        switch reference {
        case .local(let socket): self.rooms = socket.rooms
        case .remote(let description): self.rooms = description.rooms
        }
    }

    /// The socket itself, if it is on this server.
    package var local: Socket? {
        guard case .local(let socket) = self.reference else { return nil }
        return socket
    }

    /// The request that started the connection: `headers`, `time`, `address`, `xdomain`, `secure`, `issued`, `url`,
    /// `query` and `auth`.
    package var handshake: JSONValue {
        switch self.reference {
        case .local(let socket): socket.describedHandshake
        case .remote(let description): description.handshake
        }
    }

    /// What the application tells of its ``Socket/data``; see ``DescribableData``.
    package var data: JSONValue {
        switch self.reference {
        case .local(let socket): (socket.data as? any DescribableData)?.jsonDescription ?? .null
        case .remote(let description): description.data
        }
    }

    package func emit(_ event: String, _ arguments: EventArguments = []) {
        self.namespace.to(self.id).emit(event, arguments)
    }

    package func join(_ rooms: String...) { self.namespace.to(self.id).socketsJoin(rooms) }
    package func leave(_ rooms: String...) { self.namespace.to(self.id).socketsLeave(rooms) }
    package func disconnect(close: Bool = false) { self.namespace.to(self.id).disconnectSockets(close: close) }
}

/// The sockets of a target on all servers.
package struct FetchedSockets: Sendable {
    package var sockets: [RemoteSocket]
    /// False when a server did not answer in time: its sockets are missing.
    package var isComplete: Bool
}
