internal import SocketIO

/// Decides on a CONNECT, possibly after a while. Throws ``ConnectRefusal`` or ``ConnectAbort``; the socket's `data` may
/// be set, and what it emits goes out before the answer.
package typealias Middleware = @Sendable (Socket) async throws -> Void

/// What is registered for one kind of event.
enum EventHandler: Sendable {
    /// Runs at once on the socket's event loop.
    case inLoop(@Sendable (Socket, SocketEvent) -> Void)
    /// Waits its turn in the socket's queue.
    case queued(@Sendable (Socket, SocketEvent) async -> Void)
}

/// All that is registered on a namespace. Sockets keep the table that stood when they connected.
struct NamespaceHandlers: Sendable {
    var middlewares: [Middleware] = []
    var events: [String: EventHandler] = [:]
    var unhandled: EventHandler?
    var any: [@Sendable (Socket, SocketEvent) -> Void] = []
    var anyOutgoing: [@Sendable (Socket, BroadcastEvent) -> Void] = []
    var eventMiddlewares: [EventMiddleware] = []
    var eventError: [@Sendable (Socket, SocketEvent, any Error) -> Void] = []
    var connectionInLoop: [@Sendable (Socket) -> Void] = []
    var connection: [@Sendable (Socket) async -> Void] = []
    var disconnecting: [@Sendable (Socket, DisconnectReason, [String]) -> Void] = []
    var disconnectInLoop: [@Sendable (Socket, DisconnectReason) -> Void] = []
    var disconnect: [@Sendable (Socket, DisconnectReason) async -> Void] = []
}

/// One pointer instead of a dozen in every socket.
final class HandlerTable: Sendable {
    let handlers: NamespaceHandlers
    /// Whether somebody wants to see or judge events on their way to the handlers.
    let screensEvents: Bool

    init(_ handlers: NamespaceHandlers = NamespaceHandlers()) {
        self.handlers = handlers
        self.screensEvents = !(handlers.any.isEmpty && handlers.eventMiddlewares.isEmpty)
    }
}
