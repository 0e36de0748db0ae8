internal import Assignment
internal import SocketIO
internal import Storage

extension ConversationTurn {
    /// A stored message, with what a bot said of its confidence (`metadata.confidence`); `nil` for the gateway's own.
    init?(_ message: MessageRow) {
        self.init(message.sender.role, message.content, message.metadata)
    }

    /// The same of a message that is about to be stored.
    init?(_ sender: Role, _ content: String, _ metadata: JSONText) {
        switch sender {
        case .visitor: self.init(.visitor, content)
        case .ai: self.init(.bot, content, confidence: Self.confidence(metadata))
        case .commercial, .supervisor, .admin: self.init(.person, content)
        case .system: return nil
        }
    }

    private static func confidence(_ metadata: JSONText) -> Double? {
        guard metadata != .emptyObject else { return nil }
        guard case .object(let fields) = JSONValue.stored(metadata), let confidence = fields["confidence"]?.double,
            (0...1).contains(confidence)
        else { return nil }
        return confidence
    }
}

extension ChatTransaction {
    /// The chat's newest messages below a number, oldest first.
    func turns(
        of chat: ChatRow, before seq: Int64, limit: Int = EscalationJudge.memory
    ) throws(StorageError) -> [ConversationTurn] {
        try Messages.page(self.sql, chat, .before(seq), limit: limit).messages.compactMap { ConversationTurn($0) }
    }
}

extension ChatBrief {
    /// As `chat:offer` carries it: `intent?`, `tried`, `sentiment`, `lastMessages`.
    var fields: JSONObject {
        var fields: JSONObject = [
            "tried": .array(self.tried.map(JSONValue.string)),
            "sentiment": .object([
                "label": .word(self.label), "score": .number(JSONNumber(self.polarity)), "trend": .word(self.trend),
                "frustration": .number(JSONNumber(self.frustration)),
            ]),
            "lastMessages": .array(
                self.last.map { .object(["from": .word($0.author), "content": .string($0.text)]) }),
        ]
        fields.set("intent", self.intent)
        return fields
    }
}
