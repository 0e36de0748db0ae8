import Assignment
import SocketIO
import Testing

/// A valid payload of an event, what its fields are, and who may send it: the contract, written down once more for the
/// tests that go over every event. A test demands one for each event of the table.
struct EventSample: Sendable, CustomTestStringConvertible {
    enum Field: Sendable {
        case text
        case id
        case integer
        /// A whole number that is clamped.
        case page
        case number
        /// A number or text.
        case scalar
        case flag
        case word
        case object
        case list

        /// Values of other types, or outside the range.
        var wrongValues: [JSONValue] {
            switch self {
            case .text: [1, true, .null, [], [:]]
            case .id: [1, true, .null, [], [:]]
            case .integer: ["x", "1", true, .null, [], [:], 1.5, -1]
            case .page: ["x", "1", true, .null, [], [:], 1.5]
            case .scalar: [true, .null, [], [:]]
            case .number: ["x", true, .null, [], [:]]
            case .flag: ["true", 1, .null, [], [:]]
            case .word: ["nonsense", "", 1, true, .null, [], [:]]
            case .object: ["x", 1, true, .null, []]
            case .list: ["x", 1, true, .null, [:]]
            }
        }
    }

    var name: String
    var payload: JSONObject
    var required: Set<String>
    var fields: [(String, Field)]
    var roles: Set<Role>
    /// Scopes of which an `ai` needs one.
    var scopes: Set<Scope> = []

    var testDescription: String { self.name }

    /// The chat of nobody.
    static let unknownChat = "00000000-0000-4000-8000-000000000000"

    static let everybody: Set<Role> = [.visitor, .commercial, .supervisor, .admin, .ai]

