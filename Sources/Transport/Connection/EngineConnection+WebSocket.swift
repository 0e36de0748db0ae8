package import EngineIO
internal import NIOCore
internal import NIOHTTP1

extension EngineConnection: WebSocketDelegate {
    /// Starts a session on a WebSocket whose answer is written but not yet flushed.
    func adopt(_ socket: WebSocketConnection) {
        self.socket = socket
        socket.delegate = self
        socket.open()
    }

    /// A WebSocket with this session's id wants to become its transport.
    func candidateArrived(_ socket: WebSocketConnection, request: EngineRequest, answer: ByteBuffer) {
        eventLoop.assertInEventLoop()
        switch machine.candidateArrived(now: .now()) {
        case .accept:
            candidate = socket
            loop.arm(self)
            socket.delegate = self
            socket.writeRaw(answer)
            socket.open()
        case .closeAtOnce:
            socket.writeRaw(answer)
            socket.open()
            socket.close()
        case .refuse(let error):
            socket.refuse(error)
            handler.refused(ConnectionError(request: request, cause: .unknownSession(id.description)))
        }
    }

    package func webSocketOpened(_ socket: WebSocketConnection) {
        guard socket === self.socket else { return }
        socket.send(openPacket)
        opened()
    }

    package func webSocket(_ socket: WebSocketConnection, received message: EngineMessage) {
        guard socket === self.socket else {
            candidateReceived(message)
            return
        }
        do throws(PacketError) {
            switch message {
            case .binary(let bytes): receive(try EnginePacket(binary: bytes, revision: revision))
            case .text(let text): receive(try EnginePacket(text: text, revision: revision))
            }
        } catch {
            fail(.parseError)
        }
    }

    private func candidateReceived(_ message: EngineMessage) {
        guard case .text(let text) = message, let packet = try? EnginePacket(text: text, revision: revision)
        else {
            machine.candidateClosed()
            dropCandidate()
            return
        }
        switch machine.candidatePacketReceived(packet) {
        case .answerProbe:
            candidate?.send(EnginePacket.pong(probe: true))
            // The client stops polling once its poll is answered.
            if polling?.poll != nil { answerPoll(adding: polling?.queue.isEmpty == true ? .noop : nil) }
        case .complete:
            completeUpgrade()
        case .completeAndClose:
            completeUpgradeAndClose()
        case .awaitPost:
            candidate?.pauseReading()
        case .closeCandidate:
            dropCandidate()
        }
    }

    /// The candidate is the transport now.
    func completeUpgrade() {
        guard let socket = candidate else { return }
        leavePolling(for: socket)
        loop.counters.sessionsPolling -= 1
        loop.counters.upgrades += 1
        if isReadingPaused {
            socket.pauseReading()
        } else {
            socket.resumeReading()
        }
    }

    /// The session is over, which the client hears on the candidate.
    func completeUpgradeAndClose() {
        guard let socket = candidate else { return }
        leavePolling(for: socket)
        socket.close()
        forget()
    }

    /// What waited for a poll goes out on the WebSocket.
    private func leavePolling(for socket: WebSocketConnection) {
        candidate = nil
        self.socket = socket
        if polling?.poll != nil { answerPoll(adding: polling?.queue.isEmpty == true ? .noop : nil) }
        while let queued = polling?.take() { socket.send(queued.packet, compress: queued.mayBeCompressed) }
        polling = nil
    }

    package func webSocketDrained(_ socket: WebSocketConnection) {
        if socket === self.socket { handler.drained(self) }
    }

    package func webSocketClosed(_ socket: WebSocketConnection, byFault: Bool) {
        if socket === candidate {
            candidate = nil
            machine.candidateClosed()
        } else if socket === self.socket {
            self.socket = nil
            fail(byFault ? .transportError : .transportClose)
        }
    }

    package func webSocketStalled(_ socket: WebSocketConnection) {
        if socket === self.socket { fail(.slowConsumer) } else { socket.abandon() }
    }

    package func webSocketServerClosing(_ socket: WebSocketConnection) { serverIsClosing() }
}

extension WebSocketConnection {
    /// Answers the handshake with an error instead of a 101: the session ended while it was on its way here.
    func refuse(_ error: EngineError) {
        let text = error.message
        writeRaw(
            ByteBuffer(
                string: "HTTP/1.1 \(error.status) Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\n"
                    + "Content-Length: \(text.utf8.count)\r\n\r\n\(text)"))
        flush()
        drain()
    }
}
