internal import EngineIO
internal import NIOCore
internal import NIOHTTP1

extension HTTPConnection {
    /// Longest `Origin` that is looked at.
    private static let maxOrigin = 1024

    /// Decides, from the head alone, what the request is for. The order of the checks is the Node server's.
    func route(_ request: IncomingRequest) {
        let target = request.head.uri
        if let engine = server.engines.first(where: { $0.endpoint.matches(target: target) }) {
            routeToEngine(engine, request)
        } else if request.facts.wantsWebSocket,
            let service = server.webSockets.first(where: { target.utf8.starts(with: $0.prefix.utf8) })
        {
            try? planUpgrade(request, to: .service(service))
        } else {
            planFallback(request)
        }
    }

    private func planFallback(_ request: IncomingRequest) {
        request.plan = .fallback
        request.bodyLimit = server.configuration.maxFallbackBody
    }

    private func routeToEngine(_ engine: Engine, _ request: IncomingRequest) {
        // What refused requests send along is read and ignored, within the bounds of a POST.
        request.bodyLimit = engine.configuration.maxPayload
        let origin = request.facts.origin
        if let origin, !Self.isLegal(origin: origin) {
            refuse(.invalidOrigin(origin), request, engine)
            return
        }
        let cors = engine.endpoint.cors
        let decision = cors.decide(
            origin: origin,
            request: RequestView(target: request.head.uri, remoteAddress: remoteAddress, host: request.facts.host))
        request.addHeaders(for: decision)
        if request.head.method == .OPTIONS, cors.answersPreflights {
            request.addPreflightHeaders(for: decision, cors.preflight)
            if !cors.preflight.continues {
                request.plan = .answer(.preflight(status: cors.preflight.status))
                return
            }
        }
        if decision == .refuse {
            refuse(.forbiddenOrigin(origin), request, engine)
            return
        }
        if isFallbackFile(request.head.uri, of: engine) {
            planFallback(request)
            return
        }
        do throws(ConnectionError.Cause) {
            try plan(request, engine)
        } catch {
            refuse(error, request, engine)
        }
    }

    private func plan(_ request: IncomingRequest, _ engine: Engine) throws(ConnectionError.Cause) {
        let target = EngineTarget(target: request.head.uri)
        guard !target.isAmbiguous else { throw .repeatedParameter }
        guard let transport = target.transport.value, engine.configuration.allows(transport) else {
            throw .unknownTransport(parameter("transport", request))
        }
        guard case .present(let id) = target.sessionID else {
            return try planHandshake(request, engine, target, transport)
        }
        guard let session = id.flatMap({ engine.sessions[$0] }) else {
            throw .unknownSession(parameter("sid", request) ?? "")
        }
        // The revision lives in the session (CVE-2026-102599): no request may bring another one, or none.
        guard target.revision.value == session.revision else {
            throw .revisionMismatch(parameter("EIO", request))
        }
        if request.facts.wantsWebSocket {
            let facts = EngineRequest(request.head, remoteAddress: remoteAddress, isSecure: server.isSecure)
            return planUpgrade(
                request, engine,
                to: transport == .webSocket
                    ? .existingSession(session, target.form(session.revision), facts)
                    : .nothing(engine.webSocketLimits))
        }
        guard transport == .polling else {
            throw .transportMismatch(requested: transport, current: .polling)
        }
        switch request.head.method {
        case .GET: request.plan = .poll(session)
        case .POST: request.plan = .post(session)
        default: throw .badSessionMethod(request.head.method.rawValue)
        }
    }

    private func planHandshake(
        _ request: IncomingRequest, _ engine: Engine, _ target: EngineTarget, _ transport: TransportName
    ) throws(ConnectionError.Cause) {
        let isUpgrade = request.facts.wantsWebSocket
        guard request.head.method == .GET else { throw .badHandshakeMethod(request.head.method.rawValue) }
        guard isUpgrade || transport == .polling else { throw .badWebSocketHandshake("No upgrade") }
        guard let revision = target.revision.value, engine.configuration.revisions.contains(revision) else {
            throw .unsupportedRevision(parameter("EIO", request))
        }
        let handshake = EngineHandshake(
            url: request.head.uri,
            headers: request.head.headers.lazy.map { (name: $0.name, value: $0.value) },
            remoteAddress: remoteAddress,
            isSecure: server.isSecure,
            transport: transport,
            form: target.form(revision))
        guard isUpgrade else {
            request.plan = .openSession(engine, handshake)
            return
        }
        planUpgrade(
            request, engine,
            to: transport == .webSocket ? .newSession(engine, handshake) : .nothing(engine.webSocketLimits))
    }

    private func planUpgrade(_ request: IncomingRequest, _ engine: Engine, to goal: IncomingRequest.UpgradeGoal) {
        do throws(WebSocketHandshake.Flaw) {
            try planUpgrade(request, to: goal)
        } catch {
            report(.badWebSocketHandshake(error.text), request, engine)
        }
    }

