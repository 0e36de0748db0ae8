internal import EngineIO
internal import Logging
internal import NIOCore
internal import SocketIO
internal import Transport

/// The Socket.IO side of one Engine.IO session: does what the state machine decides. Confined to the session's loop.
final class SocketConnection {
    private let server: SocketServer
    private let engine: EngineConnection
    private let dialect: Dialect
    private var machine: ConnectionStateMachine
    /// The joined sockets: almost always one, never more than the limit of namespaces.
    private var sockets: [Socket] = []
    private var connectTimer: Scheduled<Void>?
    private var newcomer: UInt64?
    private var reassemblyTimer: Scheduled<Void>?
    /// What the sockets are told instead of the transport's reason.
    private var reason: DisconnectReason?
    /// Sockets whose queues are full.
    private var pauses = 0

    init(server: SocketServer, engine: EngineConnection) {
        self.server = server
        self.engine = engine
        self.dialect = Dialect(engine.revision)
        self.machine = ConnectionStateMachine(
            limits: server.configuration.limits, codec: server.configuration.codec, dialect: self.dialect)
        let bound = NIOLoopBound(self, eventLoop: engine.eventLoop)
        let configuration = server.configuration
        let patience =
            server.newcomers.isHalfFull ? configuration.crowdedConnectTimeout : configuration.connectTimeout
        self.connectTimer = server.timers.schedule(on: engine.eventLoop, at: .now() + patience) {
            bound.value.connectTimedOut()
        }
        self.enterNewcomers()
    }

    private func enterNewcomers() {
        guard self.server.configuration.maxNewcomers < .max else { return }
        let bound = NIOLoopBound(self, eventLoop: self.engine.eventLoop)
        self.newcomer = self.server.newcomers.enter { [eventLoop = self.engine.eventLoop] in
            eventLoop.execute { bound.value.connectTimedOut() }
        }
    }

    /// Whoever has asked, or is gone, is no newcomer any more; who was refused is one again.
    private func leaveNewcomers() {
        self.newcomer.map(self.server.newcomers.leave)
        self.newcomer = nil
    }

    /// The session is open and knows this connection.
    func start() {
        self.perform(self.machine.opened())
    }

    // MARK: Messages

    func receive(_ message: EngineMessage) {
        let action =
            switch message {
            case .text(let text):
                self.machine.receiveText(text, now: self.engine.eventLoop.now)
            case .binary(let bytes):
                self.machine.receiveBinary(bytes, now: self.engine.eventLoop.now)
            }
        if self.reassemblyTimer != nil { self.stopAwaitingAttachments(unless: action) }
        self.perform(action)
    }

    private func perform(_ action: ConnectionStateMachine.ReceiveAction) {
        switch action {
        case .none, .withdraw:
            break
        case .awaitAttachments(let deadline):
            self.awaitAttachments(until: deadline)
        case .connect(let membership, let namespace, let data):
            self.leaveNewcomers()
            self.connect(membership, namespace: namespace, data: data)
        case .deliver(let membership, let packet):
            guard let socket = self.socket(membership) else { return }
            if packet.kind == .event {
                self.dispatch(packet, to: socket)
            } else {
                self.answer(packet, from: socket)
            }
        case .leave(let membership):
            guard let socket = self.socket(membership) else { return }
            self.finish(socket, .clientNamespaceDisconnect)
        case .close(let violation):
            self.server.logger.debug("Closing a connection", metadata: ["violation": "\(violation)"])
            self.reason = violation.reason
            self.engine.close(.forcedClose)
        }
    }

    private func dispatch(_ packet: SocketPacket, to socket: Socket) {
        let table = socket.handlers
        let listeners = socket.confined.value.listeners
        let screens = table.screensEvents || listeners != nil
        let handler = listeners?.events[packet.name] ?? table.handlers.events[packet.name] ?? table.handlers.unhandled
        guard handler != nil || screens else { return }
        let ack = packet.id.map { Acknowledgement(socket: socket, id: $0) }
        let event = SocketEvent(name: packet.name, arguments: packet.arguments, ack: ack)
        guard !screens || (socket.admits(event) && !socket.confined.value.isGone), let handler else { return }
        switch handler {
        case .inLoop(let run):
            run(socket, event)
        case .queued(let run):
            socket.enqueue(.event(event, run), bytes: packet.arguments.byteCount)
        }
    }

    private func answer(_ packet: SocketPacket, from socket: Socket) {
        guard let id = packet.id, let waiter = socket.confined.value.acks.resolve(id) else { return }
        waiter.timer?.cancel()
        waiter.resume(.success(packet.arguments))
    }

    private func socket(_ membership: ConnectionStateMachine.Membership) -> Socket? {
        // By index: iterating takes and releases the array and each socket, for every packet.
        for index in self.sockets.indices where self.sockets[index].membership == membership {
            return self.sockets[index]
        }
        return nil
    }

    // MARK: CONNECT

