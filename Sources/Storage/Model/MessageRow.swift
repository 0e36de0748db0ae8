package import Assignment

/// The kind of a public message or note, in the wire's words.
package enum MessageType: String, Sendable, Hashable, CaseIterable, Codable {
    case user
    case agent
    case aiResponse = "ai-response"
    case system
    case note
    /// A supervisor's word to the one who has the chat.
    case whisper
}

/// A public message of a chat. Immutable once written.
package struct MessageRow: Sendable, Hashable {
    package var id: String
    package var workspaceID: String
    package var chatID: String
    /// 1, 2, 3, … per chat without gaps.
    package var seq: Int64
    package var sender: Participant
    package var type: MessageType
    package var content: String
    package var clientMessageID: String?
    package var replyTo: String?
    package var inReplyToSeq: Int64?
    package var metadata: JSONText
    package var createdAt: Timestamp
    /// The stream whose stored end this is.
    package var streamID: String?
}

extension MessageRow {
    /// The columns of `messages` in the table's order.
    static let columns = [
        "workspace_id", "id", "chat_id", "seq", "sender_role", "sender_id", "sender_name", "type", "content",
        "client_msg_id", "reply_to", "in_reply_to_seq", "metadata", "created_at", "stream_id",
    ]

    /// Reads `messages.*` beginning at column `base`.
    init(_ row: Row, at base: Int = 0) throws(StorageError) {
        self.workspaceID = try row.text(base)
        self.id = try row.text(base + 1)
        self.chatID = try row.text(base + 2)
        self.seq = try row.int(base + 3)
        self.sender = try row.participant(role: base + 4, id: base + 5, name: base + 6)
        self.type = try row.word(base + 7)
        self.content = try row.text(base + 8)
        self.clientMessageID = try row.optionalText(base + 9)
        self.replyTo = try row.optionalText(base + 10)
        self.inReplyToSeq = try row.optionalInt(base + 11)
        self.metadata = try row.json(base + 12)
        self.createdAt = try row.timestamp(base + 13)
        self.streamID = try row.optionalText(base + 14)
    }
}
