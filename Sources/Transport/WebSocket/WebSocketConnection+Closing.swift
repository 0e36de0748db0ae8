internal import EngineIO
internal import NIOCore

extension WebSocketConnection {
    /// Sends what waits and a close frame without a status code, as every deliberate close by the server does, then
    /// waits for the peer's. The delegate is not called any more.
    package func close() {
        delegate = nil
        switch state {
        case .waiting:
            state = .closed
            context?.close(promise: nil)
        case .open:
            writeFrame(.close, payload: ByteBuffer())
            flush()
            state = .closing
            isReadingPaused = false
            resumeHeldRead()
            setDeadline(.now() + loop.server.configuration.closeTimeout)
        case .closing, .draining, .closed:
            break
        }
    }

    /// Gives the connection up without a word: the peer does not take what waits for it.
    func abandon() {
        delegate = nil
        outgoing = nil
        context?.close(promise: nil)
    }

    /// The peer broke a rule: tell it which, and end.
    func fail(_ fault: WebSocketFault) {
        guard state == .open || state == .closing else { return }
        if state == .open { sendClose(code: fault.rawValue) }
        drain()
        ended(byFault: true)
    }

    func peerClosed(code: UInt16?) {
        if state == .open { sendClose(code: code) }
        drain()
        ended(byFault: false)
    }

    /// Tells the delegate, once, that the socket is over.
    func ended(byFault: Bool) {
        guard let delegate else { return }
        self.delegate = nil
        delegate.webSocketClosed(self, byFault: byFault)
    }

    private func sendClose(code: UInt16?) {
        var payload = ByteBuffer()
        if let code { payload.writeInteger(code) }
        writeFrame(.close, payload: payload)
        flush()
    }

    /// Says that nothing follows, and discards input until the peer hangs up too or the time is over.
    func drain() {
        state = .draining
        setDeadline(.now() + loop.server.configuration.closeTimeout)
        isReadingPaused = false
        resumeHeldRead()
        context?.close(mode: .output, promise: nil)
    }

    private func resumeHeldRead() {
        guard isReadHeld else { return }
        isReadHeld = false
        context?.read()
    }
}
