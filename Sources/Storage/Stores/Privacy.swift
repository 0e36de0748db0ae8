internal import Assignment

/// What is known of a visitor: handed out, forgotten, and kept only so long.
package enum Privacy {
    /// What stands in the place of a text that was forgotten.
    package static let sentinel = "[erased]"

    /// Who a visitor is by now: the one into whom they were merged, or themselves; nil where nobody has that id.
    package static func subject(
        _ transaction: Transaction, _ workspace: String, _ visitor: String
    ) throws(StorageError) -> String? {
        try transaction.query(
            "select coalesce(merged_into, id) from visitors where workspace_id = $1 and id = $2",
            [.text(workspace), .text(visitor)]
        ).first?.text(0)
    }

    /// A visitor about whom nothing begins and nothing moves until the end of the transaction.
    package struct Held: Sendable, Hashable {
        /// Who they are by now.
        package var subject: String
        /// Theirs and those of whoever was merged into them.
        package var openChats: [String]
    }

    /// Locks a visitor, whoever was merged into them, and all their chats: the visitors first, for whoever begins a chat holds
    /// its visitor.
    ///
    /// - Returns: nil where nobody has that id.
    package static func hold(
        _ transaction: Transaction, _ workspace: String, _ visitor: String
    ) throws(StorageError) -> Held? {
        while let subject = try self.subject(transaction, workspace, visitor) {
            try transaction.query(
                """
                select 1 from visitors where workspace_id = $1 and (id = $2 or merged_into = $2)
                order by id collate "C" for update
                """,
                [.text(workspace), .text(subject)])
            // While it waited they may have turned out to be somebody else.
            guard try self.subject(transaction, workspace, visitor) == subject else { continue }
            // Closed ones as well: a word of theirs would open one again.
            let rows = try transaction.query(
                """
                select c.id, c.status <> 'closed' from chats c
                where c.workspace_id = $1 and c.visitor_id in (
                    select v.id from visitors v where v.workspace_id = $1 and (v.id = $2 or v.merged_into = $2))
                order by c.id for update
                """,
                [.text(workspace), .text(subject)])
            var held = Held(subject: subject, openChats: [])
            for row in rows {
                if try row.bool(1) { held.openChats.append(try row.text(0)) }
            }
            return held
        }
        return nil
    }

    /// Forgets a visitor who is held and whose chats are closed; the schema's function says what that means.
    ///
    /// - Parameter pseudonym: Under which the numbers go on; it must mean nothing.
    /// - Returns: What was done, as JSON; nil where there is no such visitor.
    package static func erase(
        _ transaction: Transaction, _ workspace: String, _ subject: String, pseudonym: String
    ) throws(StorageError) -> JSONText? {
        try transaction.one(
            "select erase_visitor($1, $2, $3)::text", [.text(workspace), .text(subject), .text(pseudonym)]
        ).optionalText(0).map { JSONText($0) }
    }

    /// Hashes of subjects that were forgotten in the last minutes, in every workspace of the scope. Not what is above the
    /// last id that was seen: ids are given out before they are committed.
    package static func recentErasures(
        _ transaction: Transaction
    ) throws(StorageError) -> [(id: Int64, hash: String)] {
        var erasures: [(id: Int64, hash: String)] = []
        let rows = try transaction.query(
            "select id, subject_hash from erasures where at > statement_timestamp() - interval '5 minutes' order by id")
        for row in rows { erasures.append((try row.int(0), try row.text(1))) }
        return erasures
    }

    // MARK: Settings

    package static func requiresPageConsent(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> Bool {
        try transaction.query("select page_consent from workspace_settings where workspace_id = $1", [.text(workspace)])
            .first?.bool(0) ?? false
    }

    package static func setPageConsent(
        _ transaction: Transaction, _ workspace: String, isRequired: Bool
    ) throws(StorageError) {
        try transaction.execute(
            """
            insert into workspace_settings (workspace_id, page_consent) values ($1, $2)
            on conflict (workspace_id) do update set page_consent = excluded.page_consent
            """,
            [.text(workspace), .bool(isRequired)])
    }

    // MARK: Export

    /// Everything that is known of a visitor and of whoever was merged into them, as one JSON object; nil where there is no
    /// such visitor.
    package static func export(
        _ transaction: Transaction, _ workspace: String, _ subject: String
    ) throws(StorageError) -> JSONText? {
        let rows = try transaction.query(
            """
            with own as (select * from visitors where workspace_id = $1 and (id = $2 or merged_into = $2)),
            talks as (
                select c.* from chats c where c.workspace_id = $1 and c.visitor_id in (select id from own))
            select jsonb_build_object(
                'exportedAt', statement_timestamp(), 'workspace', $1::text,
                'visitor', jsonb_build_object(
                    'id', v.id, 'name', v.name, 'locale', v.locale, 'verified', v.verified, 'tracking', v.tracking,
                    'firstSeenAt', v.first_seen_at, 'lastSeenAt', v.last_seen_at),
                'identities', (select jsonb_agg(id order by id) from own),
                'visits', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        'sessionId', s.id, 'openedAt', s.opened_at, 'closedAt', s.closed_at, 'page', s.page,
                        'device', s.device) order by s.opened_at), '[]')
                    from visitor_sessions s where s.workspace_id = $1 and s.visitor_id in (select id from own)),
                'chats', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        'chatId', c.id, 'status', c.status, 'queue', c.queue, 'department', c.department,
                        'source', c.source, 'language', c.language, 'tags', c.tags, 'metadata', c.metadata,
                        'createdAt', c.created_at, 'closedAt', c.closed_at, 'closeReason', c.close_reason,
                        'escalatedAt', c.escalated_at, 'escalationReason', c.escalation_reason, 'mood', c.mood,
                        'csat', case when c.csat_at is not null then jsonb_build_object(
                            'score', c.csat_score, 'comment', c.csat_comment, 'at', c.csat_at) end,
                        'messages', (
                            select coalesce(jsonb_agg(jsonb_build_object(
                                'seq', m.seq, 'at', m.created_at, 'senderRole', m.sender_role, 'senderId', m.sender_id,
                                'senderName', m.sender_name, 'type', m.type, 'content', m.content,
                                'metadata', m.metadata) order by m.seq), '[]')
                            from messages m where m.workspace_id = $1 and m.chat_id = c.id),
                        'notes', (
                            select coalesce(jsonb_agg(jsonb_build_object(
                                'noteSeq', n.note_seq, 'at', n.created_at, 'senderRole', n.sender_role,
                                'senderId', n.sender_id, 'type', n.type, 'content', n.content, 'metadata', n.metadata)
                                order by n.note_seq), '[]')
                            from notes n where n.workspace_id = $1 and n.chat_id = c.id),
                        'assignments', (
                            select coalesce(jsonb_agg(jsonb_build_object(
                                'commercialId', a.commercial_id, 'state', a.state, 'at', a.created_at,
                                'endedAt', a.ended_at, 'reason', a.reason, 'summary', a.summary,
                                'endReason', a.end_reason) order by a.created_at), '[]')
                            from assignments a where a.workspace_id = $1 and a.chat_id = c.id))
                        order by c.created_at), '[]')
                    from talks c),
                'offers', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        'flowId', f.id, 'chatId', f.chat_id, 'strategy', f.strategy, 'action', f.action,
                        'probability', f.probability, 'startedBy', f.started_by, 'at', f.created_at)
                        order by f.created_at), '[]')
                    from flows f where f.workspace_id = $1 and f.visitor_id in (select id from own)),
                'notifications', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        'type', n.type, 'chatId', n.chat_id, 'data', n.data, 'at', n.created_at)
                        order by n.created_at), '[]')
                    from notifications n
                    where n.workspace_id = $1 and (n.chat_id in (select id from talks)
                        or n.data ->> 'visitorId' in (select id from own))),
                'accesses', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        'at', a.at, 'actorRole', a.actor_role, 'actorId', a.actor_id, 'action', a.action,
                        'chatId', a.chat_id) order by a.id), '[]')
                    from audit a
                    where a.workspace_id = $1 and (a.chat_id in (select id from talks)
                        or a.detail ->> 'visitor' in (select id from own))))::text
            from own v where v.id = $2
            """,
            [.text(workspace), .text(subject)])
        return try rows.first.map { row throws(StorageError) in JSONText(try row.text(0)) }
    }
}