    static let all: [EventSample] = [
        EventSample(
            name: "message:send", payload: ["chatId": .string(unknownChat), "content": "hola", "type": "user"],
            required: ["content"],
            fields: [
                ("chatId", .id), ("content", .text), ("type", .word), ("clientMsgId", .text), ("replyTo", .id),
                ("private", .flag), ("epoch", .integer), ("inReplyToSeq", .integer), ("metadata", .object),
                ("turnId", .text), ("streamId", .text),
                ("attachments", .list),
            ], roles: everybody),
        EventSample(
            name: "message:delta",
            payload: ["chatId": .string(unknownChat), "streamId": "s", "index": 0, "text": "ho"],
            required: ["chatId", "streamId", "index", "text"],
            fields: [
                ("chatId", .id), ("streamId", .text), ("index", .integer), ("text", .text), ("done", .flag),
            ], roles: [.ai], scopes: [.messaging]),
        EventSample(
            name: "message:cancel", payload: ["chatId": .string(unknownChat), "streamId": "s"],
            required: ["chatId", "streamId"], fields: [("chatId", .id), ("streamId", .text)], roles: everybody),
        EventSample(
            name: "agent:whisper", payload: ["chatId": .string(unknownChat), "content": "psst"],
            required: ["chatId", "content"],
            fields: [("chatId", .id), ("content", .text), ("clientMsgId", .text), ("replyTo", .id)],
            roles: [.supervisor, .admin]),
        EventSample(
            name: "supervisor:monitor", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id), ("afterSeq", .integer), ("afterNoteSeq", .integer), ("limit", .page)],
            roles: [.supervisor, .admin]),
        EventSample(
            name: "supervisor:barge", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id), ("afterSeq", .integer), ("afterNoteSeq", .integer), ("limit", .page)],
            roles: [.supervisor, .admin]),
        EventSample(
            name: "message:read", payload: ["chatId": .string(unknownChat), "seq": 1], required: ["chatId", "seq"],
            fields: [("chatId", .id), ("seq", .integer)], roles: everybody),
        EventSample(
            name: "typing:start", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id), ("preview", .text)], roles: everybody),
        EventSample(
            name: "typing:stop", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id)], roles: everybody),
        EventSample(
            name: "chat:create", payload: [:], required: [],
            fields: [
                ("department", .text), ("priority", .word), ("metadata", .object), ("firstMessage", .text),
                ("clientMsgId", .text),
            ], roles: [.visitor]),
        EventSample(
            name: "chat:join", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [
                ("chatId", .id), ("role", .text), ("afterSeq", .integer), ("afterNoteSeq", .integer), ("mode", .word),
                ("limit", .page),
            ], roles: everybody),
        EventSample(
            name: "chat:leave", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id)], roles: everybody),
        EventSample(
            name: "chat:history", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id), ("beforeSeq", .integer), ("afterSeq", .integer), ("limit", .page)],
            roles: everybody),
        EventSample(
            name: "chat:close", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id), ("reason", .word)], roles: [.commercial, .supervisor, .admin, .ai]),
        EventSample(
            name: "chat:reopen", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id)], roles: [.visitor, .commercial, .supervisor, .admin]),
        EventSample(
            name: "chat:update", payload: ["chatId": .string(unknownChat), "updates": ["tags": ["a"]]],
            required: ["chatId", "updates"],
            fields: [
                ("chatId", .id), ("updates", .object), ("ifVersion", .integer), ("updates.status", .text),
                ("updates.tags", .list), ("updates.addTags", .list), ("updates.removeTags", .list),
                ("updates.priority", .word), ("updates.metadata", .object), ("updates.queue", .text),
                ("updates.language", .text), ("updates.snoozeUntil", .text), ("updates.skills", .object),
            ], roles: [.commercial, .supervisor, .admin, .ai]),
        EventSample(
            name: "chat:snooze", payload: ["chatId": .string(unknownChat), "until": "2030-01-31T12:00:00Z"],
            required: ["chatId", "until"], fields: [("chatId", .id), ("until", .text)],
            roles: [.commercial, .supervisor, .admin]),
        EventSample(
            name: "chat:resume", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id)], roles: [.commercial, .supervisor, .admin]),
        EventSample(
            name: "chat:assign", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [
                ("chatId", .id), ("commercialId", .text), ("queue", .text), ("reason", .text), ("force", .flag),
                ("expectedEpoch", .integer), ("metadata", .object), ("metadata.assignmentScore", .number),
                ("metadata.algorithm", .text), ("metadata.escalatedBy", .text), ("metadata.escalationReason", .text),
            ], roles: [.commercial, .supervisor, .admin, .ai], scopes: [.automation]),
        EventSample(
            name: "chat:accept", payload: ["chatId": .string(unknownChat)], required: [],
            fields: [("chatId", .id), ("assignmentId", .id)], roles: [.commercial]),
        EventSample(
            name: "chat:reject", payload: ["chatId": .string(unknownChat), "reason": "busy"], required: ["reason"],
            fields: [("chatId", .id), ("assignmentId", .id), ("reason", .text)], roles: [.commercial]),
        EventSample(
            name: "chat:transfer",
            payload: ["chatId": .string(unknownChat), "to": ["queue": "default"], "mode": "cold"],
            required: ["chatId", "to"],
            fields: [
                ("chatId", .id), ("to", .object), ("to.queue", .text), ("to.commercialId", .text), ("mode", .word),
                ("summary", .text), ("reason", .text), ("expectedEpoch", .integer),
            ], roles: [.commercial, .supervisor, .admin]),
        EventSample(
            name: "chat:handback", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id), ("botId", .text), ("note", .text)],
            roles: [.commercial, .supervisor, .admin, .ai], scopes: [.messaging]),
        EventSample(
            name: "supervisor:takeover", payload: ["chatId": .string(unknownChat)], required: ["chatId"],
            fields: [("chatId", .id), ("reason", .text)], roles: [.supervisor, .admin]),
        EventSample(
            name: "chat:escalate", payload: ["chatId": .string(unknownChat)], required: [],
            fields: [("chatId", .id), ("reason", .text), ("summary", .text), ("trigger", .text)], roles: everybody),
        EventSample(
            name: "commercial:status", payload: ["status": "available", "commercialId": "c-role"], required: [],
            fields: [
                ("status", .word), ("commercialId", .text), ("reason", .text), ("cap", .integer), ("drain", .flag),
                ("until", .text),
            ], roles: [.commercial, .supervisor, .admin]),
        EventSample(
            name: "trigger:high_conversion_flow", payload: ["visitorId": "nobody", "strategy": "premium_attention"],
            required: ["visitorId", "strategy"],
            fields: [
                ("visitorId", .text), ("chatId", .id), ("strategy", .text), ("probability", .number),
                ("ttlSec", .integer),
            ], roles: [.ai], scopes: [.automation]),
        EventSample(
            name: "assistance:suggestions",
            payload: [
                "chatId": .string(unknownChat), "commercialId": "ana",
                "suggestions": [["id": "1", "text": "hola"]],
            ],
            required: ["chatId", "commercialId", "suggestions", "suggestions[0].id", "suggestions[0].text"],
            fields: [
                ("chatId", .id), ("commercialId", .text), ("suggestions", .list), ("forSeq", .integer),
                ("private", .flag), ("suggestions[0]", .object), ("suggestions[0].id", .text),
                ("suggestions[0].text", .text), ("suggestions[0].confidence", .number),
                ("suggestions[0].sources", .list),
            ], roles: [.ai]),
        EventSample(
            name: "assistance:feedback",
            payload: ["chatId": .string(unknownChat), "suggestionId": "1", "outcome": "used"],
            required: ["chatId", "suggestionId", "outcome"],
            fields: [("chatId", .id), ("suggestionId", .text), ("outcome", .word), ("finalText", .text)],
            roles: [.commercial]),
        EventSample(
            name: "notification:send", payload: ["type": "sentiment_alert", "target": "supervisors"],
            required: ["type", "target"],
            fields: [
                ("type", .text), ("target", .text), ("severity", .text), ("data", .object), ("data.chatId", .id),
                ("dedupeKey", .text),
                ("ttlSec", .integer),
            ], roles: [.supervisor, .admin, .ai], scopes: [.automation]),
        EventSample(
            name: "notification:ack", payload: ["notificationId": .string(unknownChat)], required: ["notificationId"],
            fields: [("notificationId", .id)], roles: [.commercial, .supervisor, .admin]),
        EventSample(
            name: "visitor:action", payload: ["action": "click"], required: ["action"],
            fields: [
                ("action", .word), ("url", .text), ("title", .text), ("data", .object), ("value", .scalar),
                ("ts", .scalar),
            ], roles: [.visitor]),
        EventSample(
            name: "visitor:consent", payload: ["tracking": true], required: ["tracking"],
            fields: [("tracking", .flag)], roles: [.visitor]),
        EventSample(
            name: "visitor:identify", payload: ["token": "later"], required: ["token"], fields: [("token", .text)],
            roles: [.visitor]),
        EventSample(
            name: "csat:submit", payload: ["chatId": .string(unknownChat), "score": 5], required: ["chatId", "score"],
            fields: [("chatId", .id), ("score", .integer), ("comment", .text)], roles: [.visitor]),
        EventSample(
            name: "ping", payload: ["timestamp": 1], required: ["timestamp"],
            fields: [("timestamp", .number), ("chats", .object)], roles: everybody),
        EventSample(
            name: "session:refresh", payload: ["token": "later"], required: ["token"],
            fields: [("token", .text)], roles: everybody),
    ]

    /// The payload with one field, possibly a nested one (`updates.tags`, `suggestions[0].text`), set or removed.
    func payload(_ field: String, _ value: JSONValue?) -> JSONObject {
        var payload = self.payload
        let path = field.split(separator: ".").map(String.init)
        let key = path[0].replacing("[0]", with: "")
        let isFirst = key != path[0]
        let outer = isFirst ? payload[key]?.array?.first : payload[key]
        var changed = value
        if path.count == 2 {
            var inner = outer?.object ?? [:]
            inner[path[1]] = value
            changed = .object(inner)
        }
        payload[key] = isFirst ? .array(changed.map { [$0] } ?? []) : changed
        return payload
    }
}
