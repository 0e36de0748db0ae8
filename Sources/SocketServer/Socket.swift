package import EngineIO
package import NIOCore
package import SocketIO
internal import Synchronization
package import Transport

/// One client in one namespace. May be used from any thread; what is sent from one thread keeps its order.
package final class Socket: RoomMember {
    /// Unique in the namespace. No secret, but for clients of Engine.IO 3: these compute it from the session's id, which
    /// is one: not for logs.
    package let id: String
    package let namespace: Namespace
    /// The JSON object that the client sent with its CONNECT, or for clients of Engine.IO 3 the query behind the
    /// namespace's name; empty when it sent none.
    package let auth: ByteBuffer
    /// When the CONNECT came: milliseconds since 1970 by this machine's clock.
    package let issued: Int64
    let engine: EngineConnection
    /// ``eventLoop``, to be compared without touching anything but this socket.
    let loopID: ObjectIdentifier
    /// What the connection's state machine calls this socket.
    let membership: ConnectionStateMachine.Membership
    let handlers: HandlerTable
    /// Nil where sessions are not recovered.
    let recovery: SocketRecovery?
    /// What only the event loop touches.
    let confined: NIOLoopBound<Confined>
    private let shared = Mutex(Shared())

    /// State of the event loop.
    final class Confined {
        let connection: SocketConnection
        var acks = AckRegistry<AckWaiter>()
        /// Nil for sockets on which nothing was registered, which is most.
        var listeners: SocketListeners?
        /// From the answer to CONNECT to the end.
        var isConnected = false
        var isGone = false

        init(connection: SocketConnection) {
            self.connection = connection
        }
    }

    /// State of all threads.
    private struct Shared {
        var data: (any AnyObject & Sendable)?
        var queue = EventQueue<SocketJob>()
    }

    init(
        id: String, membership: ConnectionStateMachine.Membership, namespace: Namespace, auth: ByteBuffer,
        engine: EngineConnection, handlers: HandlerTable, recovery: SocketRecovery?, connection: SocketConnection
    ) {
        self.id = id
        self.membership = membership
        self.namespace = namespace
        self.auth = auth
        self.issued = WallClock.milliseconds
        self.engine = engine
        self.loopID = ObjectIdentifier(engine.eventLoop)
        self.handlers = handlers
        self.recovery = recovery
        self.confined = NIOLoopBound(Confined(connection: connection), eventLoop: engine.eventLoop)
    }

    /// The loop on which this socket lives.
    package var eventLoop: any EventLoop { self.engine.eventLoop }

    /// The request that started the connection.
    package var handshake: EngineHandshake { self.engine.handshake }

    /// The transport that carries messages now; on the socket's loop.
    package var transport: TransportName { self.engine.transport }

    /// Whether the client goes on where it was when it lost its connection: same id, same rooms, same ``data``, and what
    /// it missed has been sent.
    package var isRecovered: Bool { self.recovery?.claim != nil }

    /// The protocol's revision on this connection.
    package var revision: Revision { self.engine.handshake.revision }

    /// Whatever the application wants to remember about the client, such as who it is.
    package var data: (any AnyObject & Sendable)? {
        get { self.shared.withLock { $0.data } }
        set { self.shared.withLock { $0.data = newValue } }
    }

    /// The client's `auth` decoded strictly; an empty object when it sent none.
    package func decodeAuth() throws(JSONError) -> JSONValue {
        guard self.auth.readableBytes > 0 else { return [:] }
        return try JSONReader.decode(self.auth)
    }

    // MARK: Queue

    func enqueue(_ job: SocketJob, bytes: Int) {
        let limits = self.namespace.configuration
        let action = self.shared.withLock {
            $0.queue.append(job, bytes: bytes, maxJobs: limits.maxQueuedEvents, maxBytes: limits.maxQueuedBytes)
        }
        if action.pause { self.confined.value.connection.pause() }
        guard action.start else { return }
        self.namespace.work.start { await self.runQueue() }
    }

    private func runQueue() async {
        let limits = self.namespace.configuration
        while true {
            let (job, resume) = self.shared.withLock {
                $0.queue.next(maxJobs: limits.maxQueuedEvents, maxBytes: limits.maxQueuedBytes)
            }
            if resume { self.eventLoop.execute { self.confined.value.connection.resume() } }
            guard let job else { return }
            await job.run(self)
        }
    }
}

/// One thing to do in a socket's queue.
enum SocketJob: Sendable {
    case connection
    case event(SocketEvent, @Sendable (Socket, SocketEvent) async -> Void)
    case disconnect(DisconnectReason)

    func run(_ socket: Socket) async {
        switch self {
        case .connection:
            for handler in socket.handlers.handlers.connection { await handler(socket) }
        case .event(let event, let handler):
            await handler(socket, event)
        case .disconnect(let reason):
            for handler in socket.handlers.handlers.disconnect { await handler(socket, reason) }
        }
    }
}
