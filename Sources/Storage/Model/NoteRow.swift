package import Assignment

/// A note or whisper: read by staff and bots only, numbered apart from public messages.
package struct NoteRow: Sendable, Hashable {
    package var id: String
    package var workspaceID: String
    package var chatID: String
    /// 1, 2, 3, … per chat without gaps.
    package var noteSeq: Int64
    /// The `seq` of the public message that the note follows, 0 before the first.
    package var afterSeq: Int64
    package var sender: Participant
    package var type: MessageType
    package var content: String
    package var clientMessageID: String?
    package var replyTo: String?
    package var metadata: JSONText
    package var createdAt: Timestamp
    /// For whom a whisper is; nil for a note.
    package var recipient: String?
}

extension NoteRow {
    /// The columns of `notes` in the table's order.
    static let columns = [
        "workspace_id", "id", "chat_id", "note_seq", "after_seq", "sender_role", "sender_id", "sender_name", "type",
        "content", "client_msg_id", "reply_to", "metadata", "created_at", "for_id",
    ]

    /// Reads `notes.*` beginning at column `base`.
    init(_ row: Row, at base: Int = 0) throws(StorageError) {
        self.workspaceID = try row.text(base)
        self.id = try row.text(base + 1)
        self.chatID = try row.text(base + 2)
        self.noteSeq = try row.int(base + 3)
        self.afterSeq = try row.int(base + 4)
        self.sender = try row.participant(role: base + 5, id: base + 6, name: base + 7)
        self.type = try row.word(base + 8)
        self.content = try row.text(base + 9)
        self.clientMessageID = try row.optionalText(base + 10)
        self.replyTo = try row.optionalText(base + 11)
        self.metadata = try row.json(base + 12)
        self.createdAt = try row.timestamp(base + 13)
        self.recipient = try row.optionalText(base + 14)
    }
}
