package import EngineIO
internal import NIOCore
internal import SocketIO
internal import Transport

extension Socket {
    /// Puts the socket into rooms, at once; without effect when it has left.
    @discardableResult
    package func join(_ rooms: String...) -> Bool {
        self.namespace.adapter.join(self, rooms: rooms)
    }

    /// Puts the socket into rooms, at once; without effect when it has left.
    @discardableResult
    package func join(_ rooms: [String]) -> Bool {
        self.namespace.adapter.join(self, rooms: rooms)
    }

    package func leave(_ rooms: String...) {
        self.namespace.adapter.leave(self, rooms: rooms)
    }

    package func leave(_ rooms: [String]) {
        self.namespace.adapter.leave(self, rooms: rooms)
    }

    /// The rooms, the socket's own first; empty when it is not connected.
    package var rooms: [String] { self.namespace.adapter.rooms(of: self) }

    package func isIn(_ room: String) -> Bool {
        self.namespace.adapter.isMember(self, of: room)
    }

    /// Everybody in the namespace but this socket.
    package var broadcast: BroadcastOperator { self.namespace.everybody.except([self.id]) }

    /// Everybody in these rooms but this socket.
    package func to(_ rooms: String...) -> BroadcastOperator { self.broadcast.to(rooms) }
    package func to(_ rooms: [String]) -> BroadcastOperator { self.broadcast.to(rooms) }

    /// Takes the socket out of its namespace with `server namespace disconnect`; the client does not come back by
    /// itself.
    ///
    /// - Parameter close: also ends the connection and with it the client's other namespaces.
    package func disconnect(close: Bool = false) {
        self.onLoop { self.confined.value.connection.disconnect(self, close: close) }
    }

    /// Ends the connection without a DISCONNECT: clients come back by themselves.
    package func closeTransport(_ reason: CloseReason = .forcedClose) {
        self.onLoop { self.engine.close(reason) }
    }

    /// Runs at once on the socket's loop, or as soon as the loop gets to it.
    func onLoop(_ work: @escaping @Sendable () -> Void) {
        if self.eventLoop.inEventLoop {
            work()
        } else {
            self.eventLoop.execute(work)
        }
    }
}
