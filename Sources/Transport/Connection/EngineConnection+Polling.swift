internal import EngineIO
internal import NIOCore
internal import NIOHTTP1

extension EngineConnection {
    /// Puts a packet where the next poll finds it; one that waits is answered at the end of this turn of the loop.
    func enqueue(_ packet: EnginePacket, compress: Bool = false) {
        guard let polling else { return }
        polling.append(packet, compress: compress)
        let configuration = loop.server.configuration
        if polling.queuedBytes > configuration.softPendingBytes, polling.behindDeadline == nil {
            polling.behindDeadline = .now() + configuration.softPendingTimeout
            loop.arm(self)
        }
        guard polling.poll != nil, !polling.isFlushScheduled else { return }
        polling.isFlushScheduled = true
        loop.scheduleFlush(self)
    }

    /// A timer may be late, but no request is early: one that comes after the session's end finds it closed.
    private func catchUp() {
        let now = NIODeadline.now()
        if deadline <= now { deadlineReached(now: now) }
    }

    /// Why the machine refuses a request of this session: it is over, or no longer polls.
    private func cause(of error: EngineError) -> ConnectionError.Cause {
        error == .sessionUnknown
            ? .unknownSession(id.description)
            : .transportMismatch(requested: .polling, current: machine.transport)
    }

    // MARK: GET

    func pollArrived(_ exchange: HTTPExchange) {
        eventLoop.assertInEventLoop()
        catchUp()
        switch machine.pollArrived(hasWaiting: polling?.hasWaiting ?? false) {
        case .hold:
            polling?.poll = exchange
        case .answer:
            polling?.poll = exchange
            answerPoll()
        case .answerNoop:
            polling?.poll = exchange
            answerPoll(adding: .noop)
        case .answerClose:
            polling?.poll = exchange
            answerPoll(adding: .close)
            forget()
        case .overlap:
            drop(.transportError, answeringPollWith: .close)
            exchange.answer(.empty(.badRequest))
        case .refuse(let error):
            exchange.refuse(cause(of: error), by: engine)
        }
    }

    /// Answers the waiting GET with what waits, and `last`.
    func answerPoll(adding last: EnginePacket? = nil) {
        guard let polling, let poll = polling.poll else { return }
        polling.poll = nil
        machine.pollAnswered()
        let maximum = loop.server.configuration.maxPacketsPerPoll
        var (packets, mayBeCompressed) = polling.takePackets(last == nil ? maximum : maximum - 1)
        if let last { packets.append(last) }
        if polling.queuedBytes <= loop.server.configuration.softPendingBytes { polling.behindDeadline = nil }
        poll.answer(polling.answer(packets, mayBeCompressed: mayBeCompressed))
    }

    func pollAborted(_ exchange: HTTPExchange) {
        eventLoop.assertInEventLoop()
        guard let polling, polling.poll == exchange else { return }
        polling.poll = nil
        switch machine.pollAborted() {
        case .ignore: break
        case .close(let reason): drop(reason, answeringPollWith: .close)
        }
    }

    // MARK: POST

    func postArrived(_ exchange: HTTPExchange) {
        eventLoop.assertInEventLoop()
        catchUp()
        switch machine.postArrived() {
        case .receive:
            polling?.post = exchange
        case .discard:
            // It is answered when it has arrived.
            break
        case .overlap:
            drop(.transportError, answeringPollWith: .close)
            exchange.answer(.empty(.badRequest))
        case .refuse(let error):
            exchange.refuse(cause(of: error), by: engine)
        }
    }

    /// The body of a POST that ``postArrived(_:)`` was told of is complete.
    func postReceived(_ body: ByteBuffer, isBinary: Bool, _ exchange: HTTPExchange) {
        eventLoop.assertInEventLoop()
        guard let polling, polling.post == exchange else {
            // Discarded, or of a session that ended while it was on its way: every request is answered, and who was answered
            // already is not answered again.
            exchange.answer(.postDone)
            return
        }
        guard isOpen else {
            polling.post = nil
            exchange.refuse(cause(of: .sessionUnknown), by: engine)
            return
        }
        guard !isBinary || polling.form.takesBinaryPayloads else {
            failPost(.transportError)
            return
        }
        do throws(PacketError) {
            polling.undelivered = try PayloadDecoder(body, form: polling.form, isBinary: isBinary)
            deliverPost()
        } catch {
            failPost(.parseError)
        }
    }

    /// Delivers the packets of the POST at hand, until reading is paused, and answers it after the last.
    func deliverPost() {
        guard let polling, var decoder = polling.undelivered else { return }
        polling.undelivered = nil
        do throws(PacketError) {
            while isOpen {
                if isReadingPaused {
                    polling.undelivered = decoder
                    return
                }
                guard let packet = try decoder.next() else { break }
                receive(packet)
            }
        } catch {
            failPost(.parseError)
            return
        }
        let post = polling.post
        polling.post = nil
        post?.answer(.postDone)
        switch machine.postCompleted() {
        case .none: break
        case .completeUpgrade: completeUpgrade()
        }
    }

    private func failPost(_ reason: CloseReason) {
        let post = polling?.post
        polling?.post = nil
        // First the end, then the answer: whoever has the answer finds the session gone.
        fail(reason)
        post?.answer(.empty(.badRequest))
    }

    /// The POST turned out to be too large; the session goes on without it.
    func postRefused(_ exchange: HTTPExchange) {
        eventLoop.assertInEventLoop()
        guard let polling, polling.post == exchange else { return }
        polling.post = nil
        switch machine.postCompleted() {
        case .none: break
        case .completeUpgrade: completeUpgrade()
        }
    }

    func postAborted(_ exchange: HTTPExchange) {
        eventLoop.assertInEventLoop()
        guard let polling, polling.post == exchange else { return }
        polling.post = nil
        polling.undelivered = nil
        switch machine.postAborted() {
        case .ignore: break
        case .close(let reason): drop(reason, answeringPollWith: .close)
        }
    }
}

extension EngineConnection: FlushTarget {
    func flushPending() {
        guard let polling else { return }
        polling.isFlushScheduled = false
        if polling.poll != nil, !polling.queue.isEmpty { answerPoll() }
    }
}
