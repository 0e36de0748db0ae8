internal import Assignment
internal import SocketIO
internal import Storage

/// Why an event was refused, as the client will read it: `{code, message, retryAfterMs?, details?}`.
///
/// The codes are ``RefusalCode``; this is the only place where anything that can go wrong becomes one of them.
struct EventError: Error, Sendable, Equatable {
    var code: RefusalCode
    /// A sentence for the developer on the other side. Never contains content, tokens or SQL.
    var message: String
    /// When trying again makes sense, in milliseconds.
    var retryAfterMs: Int64?
    var details: JSONObject

    init(_ code: RefusalCode, _ message: String, retryAfterMs: Int64? = nil, details: JSONObject = [:]) {
        self.code = code
        self.message = message
        self.retryAfterMs = retryAfterMs
        self.details = details
    }

    /// A field of the payload is missing, of the wrong type or out of its range; `details.field` names it.
    static func badPayload(field: String, _ message: String) -> EventError {
        EventError(.badPayload, message, details: ["field": .string(field)])
    }

    /// A field is larger than its limit; `details.field` names it.
    static func tooLarge(field: String, _ message: String) -> EventError {
        EventError(.tooLarge, message, details: ["field": .string(field)])
    }

    static func notFound(_ message: String = "No such thing here.") -> EventError {
        EventError(.notFound, message)
    }

    static func forbidden(_ message: String) -> EventError {
        EventError(.forbidden, message)
    }

    /// The same answer for a chat that does not exist and for one that the caller may not know of.
    static let chatNotFound = EventError(DomainRefusal.chatNotFound)

    static let unavailable = EventError(
        .unavailable, "The gateway cannot decide this right now; it may or may not have happened.",
        retryAfterMs: 1000)
}

extension EventError {
    init(_ refusal: DomainRefusal) {
        var details: JSONObject = [:]
        for detail in refusal.details {
            switch detail {
            case .field(let name):
                details["field"] = .string(name)
            case .status(let status):
                details["status"] = .string(status.rawValue)
            case .owner(let owner, let epoch):
                details["owner"] = owner.map { ["role": .string($0.role.rawValue), "id": .string($0.id)] } ?? .null
                details["epoch"] = .int(epoch)
            case .load(let current, let cap):
                details["load"] = .number(JSONNumber(current))
                details["cap"] = .int(cap)
            case .nextOpening(let instant):
                details["nextOpenAt"] = .time(instant)
            }
        }
        self.init(
            refusal.code, refusal.message, retryAfterMs: refusal.retryAfterMilliseconds, details: details)
    }

    init(_ error: JSONError) {
        let place = error.path.isEmpty ? "The payload" : "The field \(error.path)"
        self.init(
            .badPayload, "\(place) is not acceptable JSON: \(error.code.rawValue).",
            details: error.path.isEmpty ? [:] : ["field": .string(error.path)])
    }

    /// The one table from whatever was thrown to what the client sees; unforeseen errors are `unavailable` and logged
    /// by the caller.
    init(_ error: any Error) {
        switch error {
        case let error as EventError:
            self = error
        case let refusal as DomainRefusal:
            self.init(refusal)
        case let error as JSONError:
            self.init(error)
        case let error as StorageError:
            self = error.constraint.flatMap { Self.fences[$0] } ?? .unavailable
        default:
            self = .unavailable
        }
    }

    /// What it means to a client that a fence of the schema held where two transactions met.
    private static let fences: [String: EventError] = [
        "chats_one_open": EventError(.conflict, "The visitor has another open chat."),
        "chats_metadata_size": .tooLarge(
            field: "metadata", "A chat's metadata has at most \(Limits.metadataBytes) bytes."),
        "messages_one_answer": EventError(.conflict, "This bot has answered that message already."),
        "messages_bot_owns": EventError(.notOwner, "Somebody else has this chat."),
        "commercials_load": EventError(.capacityFull, "There is no free slot."),
    ]

    /// Whether the error came out of our own machinery rather than from a rule, so that it belongs in the log.
    static func isUnforeseen(_ error: any Error) -> Bool {
        switch error {
        case is EventError, is DomainRefusal, is JSONError, is CancellationError: false
        case let error as StorageError:
            error.code != .unavailable && !(error.constraint.map { Self.fences.keys.contains($0) } ?? false)
        default: true
        }
    }
}

extension EventError {
    /// The value under `error` in an ack.
    var wire: JSONObject {
        var object: JSONObject = ["code": .string(self.code.rawValue), "message": .string(self.message)]
        if let retryAfterMs { object["retryAfterMs"] = .int(retryAfterMs) }
        if !self.details.isEmpty { object["details"] = .object(self.details) }
        return object
    }
}
