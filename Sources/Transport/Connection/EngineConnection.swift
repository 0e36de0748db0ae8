package import EngineIO
package import NIOCore

/// One Engine.IO session, confined to its home event loop.
///
/// The rules are the ``SessionStateMachine``'s; this class feeds it and does what it says.
package final class EngineConnection: @unchecked Sendable {
    // Proof of Sendable: `id`, `eventLoop`, `handshake`, `engine` and `handler` never change; all else is touched on
    // `eventLoop` only: sending, pausing, closing and what comes from requests assert it; the rest is called from there, by
    // the loop's own channels and timers and by the handler.

    /// The session's id: a capability, never to be logged in full.
    package let id: SessionID
    /// The home loop: every call of the handler happens here, and every method must be called here.
    package let eventLoop: any EventLoop
    /// The request that started the session.
    package let handshake: EngineHandshake
    /// A place for the layer above; emptied after `closed`.
    package var context: AnyObject?

    let engine: Engine
    let handler: any EngineHandler
    let loop: LoopContext
    var machine: SessionStateMachine
    /// The transport, once it is a WebSocket.
    var socket: WebSocketConnection?
    /// The WebSocket that is on its way to become the transport.
    var candidate: WebSocketConnection?
    /// The transport, while it is polling.
    var polling: PollingState?
    var isReadingPaused = false
    var wheelPosition = TimerWheel.Position()

    init(engine: Engine, loop: LoopContext, handshake: EngineHandshake) {
        id = SessionID(using: &loop.generator)
        eventLoop = loop.eventLoop
        self.handshake = handshake
        self.engine = engine
        handler = engine.handler
        self.loop = loop
        machine = SessionStateMachine(
            transport: handshake.transport, revision: handshake.revision, timing: engine.timing, now: .now())
        if handshake.transport == .polling { polling = PollingState(form: handshake.form) }
    }

    /// The transport that carries messages now.
    package var transport: TransportName { machine.transport }

    /// The protocol revision of the session.
    package var revision: Revision { machine.revision }

    /// Whether the session still takes messages.
    package var isOpen: Bool {
        // Matched, not compared: `==` of another module's type goes through its witness table, for every message.
        if case .open = machine.state { return true }
        return false
    }

    /// Whether a message written now leaves at once: what volatile messages ask.
    ///
    /// False without a pending poll, while earlier bytes are not yet handed to the system, and once closed.
    package var isWritable: Bool {
        guard isOpen else { return false }
        if let socket { return socket.isWritable }
        guard let polling else { return false }
        return polling.poll != nil && polling.queue.isEmpty
    }

    /// Bytes that wait for the client.
    package var pendingBytes: Int { socket?.pendingBytes ?? polling?.queuedBytes ?? 0 }

    /// Whether so much waits that optional traffic should be left out.
    package var isCongested: Bool { pendingBytes > loop.server.configuration.softPendingBytes }

    /// Sends a message.
    ///
    /// To a session for which more than ``TransportConfiguration/maxPendingBytes`` wait already, nothing is sent: it
    /// closes as `slow_consumer`. For a closed session the message is dropped.
    ///
    /// - Parameter compress: whether the transport may compress it, where compression is on.
    package func send(_ message: EngineMessage, compress: Bool = true) {
        eventLoop.assertInEventLoop()
        guard admitsMessage(of: message.byteCount) else { return }
        if let socket {
            socket.send(EnginePacket.message(message), compress: compress)
        } else {
            enqueue(.message(message), compress: compress)
        }
    }

    /// Sends a message that was encoded once for many sessions.
    package func send(prepared: PreparedMessage) {
        eventLoop.assertInEventLoop()
        guard admitsMessage(of: prepared.frame.readableBytes - prepared.headerLength) else { return }
        if let socket {
            socket.send(prepared: prepared)
        } else {
            enqueue(prepared.packet, compress: prepared.mayBeCompressed)
        }
    }

    private func admitsMessage(of size: Int) -> Bool {
        guard isOpen else { return false }
        guard pendingBytes <= loop.server.configuration.maxPendingBytes else {
            fail(.slowConsumer)
            return false
        }
        loop.counters.messagesSent += 1
        loop.counters.bytesSent += size
        return true
    }

    /// Stops delivering messages until ``resumeReading()``; the client is slowed down by its own transport.
    package func pauseReading() {
        eventLoop.assertInEventLoop()
        isReadingPaused = true
        socket?.pauseReading()
    }

    /// Continues after ``pauseReading()``; messages come again from the next turn of the loop on.
    package func resumeReading() {
        eventLoop.assertInEventLoop()
        guard isReadingPaused else { return }
        isReadingPaused = false
        if let socket {
            socket.resumeReading()
        } else {
            eventLoop.assumeIsolated().execute { self.deliverPost() }
        }
    }

    /// Runs `work` on the home loop: at once if this is it.
    func onHomeLoop(_ work: @escaping @Sendable (EngineConnection) -> Void) {
        if eventLoop.inEventLoop {
            work(self)
        } else {
            eventLoop.execute { work(self) }
        }
    }

    func sendPacket(_ packet: EnginePacket) {
        if let socket {
            socket.send(packet)
        } else {
            enqueue(packet)
        }
    }

    /// A packet arrived by the current transport.
    func receive(_ packet: consuming EnginePacket) {
        switch machine.packetReceived(packet, now: .now()) {
        case .deliver(let message):
            loop.counters.messagesReceived += 1
            loop.counters.bytesReceived += message.byteCount
            handler.received(message, on: self)
        case .ignore:
            break
        case .answerPing:
            answerPing()
        case .close(let reason, let packet):
            drop(reason, answeringPollWith: packet)
        }
    }

    /// Answers a client's ping. A client that pings without ever reading is cut off like any other that does not read.
    private func answerPing() {
        guard pendingBytes <= loop.server.configuration.maxPendingBytes else {
            fail(.slowConsumer)
            return
        }
        if polling?.endsWithPong != true { sendPacket(.pong(probe: false)) }
    }
}
