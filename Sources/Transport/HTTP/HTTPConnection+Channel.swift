internal import NIOCore
internal import NIOHTTP1

extension HTTPConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.arm(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        // A channel that is closed before it is registered with its loop, as a deadline may do on a busy machine, was
        // never active and does not become inactive.
        countOut()
        // They refer to one another and to this connection.
        httpHandlers = []
        loop.disarm(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch phase {
        case .idle where byteGuard.isInsideHead:
            startHeadTimer()
        case .receiving(let request):
            extendBodyTimer(request)
            if case .post(let session) = request.plan, !request.isAnnounced {
                request.isAnnounced = true
                let exchange = HTTPExchange(connection: self, serial: request.serial)
                session.onHomeLoop { $0.postArrived(exchange) }
            }
        case .idle, .answering, .draining, .upgrading, .closed:
            break
        }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            writeDeadline = nil
        } else {
            stalledBytes = backlog
            writeDeadline = .now() + server.configuration.writeTimeout
            loop.arm(self)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        countOut()
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let parserError = error as? HTTPParserError else {
            // Reset by the peer and the like.
            context.close(promise: nil)
            return
        }
        refuse(parserError == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest)
    }

    /// The connection is gone; once, and not if it goes on as a WebSocket.
    private func countOut() {
        if case .upgrading = phase { return }
        guard isCounted else { return }
        isCounted = false
        loop.connectionClosed()
    }

    private func end() {
        switch phase {
        case .receiving(let request), .answering(let request): request.abort(connection: self)
        case .idle, .draining, .upgrading, .closed: break
        }
        phase = .closed
        loop.disarm(self)
    }

    /// Bytes written but not yet taken by the system.
    private var backlog: Int {
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}

extension HTTPConnection: TimerWheelTarget {
    var pendingBytes: Int { backlog }

    var deadline: NIODeadline {
        writeDeadline.map { min($0, phaseDeadline) } ?? phaseDeadline
    }

    func deadlineReached(now: NIODeadline) {
        if let due = writeDeadline, now >= due {
            let left = backlog
            guard left >= stalledBytes else {
                // Slow, but it moves.
                stalledBytes = left
                writeDeadline = now + server.configuration.writeTimeout
                return
            }
            context?.close(promise: nil)
            return
        }
        guard now >= phaseDeadline else { return }
        switch phase {
        case .idle where byteGuard.isInsideHead, .receiving: refuse(.requestTimeout)
        case .idle, .draining, .closed, .upgrading: context?.close(promise: nil)
        case .answering: break
        }
    }

    func serverIsClosing() {
        switch phase {
        // A request whose head is arriving is answered, and its connection closed then.
        case .idle where byteGuard.isInsideHead: break
        case .idle: context?.close(promise: nil)
        case .receiving, .answering, .draining, .upgrading, .closed: break
        }
    }

    func closeNow() { context?.close(promise: nil) }

    func setPhaseDeadline(_ deadline: NIODeadline) {
        phaseDeadline = deadline
        loop.arm(self)
    }

    private func startHeadTimer() {
        // From the first byte of a head; later ones do not extend it.
        guard !isHeadTimed else { return }
        isHeadTimed = true
        setPhaseDeadline(min(phaseDeadline, .now() + server.configuration.headerTimeout))
    }

    /// A body has a fixed time, and less when it comes too slowly: what has arrived buys time for the rest.
    private func extendBodyTimer(_ request: IncomingRequest) {
        let configuration = server.configuration
        let start = request.bodyStart ?? .now()
        let bought = TimeAmount.milliseconds(
            Int64(request.body.readableBytes) * 1000 / Int64(max(1, configuration.minBodyRate)))
        let deadline = start + min(configuration.bodyTimeout, max(configuration.bodyGrace, bought))
        guard request.bodyStart == nil else {
            // A later deadline is noticed when the earlier one comes up.
            phaseDeadline = deadline
            return
        }
        request.bodyStart = start
        setPhaseDeadline(deadline)
    }
}
