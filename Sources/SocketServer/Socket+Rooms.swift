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
    package func `in`(_ rooms: String...) -> BroadcastOperator { self.broadcast.to(rooms) }

    /// Everybody but this socket and those in these rooms.
    package func except(_ rooms: String...) -> BroadcastOperator { self.broadcast.except(rooms) }

    /// Everybody on this server but this socket.
    package var local: BroadcastOperator { self.broadcast.local }

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

    /// Whether what is to be done on the loop is done in place. Where sessions are recovered events take effect in a
    /// later turn (see ``AdapterHost/enqueue(_:as:to:flags:)``), and so must all that is to stay behind them.
    var takesEffectAtOnce: Bool {
        self.eventLoop.inEventLoop && self.namespace.configuration.recovery == nil
    }

    /// Runs on the socket's loop, behind what was emitted before: at once if that is possible.
    func onLoop(_ work: @escaping @Sendable () -> Void) {
        if self.takesEffectAtOnce {
            work()
        } else {
            self.eventLoop.execute(work)
        }
    }
}
