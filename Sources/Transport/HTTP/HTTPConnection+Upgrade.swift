internal import EngineIO
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension HTTPConnection {
    /// What to do with a WebSocket handshake; one that breaks the rules is answered as `ws` does it.
    func planUpgrade(
        _ request: IncomingRequest, to goal: IncomingRequest.UpgradeGoal
    ) throws(WebSocketHandshake.Flaw) {
        // A body would have to be told from the frames that follow.
        request.bodyLimit = 0
        do throws(WebSocketHandshake.Flaw) {
            let deflate = server.configuration.perMessageDeflate
            request.plan = .upgrade(try WebSocketHandshake(request.head, deflate: deflate), goal)
        } catch {
            var answer = HTTPAnswer.upgradeRefusal(Int(error.status.code), error.text)
            if error == .version { answer.headers.add(name: "Sec-WebSocket-Version", value: "13") }
            request.plan = .answer(answer)
            throw error
        }
    }

    /// Hands the channel over to a ``WebSocketConnection``, on the loop of the session that it is for.
    func upgrade(
        _ request: IncomingRequest, _ handshake: WebSocketHandshake, _ goal: IncomingRequest.UpgradeGoal
    ) {
        if case .newSession(let engine, let engineHandshake) = goal,
            case .reject(let rejection) = admission(engine, engineHandshake)
        {
            report(.forbidden(rejection), request, engine)
            let exchange = HTTPExchange(connection: self, serial: request.serial)
            var answer = HTTPAnswer.upgradeRefusal(rejection.status, rejection.message ?? EngineError.forbidden.message)
            if let retryAfter = rejection.retryAfter { answer.headers.add(name: "Retry-After", value: "\(retryAfter)") }
            exchange.answer(answer)
            return
        }
        guard let context else {
            goal.abandon()
            return
        }
        var headers = HTTPHeaders()
        for (name, value) in request.extraHeaders { headers.add(name: name, value: value) }
        let answer = handshake.answer(extra: headers)
        let channel = context.channel
        let loop = self.loop
        let socket = WebSocketConnection(
            loop: loop, limits: goal.limits(server), form: goal.form, deflate: handshake.deflate)
        phase = .upgrading
        do {
            try channel.pipeline.syncOperations.addHandler(socket)
        } catch {
            goal.abandon()
            context.close(promise: nil)
            return
        }
        // The decoder goes last: what it has not parsed comes out of it then, and the socket keeps it.
        let last = httpHandlers.removeLast()
        for handler in httpHandlers { channel.pipeline.syncOperations.removeHandler(handler, promise: nil) }
        httpHandlers = []
        channel.pipeline.syncOperations.removeHandler(last).assumeIsolated().whenComplete { _ in
            Self.hand(socket, on: channel, to: goal, answer: answer)
        }
    }

    private static func hand(
        _ socket: WebSocketConnection, on channel: any Channel, to goal: IncomingRequest.UpgradeGoal,
        answer: ByteBuffer
    ) {
        // The peer may have left while the handlers made way.
        guard socket.state == .waiting else {
            goal.abandon()
            return
        }
        switch goal {
        case .newSession(let engine, let handshake):
            let session = EngineConnection(engine: engine, loop: socket.loop, handshake: handshake)
            socket.writeRaw(answer)
            session.adopt(socket)
        case .existingSession(let session, _, let request):
            guard session.eventLoop === channel.eventLoop else {
                rehome(socket, channel, to: session, request: request, answer: answer)
                return
            }
            session.candidateArrived(socket, request: request, answer: answer)
        case .nothing:
            socket.writeRaw(answer)
            socket.open()
            socket.close()
        case .service(let endpoint):
            socket.delegate = endpoint.makeDelegate()
            socket.setIdleTimeout(endpoint.idleTimeout)
            socket.writeRaw(answer)
            socket.open()
        }
    }

    /// Moves a connection to its session's home loop, once, so that no packet ever has to cross loops.
    private static func rehome(
        _ socket: WebSocketConnection, _ channel: any Channel, to session: EngineConnection, request: EngineRequest,
        answer: ByteBuffer
    ) {
        let early = socket.early
        let (limits, form, deflate) = (socket.decoder.limits, socket.form, socket.deflate?.agreement)
        guard let descriptor = socket.loop.server.isSecure ? relay(socket, channel) : move(channel) else { return }
        session.onHomeLoop { session in
            let socket = WebSocketConnection(loop: session.loop, limits: limits, form: form, deflate: deflate)
            socket.early = early
            session.loop.connectionMoved()
            let bound = NIOLoopBound(socket, eventLoop: session.eventLoop)
            ClientBootstrap(group: session.eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try ReadBufferAllocator.use(in: channel)
                        try channel.pipeline.syncOperations.addHandler(bound.value)
                    }
                }
                .withConnectedSocket(descriptor)
                .whenComplete { result in
                    switch result {
                    case .success where bound.value.state == .waiting:
                        session.candidateArrived(bound.value, request: request, answer: answer)
                    case .success: break
                    case .failure: session.loop.connectionClosed()
                    }
                }
        }
    }

    /// The same socket under a second descriptor, which becomes a channel elsewhere; the first descriptor is closed.
    private static func move(_ channel: any Channel) -> CInt? {
        let descriptor = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { dup($0) }
        channel.close(promise: nil)
        return descriptor.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// TLS stays where it is; what it carries goes through a local socket, whose far end becomes a channel elsewhere.
    private static func relay(_ socket: WebSocketConnection, _ channel: any Channel) -> CInt? {
        let budget = socket.loop.server.budget
        guard let (near, far) = TLSRelay.socketPair() else {
            channel.close(promise: nil)
            return nil
        }
        let (outer, inner) = TLSRelay.pair { budget.giveBack() }
        do {
            try channel.pipeline.syncOperations.addHandler(outer)
        } catch {
            // It was closed meanwhile.
            close(near)
            close(far)
            return nil
        }
        channel.pipeline.syncOperations.removeHandler(socket, promise: nil)
        // The connection counts where its session is; its descriptor and one end of the pair remain here.
        socket.loop.connectionClosed()
        budget.take()
        budget.take()
        let bound = NIOLoopBound(inner, eventLoop: channel.eventLoop)
        ClientBootstrap(group: channel.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .withConnectedSocket(near)
            .whenFailure { _ in
                budget.giveBack()
                channel.close(promise: nil)
            }
        return far
    }
}

extension IncomingRequest.UpgradeGoal {
    fileprivate func limits(_ server: ServerContext) -> WebSocketLimits {
        switch self {
        case .newSession(let engine, _): engine.webSocketLimits
        case .existingSession(let session, _, _): session.engine.webSocketLimits
        case .nothing(let limits): limits
        case .service(let endpoint): endpoint.limits
        }
    }

    /// The peer has left: who counted the handshake in counts it out.
    fileprivate func abandon() {
        if case .newSession(let engine, let handshake) = self { engine.handler.abandoned(handshake) }
    }

    /// How engine packets look on the socket, if there will be any.
    fileprivate var form: WireForm {
        switch self {
        case .newSession(_, let handshake): handshake.form
        case .existingSession(_, let form, _): form
        case .nothing, .service: WireForm(revision: .v4)
        }
    }
}

extension HTTPAnswer {
    /// A refused WebSocket handshake: the bare text, and the end of the connection, as in Node.
    static func upgradeRefusal(_ status: Int, _ text: String) -> HTTPAnswer {
        HTTPAnswer(
            status: HTTPResponseStatus(statusCode: status),
            fixedHeaders: "Content-Type: text/html\r\n",
            body: ByteBuffer(string: text),
            closes: true)
    }
}
