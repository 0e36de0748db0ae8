internal import Logging
package import SocketIO
internal import Synchronization

/// A namespace: its sockets, its rooms and what happens on its events.
///
/// Handlers are of two kinds. Those registered on the namespace are asynchronous: of each socket they run one after the
/// other in the order of arrival, the connection handler first and the disconnect handler last; when many wait, the
/// connection is no longer read. Those registered on ``inLoop`` run at once on the socket's event loop, must not block
/// and do not wait for the others.
package final class Namespace: Sendable {
    package let name: String
    package let adapter: any Adapter<Socket>
    let host: NamespaceHost
    let configuration: SocketServerConfiguration
    let codec: PacketCodec
    let logger: Logger
    let work: WorkCounter
    private let table = Mutex(HandlerTable())
    private let onEmpty: (@Sendable (Namespace) -> Void)?

    /// - Parameter onEmpty: runs when the last socket has left; nil for a namespace that stays.
    init(
        name: String, adapter: any Adapter<Socket>, host: NamespaceHost, configuration: SocketServerConfiguration,
        logger: Logger, work: WorkCounter, table: HandlerTable? = nil,
        onEmpty: (@Sendable (Namespace) -> Void)? = nil
    ) {
        self.name = name
        self.adapter = adapter
        self.host = host
        self.configuration = configuration
        self.codec = configuration.codec
        self.logger = logger
        self.work = work
        self.onEmpty = onEmpty
        if let table { self.table.withLock { $0 = table } }
    }

    /// What is registered now.
    var handlers: HandlerTable { self.table.withLock { $0 } }

    /// Whether the namespace goes away with its last socket.
    var isTransient: Bool { self.onEmpty != nil }

    func socketLeft() {
        if let onEmpty, self.adapter.localCount == 0 { onEmpty(self) }
    }

    func register(_ change: (inout NamespaceHandlers) -> Void) {
        self.table.withLock { table in
            var handlers = table.handlers
            change(&handlers)
            table = HandlerTable(handlers)
        }
    }

    // MARK: Reserved names

    /// Whether an event may be sent under this name; where not, it is dropped and the log says whose fault that is. (The
    /// official server throws. What sends is not written to fail here: a client that chooses the name of an event that is
    /// passed on would end the process.)
    func maySend(_ event: String) -> Bool {
        guard SocketPacket.isReserved(event) else { return true }
        self.logger.error("an event was not sent: its name is reserved", metadata: ["event": "\(event)"])
        return false
    }

    // MARK: Registration

    /// Registers handlers that run at once on the event loop.
    package var inLoop: InLoopRegistration { InLoopRegistration(namespace: self) }

    /// Adds a middleware; all of them run in order for every CONNECT.
    @discardableResult
    package func use(_ middleware: @escaping Middleware) -> Self {
        self.register { $0.middlewares.append(middleware) }
        return self
    }

    /// Sets the handler of an event; asynchronous, in the order of arrival.
    @discardableResult
    package func on(_ event: String, _ handler: @escaping @Sendable (Socket, SocketEvent) async -> Void) -> Self {
        self.register { $0.events[event] = .queued(handler) }
        return self
    }

    /// Sets the handler of every event that has none of its own; asynchronous, in the order of arrival.
    @discardableResult
    package func onUnhandled(_ handler: @escaping @Sendable (Socket, SocketEvent) async -> Void) -> Self {
        self.register { $0.unhandled = .queued(handler) }
        return self
    }

    /// Adds what runs after the CONNECT was answered and before any event's asynchronous handler.
    @discardableResult
    package func onConnection(_ handler: @escaping @Sendable (Socket) async -> Void) -> Self {
        self.register { $0.connection.append(handler) }
        return self
    }

    /// Adds what runs when a socket has left and its queued events are done.
    @discardableResult
    package func onDisconnect(
        _ handler: @escaping @Sendable (Socket, DisconnectReason) async -> Void
    ) -> Self {
        self.register { $0.disconnect.append(handler) }
        return self
    }

    // MARK: Sockets

    /// Sockets of this server.
    package var socketCount: Int { self.adapter.localCount }

    /// The socket with this id, if it is on this server.
    package func socket(_ id: String) -> Socket? {
        self.adapter.localMember(id)
    }

    /// All sockets of this server.
    package var sockets: [Socket] { self.adapter.localMembers(BroadcastTarget()) }
}
