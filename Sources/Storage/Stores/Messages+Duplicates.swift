internal import Assignment

extension Messages {
    /// Looks up what the sender stored before under the same client id, public or private.
    ///
    /// - Parameters:
    ///   - chatID: The chat, or nil for all of the sender's chats (a visitor who names none); the newest then counts.
    ///   - isPrivate: Whether a note is about to be written; the same text as the other kind is another body.
    /// - Returns: nil without a client id, or where it is new.
    package static func duplicate(
        _ transaction: Transaction, _ workspace: String, _ message: NewMessage, chatID: String?, isPrivate: Bool = false
    ) throws(StorageError) -> Duplicate? {
        guard let clientMessageID = message.clientMessageID else { return nil }
        if let chatID, !CanonicalUUID.matches(chatID) { return nil }
        let key: [SQLValue] = [
            .text(workspace), .text(message.sender.role.rawValue), .text(message.sender.id), .text(clientMessageID),
            .text(chatID), .text(message.type.rawValue), .text(message.content), .text(message.replyTo),
            .json(message.metadata),
        ]
        let messages = try transaction.query(
            """
            select type = $6 and content = $7 and reply_to is not distinct from $8::uuid and metadata = $9::jsonb
                    and in_reply_to_seq is not distinct from $10::bigint,
                m.*
            from messages m
            where workspace_id = $1 and sender_role = $2 and sender_id = $3 and client_msg_id = $4
                and ($5::uuid is null or chat_id = $5::uuid)
            order by created_at desc limit 1
            """,
            key + [.int(message.inReplyToSeq)])
        if let row = messages.first {
            let stored = StoredMessage.message(try MessageRow(row, at: 1))
            return try row.bool(0) && !isPrivate ? .same(stored) : .conflict(stored)
        }
        // Visitors write no notes.
        guard message.sender.role != .visitor else { return nil }
        let notes = try transaction.query(
            """
            select type = $6 and content = $7 and reply_to is not distinct from $8::uuid and metadata = $9::jsonb, n.*
            from notes n
            where workspace_id = $1 and sender_role = $2 and sender_id = $3 and client_msg_id = $4
                and ($5::uuid is null or chat_id = $5::uuid)
            order by created_at desc limit 1
            """,
            key)
        guard let row = notes.first else { return nil }
        let stored = StoredMessage.note(try NoteRow(row, at: 1))
        return try row.bool(0) && isPrivate ? .same(stored) : .conflict(stored)
    }
}
