internal import EngineIO
internal import NIOCore

extension WebSocketConnection {
    /// Pings answered one by one within a turn of the loop; of more, only the newest is.
    private static let maxPongsPerTurn = 64

    /// The handshake is answered: frames flow, beginning with those that came early.
    func open() {
        state = .open
        delegate?.webSocketOpened(self)
        if let bytes = early {
            early = nil
            receive(bytes)
            if outgoing != nil { scheduleFlush() }
        }
    }

    func receive(_ bytes: ByteBuffer) {
        if idleTimeout != nil, state == .open { extendIdleDeadline() }
        decoder.feed(bytes, scratch: &loop.scratch)
        deliver()
    }

    /// Hands out what has arrived, until reading is paused or the socket closes.
    func deliver() {
        isReading = true
        defer { isReading = false }
        do throws(WebSocketFault) {
            while !isReadingPaused, state == .open || state == .closing, let event = try decoder.next() {
                switch event {
                case .message(let message):
                    if state == .open { delegate?.webSocket(self, received: message) }
                case .compressed(let payload, let isText):
                    let message = try restored(payload, isText: isText)
                    if state == .open { delegate?.webSocket(self, received: message) }
                case .ping(let payload):
                    answer(ping: payload)
                case .pong:
                    break
                case .close(let code):
                    peerClosed(code: code)
                }
            }
        } catch {
            fail(error)
        }
    }

    /// Stops handing out messages; the peer is slowed down once the system's buffers are full.
    package func pauseReading() {
        isReadingPaused = true
    }

    /// Continues after ``pauseReading()``.
    package func resumeReading() {
        guard isReadingPaused else { return }
        isReadingPaused = false
        // Not from inside the caller: it may be in the middle of something that a new message would upset.
        loop.eventLoop.assumeIsolated().execute {
            guard !self.isReadingPaused else { return }
            self.deliver()
            if self.outgoing != nil { self.scheduleFlush() }
            guard !self.isReadingPaused, self.isReadHeld else { return }
            self.isReadHeld = false
            self.context?.read()
        }
    }

    private func restored(_ payload: ByteBuffer, isText: Bool) throws(WebSocketFault) -> EngineMessage {
        guard let deflate else { throw .protocolError }
        let message = try deflate.inflate(payload, limit: decoder.limits.maxMessage)
        guard isText else { return .binary(message) }
        guard UTF8Validator.isValid(message) else { throw .invalidUTF8 }
        return .text(message)
    }

    private func answer(ping payload: ByteBuffer) {
        guard state == .open else { return }
        pongsInTurn += 1
        if pongsInTurn <= Self.maxPongsPerTurn, isChannelWritable {
            writeFrame(.pong, payload: payload)
        } else {
            heldPong = payload
            scheduleFlush()
        }
    }

    private func extendIdleDeadline() {
        guard let idleTimeout else { return }
        deadlineWithoutArming(.now() + idleTimeout)
    }
}
