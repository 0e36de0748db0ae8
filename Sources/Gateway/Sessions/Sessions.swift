internal import Assignment
internal import Logging
internal import NIOCore
internal import SocketIO
internal import SocketServer
internal import Storage
internal import Synchronization
internal import Transport

/// From CONNECT to the end of a socket: who it is, its rooms, its events.
struct Sessions: Sendable {
    let services: Services
    let authenticator: Authenticator
    let presence: PresenceKeeper
    let registry: SessionRegistry
    let quotas: WorkspaceQuotas
    let addresses: CountedAddress
    let logger: Logger

    /// How long a CONNECT is held while the gateway cannot decide.
    static let patience: Duration = .seconds(5)

    /// What a socket carries from its CONNECT to its end.
    private final class Admitted: Sendable {
        let session: Session
        let token: Secret?
        /// Goes back with this object where no handler ever hears of the socket.
        let place: WorkspaceQuotas.Place
        private let presence: PresenceKeeper
        private let isGreeted = Atomic(false)

        init(session: Session, token: Secret?, place: WorkspaceQuotas.Place, presence: PresenceKeeper) {
            self.session = session
            self.token = token
            self.place = place
            self.presence = presence
        }

        /// From now on the disconnect handler ends the lease.
        func markGreeted() { self.isGreeted.store(true, ordering: .relaxed) }

        deinit {
            // The connection was lost while its CONNECT was decided: no handler will ever hear of this socket, but its lease
            // stands. Unstructured, because nothing is left that could wait.
            guard !self.isGreeted.load(ordering: .relaxed) else { return }
            let (presence, id) = (self.presence, self.session.socket.id)
            Task { await presence.closed(id) }
        }
    }

    /// Registers everything on the gateway's one namespace.
    func install(on namespace: Namespace) {
        let dispatcher = EventDispatcher(services: self.services, logger: self.logger)
        namespace
            .use { try await self.connect($0) }
            .onConnection { await self.greet($0) }
            .onUnhandled { socket, event in
                guard let admitted = socket.data as? Admitted else { return }
                await dispatcher.handle(
                    event.name, event.arguments.json, ack: Self.ack(event, of: socket), from: admitted.session)
            }
            .onDisconnect { socket, _ in await self.end(socket) }
            // At once: the line of what a socket leaves to be done may be long.
            .inLoop.onDisconnect { socket, _ in (socket.data as? Admitted)?.place.giveBack() }
    }

    private static func ack(_ event: SocketEvent, of socket: Socket) -> Ack? {
        event.ack.map { acknowledgement in
            Ack(socket: socket.id) { acknowledgement.send(EventArguments(json: $0)) }
        }
    }

    // MARK: In

