internal import Assignment

/// Notes and whispers.
package enum Notes {
    /// Whose notes somebody reads: everybody's, and of the whispers all or one's own.
    package enum Reader: Sendable, Hashable {
        /// Supervisors and admins.
        case supervisor
        /// Whispers to them, besides the notes.
        case person(String)
        /// Bots: no whispers.
        case others

        fileprivate var person: String? {
            if case .person(let id) = self { id } else { nil }
        }

        /// Whether a note is for them.
        package func reads(_ note: NoteRow) -> Bool {
            self == .supervisor || note.recipient == nil || note.recipient == self.person
        }
    }

    /// Writes a note, its event and its number, in one statement; `afterSeq` is the public message that it follows.
    ///
    /// - Parameter recipient: For whom a whisper is.
    package static func append(
        _ transaction: Transaction, _ chat: ChatRow, _ note: NewMessage, for recipient: String? = nil
    ) throws(StorageError) -> (event: DomainEvent, note: NoteRow, chat: ChatRow) {
        let rows = try transaction.query(
            """
            with c as (
                update chats set
                    note_seq = note_seq + 1, event_no = event_no + 1,
                    bot_notes = case when $3 = 'ai' then bot_notes + 1 else 0 end
                where workspace_id = $1 and id = $2::uuid
                returning *
            ), n as (
                insert into notes (
                    workspace_id, chat_id, note_seq, after_seq, sender_role, sender_id, sender_name, type, content,
                    client_msg_id, reply_to, metadata, for_id)
                select $1, c.id, c.note_seq, c.seq, $3, $4, $5, $6, $7, $8, $9::uuid, $10::jsonb, $11 from c
                returning id, note_seq, after_seq, metadata, created_at
            ), o as (
                insert into outbox (workspace_id, chat_id, event_no, kind, message_id, created_at, data)
                select $1, c.id, c.event_no, 'notePosted', n.id, n.created_at, jsonb_strip_nulls(jsonb_build_object(
                    'visitorID', c.visitor_id, 'status', c.status, 'epoch', c.epoch, 'priority', c.priority,
                    'queue', c.queue, 'assignedTo', case when c.owner_role <> 'ai' then c.owner_id end,
                    'bot', case when c.owner_role = 'ai' then c.owner_id end))
                from c, n
                returning id
            )
            select o.id, n.id, n.note_seq, n.after_seq, n.metadata, n.created_at, clock_timestamp(), c.* from c, n, o
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .text(note.sender.role.rawValue), .text(note.sender.id),
                .text(note.sender.name), .text(note.type.rawValue), .text(note.content), .text(note.clientMessageID),
                .text(note.replyTo), .json(note.metadata), .text(recipient),
            ])
        let after = try Chats.changed(rows, at: 6)
        let row = rows[0]
        let stored = NoteRow(
            id: try row.text(1), workspaceID: chat.workspaceID, chatID: chat.id, noteSeq: try row.int(2),
            afterSeq: try row.int(3), sender: note.sender, type: note.type, content: note.content,
            clientMessageID: note.clientMessageID, replyTo: note.replyTo, metadata: try row.json(4),
            createdAt: try row.timestamp(5), recipient: recipient)
        let event = DomainEvent(
            workspaceID: chat.workspaceID, outboxID: try row.int(0), chatID: chat.id, eventNo: after.eventNo,
            at: stored.createdAt, body: .notePosted(NotePosted(note: stored, chat: ChatSummary(after))))
        return (event, stored, after)
    }

    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> NoteRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            "select * from notes where workspace_id = $1 and id = $2::uuid", [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try NoteRow(row)
    }

    /// The chat's notes after a number that somebody may read, ascending; the page ends as that of `Messages.page`.
    package static func page(
        _ transaction: Transaction, _ chat: ChatRow, after noteSeq: Int64, for reader: Reader, limit: Int,
        budget: Int = 262_144
    ) throws(StorageError) -> (notes: [NoteRow], hasMore: Bool) {
        let rows = try transaction.query(
            """
            select counted.total, counted.place, n.* from (
                select id, count(*) over () as total, row_number() over (order by note_seq) as place,
                    sum(512 + octet_length(to_json(content)::text) + octet_length(metadata::text))
                        over (order by note_seq) as size
                from (
                    select id, note_seq, content, metadata from notes
                    where workspace_id = $1 and chat_id = $2::uuid and note_seq > $3
                        and (for_id is null or $6 or for_id = $7)
                    order by note_seq limit $4 + 1) candidates) counted
            join notes n on n.workspace_id = $1 and n.id = counted.id
            where counted.place <= $4 and (counted.size <= $5 or counted.place = 1)
            order by counted.place
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .int(noteSeq), .int(limit), .int(budget),
                .bool(reader == .supervisor), .text(reader.person),
            ])
        var notes: [NoteRow] = []
        for row in rows { notes.append(try NoteRow(row, at: 2)) }
        let total = try rows.first?.int(0) ?? 0
        return (notes, total > Int64(notes.count))
    }
}