    /// A parameter as text, for those who are told of a refusal.
    private func parameter(_ name: String, _ request: IncomingRequest) -> String? {
        QueryParameters(target: request.head.uri).first { $0.name == name }?.value
    }

    /// Refuses with one of the numbered errors; a WebSocket handshake gets the bare text, as in Node.
    private func refuse(_ cause: ConnectionError.Cause, _ request: IncomingRequest, _ engine: Engine) {
        let error = cause.code
        request.plan = .answer(
            request.facts.wantsWebSocket ? .upgradeRefusal(error.status, error.message) : .refusal(error))
        report(cause, request, engine)
    }

    /// Tells the layer above of a refusal.
    func report(_ cause: ConnectionError.Cause, _ request: IncomingRequest, _ engine: Engine) {
        let facts = EngineRequest(request.head, remoteAddress: remoteAddress, isSecure: server.isSecure)
        engine.handler.refused(ConnectionError(request: facts, cause: cause))
    }

    private func isFallbackFile(_ uri: String, of engine: Engine) -> Bool {
        let prefix = engine.endpoint.filePrefix
        guard !engine.endpoint.fallbackFiles.isEmpty, uri.utf8Span.span.starts(with: prefix.utf8Span.span) else {
            return false
        }
        let name = uri.utf8.dropFirst(prefix.utf8.count).prefix { $0 != UInt8(ascii: "?") }
        return !name.isEmpty && engine.endpoint.fallbackFiles.contains(String(Substring(name)))
    }

    private static func isLegal(origin: String) -> Bool {
        origin.utf8.count <= maxOrigin && origin.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    /// The request is complete: do what was planned.
    func perform(_ request: IncomingRequest) {
        let exchange = HTTPExchange(connection: self, serial: request.serial)
        switch request.plan {
        case .answer(let answer):
            exchange.answer(answer)
        case .openSession(let engine, let handshake):
            exchange.answer(openSession(engine, handshake, request))
        case .poll(let session):
            session.onHomeLoop { $0.pollArrived(exchange) }
        case .post(let session):
            let isAnnounced = request.isAnnounced
            request.isAnnounced = true
            let body = request.body
            request.body = ByteBuffer()
            let isBinary = request.facts.hasBinaryBody
            session.onHomeLoop {
                if !isAnnounced { $0.postArrived(exchange) }
                $0.postReceived(body, isBinary: isBinary, exchange)
            }
        case .upgrade(let handshake, let goal):
            upgrade(request, handshake, goal)
        case .fallback:
            startFallback(request)
        }
    }

    private func openSession(
        _ engine: Engine, _ handshake: EngineHandshake, _ request: IncomingRequest
    ) -> HTTPAnswer {
        switch admission(engine, handshake) {
        case .reject(let rejection):
            report(.forbidden(rejection), request, engine)
            return .refusal(rejection)
        case .accept:
            let session = EngineConnection(engine: engine, loop: loop, handshake: handshake)
            let payload = PayloadEncoder.encode([session.openPacket], form: handshake.form)
            // The answer leaves after this turn's calls; what `opened` sends waits for the first poll.
            session.opened()
            var answer = HTTPAnswer.poll(payload)
            if let cookie = engine.endpoint.cookie {
                answer.headers.add(name: "Set-Cookie", value: cookie.header(id: session.id.description))
            }
            return answer
        }
    }

    func admission(_ engine: Engine, _ handshake: EngineHandshake) -> Admission {
        server.isClosing ? .reject(.goingAway) : engine.handler.admit(handshake)
    }
}

extension Rejection {
    /// The server is shutting down; another node, or this one in a moment, will do.
    static let goingAway = Rejection(status: 503, message: "Server shutting down", retryAfter: 1)
}

extension IncomingRequest {
    func addHeaders(for decision: CORSDecision) {
        guard case .allow(let allowance) = decision else { return }
        extraHeaders.append(("Access-Control-Allow-Origin", allowance.origin))
        if allowance.allowsCredentials { extraHeaders.append(("Access-Control-Allow-Credentials", "true")) }
        if allowance.variesByOrigin { extraHeaders.append(("Vary", "Origin")) }
        if !allowance.exposedHeaders.isEmpty {
            extraHeaders.append(("Access-Control-Expose-Headers", allowance.exposedHeaders.joined(separator: ",")))
        }
    }

    func addPreflightHeaders(for decision: CORSDecision, _ preflight: CORSPreflight) {
        guard case .allow = decision else { return }
        extraHeaders.append(("Access-Control-Allow-Methods", preflight.methods.joined(separator: ",")))
        if let allowed = preflight.allowedHeaders {
            if !allowed.isEmpty {
                extraHeaders.append(("Access-Control-Allow-Headers", allowed.joined(separator: ",")))
            }
        } else if let wanted = head.headers.first(name: "access-control-request-headers") {
            extraHeaders.append(("Access-Control-Allow-Headers", wanted))
            extraHeaders.append(("Vary", "Access-Control-Request-Headers"))
        }
        if let maxAge = preflight.maxAge { extraHeaders.append(("Access-Control-Max-Age", "\(maxAge)")) }
    }
}
