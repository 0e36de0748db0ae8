internal import Assignment
internal import Logging
internal import NIOCore
internal import SocketIO

/// From a name and raw JSON to a handler, and from what it returns or throws to the client.
///
/// The order of judgement: size, name, JSON, right to send it at all, rate, fields, and then the handler with everything
/// that depends on rows.
struct EventDispatcher: Sendable {
    let services: Services
    let logger: Logger

    /// Handles one event to its end. Events of one session come one after the other.
    ///
    /// - Parameters:
    ///   - arguments: The JSON values after the event's name, separated by commas.
    ///   - ack: Where the client waits for an answer.
    func handle(_ name: String, _ arguments: ByteBuffer, ack: Ack?, from session: Session) async {
        var trace: (event: String?, chat: String?) = (nil, nil)
        do {
            let (type, payload) = try self.counting(session) { () throws(EventError) in
                try self.open(name, arguments)
            }
            trace = (type.name, payload.chatID)
            try self.counting(session) { () throws(EventError) in
                guard !type.access.allows(session.principal) else { return }
                throw EventError.forbidden("A \(session.principal.role.rawValue) may not send \(type.name).")
            }
            try self.services.load.admit(type, by: session.principal.role)
            try self.count(session) { rates throws(EventError) in try rates.take(type, by: session.principal) }
            let event = try type.init(payload)
            let context = EventContext(session: session, services: self.services, ack: ack)
            switch try await event.handle(context) {
            case .now(let fields):
                ack?.send(Self.success(fields))
            case .ordered(let fields, let publication):
                trace.chat = publication.place?.chat.chat ?? trace.chat
                await self.services.relay.publish(
                    publication, receipt: ack.map { Receipt(ack: $0, body: Self.success(fields)) })
            case .delivered:
                break
            }
            // Nothing of this is made where nobody reads it.
            self.logger.debug(
                "event",
                metadata: EventTrace(event: trace.event, chat: trace.chat, socket: session.socket.id).metadata())
        } catch {
            let trace = EventTrace(event: trace.event, chat: trace.chat, socket: session.socket.id)
            let refusal = EventError(error)
            if EventError.isUnforeseen(error) {
                self.logger.error("event failed", metadata: trace.metadata([.error: "\(error)"]))
            } else {
                self.logger.debug("event refused", metadata: trace.metadata([.code: refusal.code.rawValue]))
            }
            self.refuse(refusal, event: name, request: trace.request, ack: ack, session: session)
        }
    }

    /// What is refused before an event's own rate is asked has its price, too: reading it was work.
    private func counting<Value>(
        _ session: Session, _ judge: () throws(EventError) -> Value
    ) throws(EventError) -> Value {
        do throws(EventError) {
            return try judge()
        } catch {
            try self.count(session) { rates throws(EventError) in try rates.takeRefusal(by: session.principal) }
            throw error
        }
    }

    /// Takes a token, or refuses the event; whoever goes on all the same loses the transport, and with it the time that
    /// coming back takes.
    private func count(
        _ session: Session, _ take: (RateLimiter) throws(EventError) -> Void
    ) throws(EventError) {
        do {
            try take(self.services.rates)
            _ = session.strike(false)
        } catch {
            if session.strike(true) {
                self.logger.notice(
                    "too many events: closing a connection",
                    metadata: [LogKey.connection.rawValue: "\(LogKey.label(connection: session.socket.id))"])
                session.socket.dropTransport()
            }
            throw error
        }
    }

    private func open(
        _ name: String, _ arguments: ByteBuffer
    ) throws(EventError) -> (any ClientEvent.Type, Payload) {
        // `["name",…]`: brackets, quotes and a comma besides.
        guard arguments.readableBytes + name.utf8.count + 5 <= Limits.packetBytes else {
            throw EventError(.tooLarge, "An event has at most \(Limits.packetBytes) bytes of JSON.")
        }
        guard let type = EventTable.byName[name] else {
            throw EventError(.unknownEvent, "There is no such event.")
        }
        let values: [JSONValue]
        do {
            values = try JSONReader.decodeList(arguments)
        } catch {
            throw EventError(error.inPayload)
        }
        switch values.first {
        case nil: return (type, Payload([:]))
        case .object(let fields): return (type, Payload(fields))
        default: throw .badPayload(field: "payload", "The payload must be an object.")
        }
    }

    /// The ack with the error, or the `error` event where the client wants no ack.
    private func refuse(_ error: EventError, event: String, request: String, ack: Ack?, session: Session) {
        guard let ack else {
            var body = error.wire
            body["event"] = .string(event)
            body["requestId"] = .string(request)
            session.socket.emit("error", JSONValue.object(body).encoded())
            return
        }
        ack.send(JSONValue.object(["ok": false, "error": .object(error.wire)]).encoded())
    }

    static func success(_ fields: JSONObject) -> ByteBuffer {
        JSONValue.object(JSONObject([.init(key: "ok", value: true)] + fields.members)).encoded()
    }
}

extension Payload {
    /// The chat that an event names, for the log: a canonical id, or nothing at all.
    fileprivate var chatID: String? {
        self.fields["chatId"]?.string.flatMap { CanonicalID.isCanonical($0) ? $0 : nil }
    }
}

extension JSONError {
    /// The same error with its path as seen from the payload: the arguments are read as a list whose first element it is.
    fileprivate var inPayload: JSONError {
        let prefix = "[0]"
        guard self.path.hasPrefix(prefix) else { return self }
        let rest = self.path.dropFirst(prefix.count)
        return JSONError(self.code, at: self.offset, path: String(rest.first == "." ? rest.dropFirst() : rest))
    }
}
