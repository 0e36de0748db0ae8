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
    let configuration: SocketServerConfiguration
    let codec: PacketCodec
    let logger: Logger
    let work: WorkCounter
    private let table = Mutex(HandlerTable())
    private let nextAckID = Atomic<UInt64>(0)
    private let onEmpty: (@Sendable () -> Void)?

    init(
        name: String, adapter: any Adapter<Socket>, configuration: SocketServerConfiguration, logger: Logger,
        work: WorkCounter, table: HandlerTable? = nil, onEmpty: (@Sendable () -> Void)? = nil
    ) {
        self.name = name
        self.adapter = adapter
        self.configuration = configuration
        self.codec = configuration.codec
        self.logger = logger
        self.work = work
        self.onEmpty = onEmpty
        if let table { self.table.withLock { $0 = table } }
    }

    /// What is registered now.
    var handlers: HandlerTable { self.table.withLock { $0 } }

    /// One counter for single sockets and broadcasts: an id means the same event on every socket.
    func takeAckID() -> UInt64 {
        self.nextAckID.wrappingAdd(1, ordering: .relaxed).oldValue
    }

    func socketLeft() {
        if let onEmpty, self.adapter.localCount == 0 { onEmpty() }
    }

    func register(_ change: (inout NamespaceHandlers) -> Void) {
        self.table.withLock { table in
            var handlers = table.handlers
            change(&handlers)
            table = HandlerTable(handlers)
        }
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
    package func onAny(_ handler: @escaping @Sendable (Socket, SocketEvent) async -> Void) -> Self {
        self.register { $0.anyEvent = .queued(handler) }
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

    // MARK: Sockets and broadcasts

    /// Sockets of this node.
    package var socketCount: Int { self.adapter.localCount }

    /// The socket with this id, if it is on this node.
    package func socket(_ id: String) -> Socket? {
        self.adapter.localMember(id)
    }

    /// Everybody in the namespace, to be narrowed down.
    package var everybody: BroadcastOperator { BroadcastOperator(namespace: self) }

    package func to(_ rooms: String...) -> BroadcastOperator { self.everybody.to(rooms) }
    package func to(_ rooms: [String]) -> BroadcastOperator { self.everybody.to(rooms) }
    package func except(_ rooms: String...) -> BroadcastOperator { self.everybody.except(rooms) }
    package func except(_ rooms: [String]) -> BroadcastOperator { self.everybody.except(rooms) }
    package var volatile: BroadcastOperator { self.everybody.volatile }
    package var local: BroadcastOperator { self.everybody.local }

    /// Sends an event to everybody in the namespace.
    package func emit(_ event: String, _ arguments: EventArguments = []) {
        self.everybody.emit(event, arguments)
    }
}
