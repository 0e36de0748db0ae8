package import Assignment

/// Chats that somebody looks at because of the time (`chats.look_at`), and what there is to know then.
extension Chats {
    /// Chats to look at, in every workspace of the scope: the sweeper takes one transaction each.
    package static func dueLooks(
        _ transaction: Transaction, limit: Int = 100
    ) throws(StorageError) -> [(workspace: String, id: String)] {
        try transaction.named(
            """
            select workspace_id, id from chats where look_at <= statement_timestamp() order by look_at limit $1
            """,
            [.int(limit)])
    }

    /// When to look at a locked chat again; nil is never.
    package static func setLook(
        _ transaction: Transaction, _ chat: ChatRow, at instant: Timestamp?
    ) throws(StorageError) -> ChatRow {
        let rows = try transaction.query(
            """
            update chats set look_at = $3::timestamptz where workspace_id = $1 and id = $2::uuid
            returning clock_timestamp(), chats.*
            """,
            [.text(chat.workspaceID), .text(chat.id), .timestamp(instant)])
        return try self.changed(rows)
    }

    /// Has the open chats of a queue looked at now: its hours or its patience are others.
    package static func lookAgain(
        _ transaction: Transaction, _ workspace: String, inQueue queue: String
    ) throws(StorageError) {
        try transaction.execute(
            """
            update chats set look_at = clock_timestamp()
            where workspace_id = $1 and queue = $2 and status in ('bot', 'active', 'waiting', 'offline')
            """,
            [.text(workspace), .text(queue)])
    }

    /// Has the chats looked at that nobody would look at, in every workspace of the scope: a gateway starts, and its
    /// patience may be another than that of those before.
    package static func lookAtUnwatched(_ transaction: Transaction) throws(StorageError) {
        try transaction.execute(
            """
            update chats set look_at = clock_timestamp() where look_at is null and status in ('bot', 'active', 'waiting')
            """)
    }

    /// Has a visitor's chat in the line looked at now: they have gone.
    package static func lookAgain(
        _ transaction: Transaction, _ workspace: String, ofVisitor visitor: String
    ) throws(StorageError) {
        try transaction.execute(
            """
            update chats set look_at = clock_timestamp()
            where workspace_id = $1 and visitor_id = $2 and status = 'waiting' and look_at > clock_timestamp()
            """,
            [.text(workspace), .text(visitor)])
    }

    /// Since when nothing has been said in a locked chat: its last public message, or the beginning of how it stands.
    package static func silentSince(
        _ transaction: Transaction, _ chat: ChatRow
    ) throws(StorageError) -> Timestamp {
        let row = try transaction.one(
            """
            select greatest(
                (select created_at from messages where workspace_id = $1 and chat_id = $2::uuid and seq = $3),
                (select started_at from chat_intervals
                    where workspace_id = $1 and chat_id = $2::uuid and ended_at is null),
                $4::timestamptz)
            """,
            [.text(chat.workspaceID), .text(chat.id), .int(chat.seq), .timestamp(chat.createdAt)])
        return try row.timestamp(0)
    }

    /// Since when a chat's visitor is not there; nil while they are, lingering included.
    package static func visitorGoneSince(
        _ transaction: Transaction, _ chat: ChatRow
    ) throws(StorageError) -> Timestamp? {
        let row = try transaction.one(
            """
            select exists (
                    select from presence_leases where workspace_id = $1 and role = 'visitor' and subject = $2
                        and expires_at > clock_timestamp())
                or exists (
                    select from visitor_sessions
                    where workspace_id = $1 and visitor_id = $2 and closed_at is null),
                greatest($3::timestamptz, (
                    select max(closed_at) from visitor_sessions where workspace_id = $1 and visitor_id = $2))
            """,
            [.text(chat.workspaceID), .text(chat.visitorID), .timestamp(chat.createdAt)])
        return try row.bool(0) ? nil : row.timestamp(1)
    }
}