    private func connect(
        _ membership: ConnectionStateMachine.Membership, namespace name: String, data: ByteBuffer
    ) {
        switch self.server.resolve(name) {
        case .found(let namespace):
            self.connect(membership, to: namespace, data: data)
        case .unknown:
            self.refuseUnknown(membership, name)
        case .undecided(let templates):
            let bound = NIOLoopBound(self, eventLoop: self.engine.eventLoop)
            let auth = data.readableBytes > 0 ? (try? JSONReader.decode(data)) ?? [:] : [:]
            self.server.work.start { [server, eventLoop = self.engine.eventLoop] in
                let namespace = await server.resolve(name, auth: auth, asking: templates)
                eventLoop.execute {
                    if let namespace {
                        bound.value.connect(membership, to: namespace, data: data)
                    } else {
                        bound.value.refuseUnknown(membership, name)
                    }
                }
            }
        }
    }

    private func connect(
        _ membership: ConnectionStateMachine.Membership, to namespace: Namespace, data: ByteBuffer
    ) {
        // A copy of its own: a slice would keep the whole read buffer alive as long as the socket.
        let auth = data.readableBytes > 0 ? ByteBuffer(bytes: data.readableBytesView) : ByteBuffer()
        guard self.server.configuration.recovery != nil, self.dialect == .revision5,
            let claim = (try? JSONReader.decode(auth)).flatMap(SocketRecovery.Claim.init)
        else { return self.admit(membership, to: namespace, auth: auth) }
        let bound = NIOLoopBound(self, eventLoop: self.engine.eventLoop)
        namespace.work.start { [eventLoop = self.engine.eventLoop] in
            let session = await namespace.adapter.session(pid: claim.pid, offset: claim.offset)
            eventLoop.execute {
                bound.value.admit(membership, to: namespace, auth: auth, session: session, claim: claim)
            }
        }
    }

