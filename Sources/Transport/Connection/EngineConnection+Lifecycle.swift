package import EngineIO
internal import NIOCore

extension EngineConnection {
    /// What the client is told first.
    var openPacket: EnginePacket {
        .open(HandshakePayload(id: id, transport: handshake.transport, configuration: engine.configuration).json)
    }

    /// The handshake is answered: the session exists from now on.
    func opened() {
        engine.sessions.insert(self)
        loop.arm(self)
        loop.counters.sessionsOpened += 1
        loop.counters.sessionsOpen += 1
        if polling != nil { loop.counters.sessionsPolling += 1 }
        handler.opened(self)
    }

    /// Closes the session: what waits is still delivered, then the client is told.
    ///
    /// The handler's `closed` has been called when this returns.
    package func close(_ reason: CloseReason = .forcedClose) {
        eventLoop.assertInEventLoop()
        switch machine.closeRequested(hasWaiting: polling?.hasWaiting ?? false, now: .now()) {
        case .none:
            return
        case .closeWebSocket:
            socket?.close()
            announce(reason)
            forget()
        case .answerPoll:
            dropCandidate()
            answerPoll(adding: .close)
            announce(reason)
            forget()
        case .completeAndClose:
            announce(reason)
            completeUpgradeAndClose()
        case .hold:
            if !machine.isUpgrading { dropCandidate() }
            // The polling state stays until the client has been told.
            if polling?.poll != nil { answerPoll() }
            loop.arm(self)
            announce(reason)
        }
    }

    /// The transport failed or broke a rule.
    func fail(_ reason: CloseReason) {
        switch machine.failed(reason) {
        case .ignore: break
        case .close(let reason): drop(reason, answeringPollWith: .close)
        }
    }

    /// The machine has closed the session: what waits is dropped.
    func drop(_ reason: CloseReason, answeringPollWith packet: EnginePacket) {
        if let polling, let poll = polling.poll {
            polling.poll = nil
            poll.answer(polling.answer([packet]))
        }
        if reason == .slowConsumer {
            socket?.abandon()
        } else {
            socket?.close()
        }
        dropCandidate()
        announce(reason)
        forget()
    }

    func dropCandidate() {
        candidate?.close()
        candidate = nil
    }

    /// Tells the layer above, once: the machine leaves `open` only once.
    private func announce(_ reason: CloseReason) {
        loop.counters.sessionsOpen -= 1
        if polling != nil { loop.counters.sessionsPolling -= 1 }
        loop.counters.closes[CloseReasonIndex[reason]] += 1
        handler.closed(self, reason: reason)
        context = nil
        // Packets that waited for reading to go on wait for nothing any more; their request is still to be answered.
        guard let polling, polling.undelivered != nil else { return }
        polling.undelivered = nil
        let post = polling.post
        polling.post = nil
        post?.answer(.postDone)
    }

    /// Nothing is left to tell the client; its id is unknown from now on.
    func forget() {
        engine.sessions.remove(id)
        loop.disarm(self)
        dropCandidate()
        socket = nil
        // A POST may still be arriving; it finds the state and learns that the session is gone.
        if polling?.post == nil { polling = nil }
    }
}

extension EngineConnection: TimerWheelTarget {
    var deadline: NIODeadline {
        min(machine.deadline ?? .distantFuture, polling?.behindDeadline ?? .distantFuture)
    }

    func deadlineReached(now: NIODeadline) {
        if let due = polling?.behindDeadline, now >= due {
            polling?.behindDeadline = nil
            fail(.slowConsumer)
            return
        }
        while true {
            switch machine.timerFired(now: now) {
            case .wait: return
            case .sendPing: sendPacket(.ping(probe: false))
            case .closeCandidate: dropCandidate()
            case .close(let reason): drop(reason, answeringPollWith: .close)
            case .forget: forget()
            }
        }
    }

    func serverIsClosing() { close(.serverShuttingDown) }

    func closeNow() {
        close(.serverShuttingDown)
        forget()
    }
}
