internal import NIOCore
package import SocketIO

/// Decides in the loop whether an event may go to its handler: what is thrown drops it and goes to
/// ``InLoopRegistration/onEventError(_:)``.
package typealias EventMiddleware = @Sendable (Socket, SocketEvent) throws -> Void

/// What an application registered on one socket, beside what holds for its namespace. Most sockets have none.
final class SocketListeners {
    var events: [String: EventHandler] = [:]
    var any: [@Sendable (Socket, SocketEvent) -> Void] = []
    var anyOutgoing: [@Sendable (Socket, BroadcastEvent) -> Void] = []
    var middlewares: [EventMiddleware] = []
}

/// Registers handlers on one socket.
///
/// What is registered holds for events that arrive later. To miss none, register in ``InLoopRegistration/onConnection(_:)``,
/// which runs before anything is read from the client; handlers that are the same for all sockets are cheaper on the
/// namespace.
extension Socket {
    /// Sets the handler of an event for this socket, instead of the namespace's; asynchronous, in the order of arrival.
    package func on(_ event: String, _ handler: @escaping @Sendable (Socket, SocketEvent) async -> Void) {
        self.register { $0.events[event] = .queued(handler) }
    }

    /// Sets the handler of an event for this socket, instead of the namespace's; it runs at once on the event loop.
    package func onInLoop(_ event: String, _ handler: @escaping @Sendable (Socket, SocketEvent) -> Void) {
        self.register { $0.events[event] = .inLoop(handler) }
    }

    /// Takes back this socket's handler of an event; the namespace's counts again.
    package func off(_ event: String) {
        self.register { $0.events[event] = nil }
    }

    /// Adds what sees every event of this socket, before middleware and handlers.
    package func onAny(_ listener: @escaping @Sendable (Socket, SocketEvent) -> Void) {
        self.register { $0.any.append(listener) }
    }

    package func offAny() {
        self.register { $0.any = [] }
    }

    /// Adds what sees every event that goes out to this socket, broadcasts included, before it is sent.
    package func onAnyOutgoing(_ listener: @escaping @Sendable (Socket, BroadcastEvent) -> Void) {
        self.namespace.host.observeOutgoing()
        self.register { $0.anyOutgoing.append(listener) }
    }

    package func offAnyOutgoing() {
        self.register { $0.anyOutgoing = [] }
    }

    /// Adds a middleware for the events of this socket.
    package func use(_ middleware: @escaping EventMiddleware) {
        self.register { $0.middlewares.append(middleware) }
    }

    private func register(_ change: @escaping @Sendable (SocketListeners) -> Void) {
        guard self.eventLoop.inEventLoop else { return self.eventLoop.execute { self.registerInLoop(change) } }
        self.registerInLoop(change)
    }

    private func registerInLoop(_ change: (SocketListeners) -> Void) {
        let state = self.confined.value
        guard !state.isGone else { return }
        let listeners = state.listeners ?? SocketListeners()
        state.listeners = listeners
        change(listeners)
    }

    // MARK: In the loop

    /// Shows an event that goes out to whoever wants to see it; on the loop.
    func noteOutgoing(_ event: BroadcastEvent) {
        guard self.namespace.host.observesOutgoing, !self.confined.value.isGone else { return }
        for listener in self.handlers.handlers.anyOutgoing { listener(self, event) }
        for listener in self.confined.value.listeners?.anyOutgoing ?? [] { listener(self, event) }
    }

    /// Shows an event that came in to the observers, then asks the middleware; false where it is dropped. On the loop.
    func admits(_ event: SocketEvent) -> Bool {
        let handlers = self.handlers.handlers
        let listeners = self.confined.value.listeners
        for listener in handlers.any { listener(self, event) }
        for listener in listeners?.any ?? [] { listener(self, event) }
        do {
            for middleware in handlers.eventMiddlewares { try middleware(self, event) }
            for middleware in listeners?.middlewares ?? [] { try middleware(self, event) }
            return true
        } catch {
            for handler in handlers.eventError { handler(self, event, error) }
            return false
        }
    }
}
