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
        } else if WebSocketHandshake.isWanted(request.head.headers),
            let service = server.webSockets.first(where: { target.utf8.starts(with: $0.prefix.utf8) })
        {
            planUpgrade(request, to: .service(service))
        } else {
            planFallback(request)
        }
    }

    private func planFallback(_ request: IncomingRequest) {
        request.plan = .fallback
        request.bodyLimit = server.configuration.maxFallbackBody
    }

    private func routeToEngine(_ engine: Engine, _ request: IncomingRequest) {
        let isUpgrade = WebSocketHandshake.isWanted(request.head.headers)
        // What refused requests send along is read and ignored, within the bounds of a POST.
        request.bodyLimit = engine.configuration.maxPayload
        let origin = request.head.headers.first(name: "origin")
        guard origin.map(Self.isLegal(origin:)) ?? true else {
            plan(.badRequest, request, isUpgrade)
            return
        }
        let cors = engine.endpoint.cors
        let decision = cors.decide(
            origin: origin,
            request: RequestView(
                target: request.head.uri, remoteAddress: remoteAddress, host: request.head.headers.first(name: "host")))
        request.addHeaders(for: decision)
        if request.head.method == .OPTIONS, cors.answersPreflights {
            request.addPreflightHeaders(for: decision, cors.preflight)
            if !cors.preflight.continues {
                request.plan = .answer(.preflight(status: cors.preflight.status))
                return
            }
        }
        if decision == .refuse {
            plan(.forbidden, request, isUpgrade)
            return
        }
        if isFallbackFile(request.head.uri, of: engine) {
            planFallback(request)
            return
        }
        switch plan(for: request, engine, isUpgrade: isUpgrade) {
        case .success(let plan): request.plan = plan
        case .failure(let error): plan(error, request, isUpgrade)
        }
    }

    private func plan(
        for request: IncomingRequest, _ engine: Engine, isUpgrade: Bool
    ) -> Result<IncomingRequest.Plan, EngineError> {
        let target = EngineTarget(target: request.head.uri)
        guard !target.isAmbiguous else { return .failure(.badRequest) }
        guard let transport = target.transport.flatMap({ TransportName(queryValue: $0) }),
            engine.configuration.allows(transport)
        else { return .failure(.transportUnknown) }
        guard let sessionID = target.sessionID else {
            return planHandshake(request, engine, target, transport, isUpgrade: isUpgrade)
        }
        guard let session = SessionID(sessionID).flatMap({ engine.sessions[$0] }) else {
            return .failure(.sessionUnknown)
        }
        // The revision lives in the session (CVE-2026-102599): no request may bring another one, or none.
        guard target.revision.flatMap({ Revision(queryValue: $0) }) == session.revision else {
            return .failure(.badRequest)
        }
        if isUpgrade {
            return upgradePlan(
                request,
                to: transport == .webSocket
                    ? .existingSession(session, target.form(session.revision)) : .nothing(engine.webSocketLimits))
        }
        guard transport == .polling else { return .failure(.badRequest) }
        switch request.head.method {
        case .GET:
            return .success(.poll(session))
        case .POST:
            return .success(.post(session))
        default:
            return .failure(.badRequest)
        }
    }

    private func planHandshake(
        _ request: IncomingRequest, _ engine: Engine, _ target: EngineTarget, _ transport: TransportName,
        isUpgrade: Bool
    ) -> Result<IncomingRequest.Plan, EngineError> {
        guard request.head.method == .GET else { return .failure(.badHandshakeMethod) }
        guard isUpgrade || transport == .polling else { return .failure(.badRequest) }
        guard let revision = target.revision.flatMap({ Revision(queryValue: $0) }),
            engine.configuration.revisions.contains(revision)
        else { return .failure(.unsupportedProtocolVersion) }
        let handshake = EngineHandshake(
            url: request.head.uri,
            headers: request.head.headers.lazy.map { (name: $0.name, value: $0.value) },
            remoteAddress: remoteAddress,
            isSecure: server.isSecure,
            transport: transport,
            form: target.form(revision))
        if isUpgrade {
            return upgradePlan(
                request,
                to: transport == .webSocket ? .newSession(engine, handshake) : .nothing(engine.webSocketLimits))
        }
        return .success(.openSession(engine, handshake))
    }

    /// Refuses with one of the numbered errors; a WebSocket handshake gets the bare text, as in Node.
    private func plan(_ error: EngineError, _ request: IncomingRequest, _ isUpgrade: Bool) {
        request.plan = .answer(isUpgrade ? .upgradeRefusal(error.status, error.message) : .refusal(error))
    }

    private func isFallbackFile(_ uri: String, of engine: Engine) -> Bool {
        let prefix = engine.endpoint.filePrefix.utf8
        guard !engine.endpoint.fallbackFiles.isEmpty, uri.utf8.starts(with: prefix) else { return false }
        let name = uri.utf8.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "?") }
        return engine.endpoint.fallbackFiles.contains(String(Substring(name)))
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
            exchange.answer(openSession(engine, handshake))
        case .poll(let session):
            session.onHomeLoop { $0.pollArrived(exchange) }
        case .post(let session):
            let isAnnounced = request.isAnnounced
            request.isAnnounced = true
            let body = request.body
            request.body = ByteBuffer()
            let isBinary = request.hasBinaryBody
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

    private func openSession(_ engine: Engine, _ handshake: EngineHandshake) -> HTTPAnswer {
        switch admission(engine, handshake) {
        case .reject(let rejection):
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
    /// Whether a POST declares raw bytes, which only revision 3 has a payload for.
    var hasBinaryBody: Bool {
        head.headers.first(name: "content-type")?.lowercased().hasPrefix("application/octet-stream") ?? false
    }

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