    /// Makes the socket and asks the middleware, unless a session goes on that has passed it before.
    private func admit(
        _ membership: ConnectionStateMachine.Membership, to namespace: Namespace, auth: ByteBuffer,
        session: RecoverableSession? = nil, claim: SocketRecovery.Claim? = nil
    ) {
        let recovery =
            session.map { SocketRecovery(ticket: $0.ticket, claim: claim) }
            ?? self.makeTicket(in: namespace).map { SocketRecovery(ticket: $0) }
        let socket = Socket(
            id: session?.sid ?? self.makeID(in: namespace.name), membership: membership, namespace: namespace,
            auth: auth, engine: self.engine, handlers: namespace.handlers, recovery: recovery, connection: self)
        if let session { socket.data = session.data }
        let middlewares = socket.handlers.handlers.middlewares
        let mayPass = session != nil && self.server.configuration.recovery?.skipMiddlewares == true
        guard !middlewares.isEmpty, !mayPass else { return self.accept(socket) }
        namespace.work.start {
            let outcome: Result<Void, any Error>
            do {
                for middleware in middlewares { try await middleware(socket) }
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            socket.eventLoop.execute {
                socket.confined.value.connection.decided(socket, outcome)
            }
        }
    }

    /// Clients of the older dialect cannot come back: what they are sent stays as they know it.
    private func makeTicket(in namespace: Namespace) -> RecoveryTicket? {
        self.dialect == .revision5 ? namespace.adapter.makeTicket() : nil
    }

    private func makeID(in namespace: String) -> String {
        switch self.dialect {
        case .revision4: SocketID.derived(from: self.engine.id.description, namespace: namespace)
        case .revision5: SocketID.generate()
        }
    }

    private func decided(_ socket: Socket, _ outcome: Result<Void, any Error>) {
        switch outcome {
        case .success:
            self.accept(socket)
        case .failure(let refusal as ConnectRefusal):
            socket.confined.value.isGone = true
            self.refuse(socket.membership, socket.namespace.name, refusal, dialect: self.dialect)
            self.tellRefused(socket.namespace.name, .refused(refusal))
            self.server.arrived(at: socket.namespace)
        case .failure(let error):
            socket.confined.value.isGone = true
            self.server.arrived(at: socket.namespace)
            if !(error is ConnectAbort) {
                self.server.logger.error("A middleware failed", metadata: ["error": "\(error)"])
            }
            self.tellRefused(socket.namespace.name, .failed(error))
            guard self.machine.refuse(socket.membership) else { return }
            self.engine.close(.forcedClose)
        }
    }

    private func accept(_ socket: Socket) {
        guard case .join(let waiting) = self.machine.accept(socket.membership) else {
            socket.confined.value.isGone = true
            self.server.arrived(at: socket.namespace)
            return
        }
        guard let missed = self.enter(socket) else {
            // The session was there when the client asked for it, and is no more: it comes back and starts afresh.
            socket.confined.value.isGone = true
            self.server.arrived(at: socket.namespace)
            return self.engine.close(.forcedClose)
        }
        self.sockets.append(socket)
        self.connectTimer?.cancel()
        self.connectTimer = nil
        socket.confined.value.isConnected = true
        self.server.arrived(at: socket.namespace)
        for packet in missed { self.send(packet) }
        self.send(
            self.codec.connect(
                sid: socket.id, pid: socket.recovery?.ticket.pid, namespace: socket.namespace.name,
                dialect: self.dialect))
        let handlers = socket.handlers.handlers
        for handler in handlers.connectionInLoop { handler(socket) }
        if !handlers.connection.isEmpty { socket.enqueue(.connection, bytes: 0) }
        for packet in waiting { self.perform(self.machine.receive(packet)) }
    }

    /// Enters the socket among the namespace's; what it missed where it is recovered, nil where that is impossible.
    private func enter(_ socket: Socket) -> [EncodedPacket]? {
        guard let claim = socket.recovery?.claim else {
            socket.namespace.adapter.insert(socket)
            return []
        }
        return socket.namespace.adapter.resume(socket, pid: claim.pid, offset: claim.offset)
    }

    private func refuseUnknown(_ membership: ConnectionStateMachine.Membership, _ namespace: String) {
        // An object in both dialects.
        self.refuse(membership, namespace, ConnectRefusal(message: "Invalid namespace"), dialect: .revision5)
        self.tellRefused(namespace, .unknownNamespace)
    }

    private func tellRefused(_ namespace: String, _ reason: RefusedConnect.Reason) {
        self.server.observers.tell(
            RefusedConnect(namespace: namespace, handshake: self.engine.handshake, reason: reason))
    }

    private func refuse(
        _ membership: ConnectionStateMachine.Membership, _ namespace: String, _ refusal: ConnectRefusal,
        dialect: Dialect
    ) {
        guard self.machine.refuse(membership) else { return }
        self.send(
            self.codec.connectError(
                message: refusal.message, data: refusal.data, namespace: namespace, dialect: dialect))
        if !self.machine.hasJoined, !self.machine.isAsking, self.newcomer == nil { self.enterNewcomers() }
    }

    // MARK: Leaving

    /// Takes a socket out because the application said so.
    func disconnect(_ socket: Socket, close: Bool) {
        for member in close ? self.sockets : [socket] {
            guard self.machine.leave(member.membership) else { continue }
            self.send(self.codec.disconnect(namespace: member.namespace.name))
            self.finish(member, .serverNamespaceDisconnect)
        }
        if close { self.engine.close(.forcedClose) }
    }

    /// The session is over.
    func closed(_ reason: CloseReason) {
        self.leaveNewcomers()
        self.connectTimer?.cancel()
        self.reassemblyTimer?.cancel()
        _ = self.machine.close()
        for socket in self.sockets { self.finish(socket, self.reason ?? DisconnectReason(reason)) }
    }

    private func finish(_ socket: Socket, _ reason: DisconnectReason) {
        let state = socket.confined.value
        guard state.isConnected else { return }
        state.isConnected = false
        self.sockets.removeAll { $0 === socket }
        let handlers = socket.handlers.handlers
        if !handlers.disconnecting.isEmpty {
            let rooms = socket.rooms
            for handler in handlers.disconnecting { handler(socket, reason, rooms) }
        }
        let rooms = socket.namespace.adapter.remove(socket)
        if let recovery = socket.recovery, reason.isRecoverable {
            let session = RecoverableSession(sid: socket.id, ticket: recovery.ticket, rooms: rooms, data: socket.data)
            socket.namespace.adapter.store(session, of: socket)
        }
        state.isGone = true
        state.listeners = nil
        for waiter in state.acks.removeAll() {
            waiter.timer?.cancel()
            waiter.resume(.failure(.disconnected))
        }
        for handler in handlers.disconnectInLoop { handler(socket, reason) }
        if !handlers.disconnect.isEmpty { socket.enqueue(.disconnect(reason), bytes: 0) }
        socket.namespace.socketLeft()
    }

    // MARK: Timers and reading

    private func connectTimedOut() {
        self.connectTimer = nil
        guard !self.machine.hasJoined else { return }
        self.engine.close(.forcedClose)
    }

    private func stopAwaitingAttachments(unless action: ConnectionStateMachine.ReceiveAction) {
        if case .awaitAttachments = action { return }
        self.reassemblyTimer?.cancel()
        self.reassemblyTimer = nil
    }

    private func awaitAttachments(until deadline: NIODeadline) {
        guard self.reassemblyTimer == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: self.engine.eventLoop)
        self.reassemblyTimer = self.server.timers.schedule(on: self.engine.eventLoop, at: deadline) {
            bound.value.perform(.close(.badPacket(.reassemblyTimeout)))
        }
    }

    /// Stops reading for one more socket.
    func pause() {
        self.pauses += 1
        if self.pauses == 1 { self.engine.pauseReading() }
    }

    func resume() {
        self.pauses -= 1
        if self.pauses == 0 { self.engine.resumeReading() }
    }

    private var codec: PacketCodec { self.server.configuration.codec }

    private func send(_ packet: EncodedPacket) {
        if packet.hasText { self.engine.send(.text(packet.text)) }
        for attachment in packet.attachments { self.engine.send(.binary(attachment)) }
    }
}
