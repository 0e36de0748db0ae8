package import SocketIO

/// Registers handlers that run on the socket's event loop, at the moment when something happens: for work of
/// microseconds. Each returns the namespace, to go on registering. A type of its own, so that a closure without `await`
/// is not taken for one of these by accident.
package struct InLoopRegistration: Sendable {
    let namespace: Namespace

    /// Sets the handler of an event.
    @discardableResult
    package func on(_ event: String, _ handler: @escaping @Sendable (Socket, SocketEvent) -> Void) -> Namespace {
        self.namespace.register { $0.events[event] = .inLoop(handler) }
        return self.namespace
    }

    /// Sets the handler of every event that has none of its own.
    @discardableResult
    package func onUnhandled(_ handler: @escaping @Sendable (Socket, SocketEvent) -> Void) -> Namespace {
        self.namespace.register { $0.unhandled = .inLoop(handler) }
        return self.namespace
    }

    /// Adds what sees every event that comes in, before middleware and handlers.
    @discardableResult
    package func onAny(_ listener: @escaping @Sendable (Socket, SocketEvent) -> Void) -> Namespace {
        self.namespace.register { $0.any.append(listener) }
        return self.namespace
    }

    /// Adds what sees every event that goes out, once for each socket that it goes to, before it is sent.
    @discardableResult
    package func onAnyOutgoing(_ listener: @escaping @Sendable (Socket, BroadcastEvent) -> Void) -> Namespace {
        self.namespace.host.observeOutgoing()
        self.namespace.register { $0.anyOutgoing.append(listener) }
        return self.namespace
    }

    /// Adds a middleware that every event passes before its handler; ``Socket/use(_:)`` adds one for a single socket.
    @discardableResult
    package func use(_ middleware: @escaping EventMiddleware) -> Namespace {
        self.namespace.register { $0.eventMiddlewares.append(middleware) }
        return self.namespace
    }

    /// Adds what is told when a middleware has refused an event.
    @discardableResult
    package func onEventError(
        _ handler: @escaping @Sendable (Socket, SocketEvent, any Error) -> Void
    ) -> Namespace {
        self.namespace.register { $0.eventError.append(handler) }
        return self.namespace
    }

    /// Adds what runs right after the CONNECT was answered.
    @discardableResult
    package func onConnection(_ handler: @escaping @Sendable (Socket) -> Void) -> Namespace {
        self.namespace.register { $0.connectionInLoop.append(handler) }
        return self.namespace
    }

    /// Adds what runs when a socket is about to leave, with the rooms that it is still in.
    @discardableResult
    package func onDisconnecting(
        _ handler: @escaping @Sendable (Socket, DisconnectReason, _ rooms: [String]) -> Void
    ) -> Namespace {
        self.namespace.register { $0.disconnecting.append(handler) }
        return self.namespace
    }

    /// Adds what runs when a socket has left all its rooms.
    @discardableResult
    package func onDisconnect(_ handler: @escaping @Sendable (Socket, DisconnectReason) -> Void) -> Namespace {
        self.namespace.register { $0.disconnectInLoop.append(handler) }
        return self.namespace
    }
}