    /// Lets a socket in, or throws what the client must change. Where nobody can decide, the CONNECT is held and then
    /// loses its transport, so that the client comes back.
    private func connect(_ socket: Socket) async throws {
        let credentials: PresentedCredentials
        let auth: JSONValue
        do {
            auth = try Self.auth(of: socket)
            credentials = self.credentials(auth, socket.handshake)
        } catch {
            throw Self.refusal(EventError(error))
        }
        let deadline = ContinuousClock.now + Self.patience
        while true {
            do {
                try await self.admit(socket, auth, credentials)
                return
            } catch let error as AuthenticationError {
                // Who guesses is not kept waiting here: a held CONNECT costs more than a guess.
                if case .throttled = error { throw ConnectAbort() }
                guard error == .unavailable else { throw Self.refusal(error) }
            } catch let error as EventError where error.code != .unavailable {
                throw Self.refusal(error)
            } catch {
                if EventError.isUnforeseen(error) {
                    self.logger.with(.connection, LogKey.label(connection: socket.id))
                        .error("connect failed", error: error)
                }
            }
            guard ContinuousClock.now < deadline else { throw ConnectAbort() }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    private func admit(_ socket: Socket, _ auth: JSONValue, _ credentials: PresentedCredentials) async throws {
        let authentication = try await self.authenticator.authenticate(credentials)
        let principal = authentication.principal
        guard let place = self.quotas.take(principal.workspace) else { throw Self.full }
        let object = auth.object ?? [:]
        let consent = object["consent"]?.object?["tracking"]?.bool
        try await self.presence.opened(
            PresenceKeeper.Connection(
                id: socket.id, workspace: principal.workspace, participant: principal.participant,
                scopes: principal.scopes, takesChats: object["bot"]?.bool ?? true, isVerified: principal.isVerified,
                locale: object["locale"]?.string ?? socket.handshake.header("accept-language").flatMap(Self.language),
                page: Self.stored(object["page"]), device: Self.device(object["device"], socket.handshake),
                consent: consent))
        let session = Session(principal: principal, socket: ServerSocket(socket), consent: consent)
        socket.data = Admitted(
            session: session, token: authentication.visitorToken, place: place, presence: self.presence)
    }

    private func greet(_ socket: Socket) async {
        guard let admitted = socket.data as? Admitted else { return }
        admitted.markGreeted()
        self.registry.insert(admitted.session)
        // A key that was revoked while this CONNECT was decided: whoever looked for its sessions did not find this one.
        guard self.authenticator.stands(admitted.session.principal) else {
            admitted.session.kick(.unauthenticated)
            return
        }
        do {
            try await SessionGreeting(services: self.services).greet(admitted.session, token: admitted.token)
        } catch {
            // PostgreSQL went away in between: the client comes back to somebody who can say what is going on.
            if EventError.isUnforeseen(error) {
                self.logger.with(.connection, LogKey.label(connection: socket.id))
                    .error("greeting failed", error: error)
            }
            socket.closeTransport()
        }
    }

    // MARK: Out

    private func end(_ socket: Socket) async {
        guard let session = (socket.data as? Admitted)?.session else { return }
        self.registry.remove(socket.id)
        for (chat, typist) in self.services.typing.stopAll(socket: socket.id) {
            Typing.tellStop(of: typist, in: chat, by: socket.id, self.services.broadcaster)
        }
        for (chat, stream) in self.services.streams.endAll(socket: socket.id) {
            Streaming(chat: chat, broadcaster: self.services.broadcaster).tellEnd(of: stream, .gone)
        }
        for (chat, mode) in session.modes {
            let key = ChatKey(workspace: session.principal.workspace, chat: chat)
            guard let entry = self.services.roster.leave(key, socket: socket.id) else { continue }
            Participation(chat: key, participant: entry.participant, mode: mode, change: .left)
                .tell(self.services.broadcaster, except: socket.id)
        }
        await self.services.relay.forget(socket: socket.id)
        await self.presence.closed(socket.id)
    }
}

// MARK: What a CONNECT brings along

extension Sessions {
    private static func auth(of socket: Socket) throws(EventError) -> JSONValue {
        guard socket.auth.readableBytes <= Limits.packetBytes else {
            throw .badPayload(field: "auth", "auth has at most \(Limits.packetBytes) bytes.")
        }
        do {
            return try socket.decodeAuth()
        } catch {
            throw EventError(error)
        }
    }

    private func credentials(_ auth: JSONValue, _ handshake: EngineHandshake) -> PresentedCredentials {
        var presented = PresentedCredentials()
        presented.authToken = Self.field(auth.object?["token"])
        presented.authKey = Self.field(auth.object?["key"])
        presented.authorization = handshake.header("authorization").map(Secret.init)
        presented.queryToken = handshake.queryValue("token").map(Secret.init)
        presented.queryKey = handshake.queryValue("key").map(Secret.init)
        presented.origin = handshake.header("origin")
        presented.address = self.addresses.of(handshake)
        return presented
    }

    private static func field(_ value: JSONValue?) -> PresentedCredentials.Field {
        switch value {
        case nil, .null: .absent
        case .string(let text): .text(Secret(text))
        default: .wrongType
        }
    }

    /// What the widget says of page or device: an object of at most 4 KB, else nothing.
    private static func stored(_ value: JSONValue?) -> JSONText {
        guard let value, value.object != nil, value.encoded().readableBytes <= Limits.actionBytes else {
            return .emptyObject
        }
        return JSONText(value.description)
    }

    private static func device(_ value: JSONValue?, _ handshake: EngineHandshake) -> JSONText {
        let said = self.stored(value)
        guard said == .emptyObject, let agent = handshake.header("user-agent") else { return said }
        return JSONText(JSONValue.object(["userAgent": .string(String(agent.prefix(512)))]).description)
    }

    private static func language(_ header: String) -> String? {
        let first = header.prefix { $0 != "," && $0 != ";" }
        return first.isEmpty || first.count > 35 ? nil : String(first)
    }

    /// `{message, data:{code}}`; stock clients do not come back after it.
    private static func refusal(_ error: AuthenticationError) -> ConnectRefusal {
        switch error {
        case .forbidden: self.refusal(EventError.forbidden("This credential may not be used here."))
        case .unauthenticated, .unavailable, .throttled:
            self.refusal(EventError(.unauthenticated, "No valid credential was presented."))
        }
    }

    /// At different times, so that whoever was turned away together does not come back together.
    private static var full: EventError {
        EventError(
            .workspaceFull, "The workspace has all the connections that it may have here.",
            retryAfterMs: Int64.random(in: 5000...15_000))
    }

    private static func refusal(_ error: EventError) -> ConnectRefusal {
        var data: JSONObject = ["code": .word(error.code)]
        if let pause = error.retryAfterMs { data["retryAfterMs"] = .int(pause) }
        if !error.details.isEmpty { data["details"] = .object(error.details) }
        return ConnectRefusal(message: error.message, data: .object(data))
    }
}
