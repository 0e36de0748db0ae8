internal import EngineIO
internal import Logging
internal import NIOCore
internal import SocketIO
internal import Transport

/// The Socket.IO side of one Engine.IO session: does what the state machine decides. Confined to the session's loop.
final class SocketConnection {
    private let server: SocketServer
    private let engine: EngineConnection
    private var machine: ConnectionStateMachine<Socket>
    private var connectTimer: Scheduled<Void>?
    private var reassemblyTimer: Scheduled<Void>?
    /// What the sockets are told instead of the transport's reason.
    private var reason: DisconnectReason?
    /// Sockets whose queues are full.
    private var pauses = 0

    init(server: SocketServer, engine: EngineConnection) {
        self.server = server
        self.engine = engine
        self.machine = ConnectionStateMachine(limits: server.configuration.limits)
        let bound = NIOLoopBound(self, eventLoop: engine.eventLoop)
        self.connectTimer = engine.eventLoop.scheduleTask(in: server.configuration.connectTimeout) {
            bound.value.connectTimedOut()
        }
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
        self.watchReassembly()
        self.perform(action)
    }

    private func perform(_ action: ConnectionStateMachine<Socket>.ReceiveAction) {
        switch action {
        case .none, .withdraw:
            break
        case .connect(let token, let namespace, let data):
            self.connect(token, namespace: namespace, data: data)
        case .deliver(let socket, let packet) where packet.kind == .event:
            self.dispatch(packet, to: socket)
        case .deliver(let socket, let packet):
            guard let id = packet.id, let waiter = socket.confined.value.acks.resolve(id) else { return }
            waiter.timer?.cancel()
            waiter.resume(.success(packet.arguments))
        case .leave(let socket):
            self.finish(socket, .clientNamespaceDisconnect)
        case .close(let violation):
            self.server.logger.debug("Closing a connection", metadata: ["violation": "\(violation)"])
            self.reason = violation.reason
            self.engine.close(.forcedClose)
        }
    }

    private func dispatch(_ packet: SocketPacket, to socket: Socket) {
        let handlers = socket.handlers.handlers
        guard let handler = handlers.events[packet.name] ?? handlers.anyEvent else { return }
        let ack = packet.id.map { Acknowledgement(socket: socket, id: $0) }
        let event = SocketEvent(name: packet.name, arguments: packet.arguments, ack: ack)
        switch handler {
        case .inLoop(let run):
            run(socket, event)
        case .queued(let run):
            socket.enqueue(.event(event, run), bytes: packet.arguments.byteCount)
        }
    }

    // MARK: CONNECT

    private func connect(
        _ token: ConnectionStateMachine<Socket>.JoinToken, namespace name: String, data: ByteBuffer
    ) {
        guard let namespace = self.server.resolve(name) else {
            return self.refuse(token, name, ConnectRefusal(message: "Invalid namespace"))
        }
        // A copy of its own: a slice would keep the whole read buffer alive as long as the socket.
        let auth = data.readableBytes > 0 ? ByteBuffer(bytes: data.readableBytesView) : ByteBuffer()
        let socket = Socket(
            id: SocketID.generate(), namespace: namespace, auth: auth, engine: self.engine,
            handlers: namespace.handlers, connection: self)
        let middlewares = socket.handlers.handlers.middlewares
        guard !middlewares.isEmpty else { return self.accept(token, socket) }
        namespace.work.start {
            let outcome: Result<Void, any Error>
            do {
                for middleware in middlewares { try await middleware(socket) }
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            socket.eventLoop.execute {
                socket.confined.value.connection.decided(token, socket, outcome)
            }
        }
    }

    private func decided(
        _ token: ConnectionStateMachine<Socket>.JoinToken, _ socket: Socket, _ outcome: Result<Void, any Error>
    ) {
        switch outcome {
        case .success:
            self.accept(token, socket)
        case .failure(let refusal as ConnectRefusal):
            socket.confined.value.isGone = true
            self.refuse(token, socket.namespace.name, refusal)
            socket.namespace.socketLeft()
        case .failure(let error):
            socket.confined.value.isGone = true
            if !(error is ConnectAbort) {
                self.server.logger.error("A middleware failed", metadata: ["error": "\(error)"])
            }
            guard self.machine.refuse(token) else { return }
            self.engine.close(.forcedClose)
        }
    }

    private func accept(_ token: ConnectionStateMachine<Socket>.JoinToken, _ socket: Socket) {
        guard case .join(let waiting) = self.machine.accept(token, socket) else {
            socket.confined.value.isGone = true
            return
        }
        self.connectTimer?.cancel()
        self.connectTimer = nil
        socket.confined.value.isConnected = true
        socket.namespace.adapter.insert(socket)
        self.send(PacketEncoder.connect(sid: socket.id, namespace: socket.namespace.name))
        let handlers = socket.handlers.handlers
        for handler in handlers.connectionInLoop { handler(socket) }
        if !handlers.connection.isEmpty { socket.enqueue(.connection, bytes: 0) }
        for packet in waiting { self.perform(self.machine.receive(packet)) }
    }

    private func refuse(
        _ token: ConnectionStateMachine<Socket>.JoinToken, _ namespace: String, _ refusal: ConnectRefusal
    ) {
        guard self.machine.refuse(token) else { return }
        self.send(PacketEncoder.connectError(message: refusal.message, data: refusal.data, namespace: namespace))
    }

    // MARK: Leaving

    /// Takes a socket out because the application said so.
    func disconnect(_ socket: Socket, close: Bool) {
        let leaving = close ? self.machine.members : [socket]
        for member in leaving where member.confined.value.isConnected {
            guard self.machine.leave(member.namespace.name) else { continue }
            self.send(PacketEncoder.disconnect(namespace: member.namespace.name))
            self.finish(member, .serverNamespaceDisconnect)
        }
        if close { self.engine.close(.forcedClose) }
    }

    /// The session is over.
    func closed(_ reason: CloseReason) {
        self.connectTimer?.cancel()
        self.reassemblyTimer?.cancel()
        for socket in self.machine.close() { self.finish(socket, self.reason ?? DisconnectReason(reason)) }
    }

    private func finish(_ socket: Socket, _ reason: DisconnectReason) {
        let state = socket.confined.value
        guard state.isConnected else { return }
        state.isConnected = false
        let handlers = socket.handlers.handlers
        if !handlers.disconnecting.isEmpty {
            let rooms = socket.rooms
            for handler in handlers.disconnecting { handler(socket, reason, rooms) }
        }
        _ = socket.namespace.adapter.remove(socket)
        state.isGone = true
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

    /// Keeps a timer exactly while attachments are owed.
    private func watchReassembly() {
        guard let deadline = self.machine.reassemblyDeadline else {
            self.reassemblyTimer?.cancel()
            self.reassemblyTimer = nil
            return
        }
        guard self.reassemblyTimer == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: self.engine.eventLoop)
        self.reassemblyTimer = self.engine.eventLoop.scheduleTask(deadline: deadline) {
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

    private func send(_ packet: EncodedPacket) {
        self.engine.send(.text(packet.text))
    }
}

extension DisconnectReason {
    /// The transport's reason in Socket.IO's words.
    init(_ reason: CloseReason) {
        self =
            switch reason {
            case .transportClose: .transportClose
            case .transportError: .transportError
            case .pingTimeout: .pingTimeout
            case .parseError: .parseError
            case .forcedClose: .forcedClose
            case .slowConsumer: .slowConsumer
            case .serverShuttingDown: .serverShuttingDown
            }
    }
}
