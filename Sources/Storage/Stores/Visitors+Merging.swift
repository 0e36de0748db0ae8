/// Visitors who turn out to be somebody.
extension Visitors {
    /// Locks two visitors until the end of the transaction, always in the same order.
    package static func lock(
        _ transaction: Transaction, _ workspace: String, _ one: String, _ other: String
    ) throws(StorageError) {
        for id in [one, other].sorted() {
            try transaction.query(
                "select 1 from visitors where workspace_id = $1 and id = $2 for update", [.text(workspace), .text(id)])
        }
    }

    /// Makes everything that was the anonymous visitor's the other one's: chats, visits, and whoever was merged into them
    /// before. At most one of the two has an open chat. The id stays, and says into whom it went.
    ///
    /// - Returns: The ids of the chats that changed hands.
    package static func merge(
        _ transaction: Transaction, _ workspace: String, _ anonymous: String, into verified: String
    ) throws(StorageError) -> [String] {
        try transaction.execute(
            """
            update visitors set merged_into = $3, merged_at = coalesce(merged_at, clock_timestamp())
            where workspace_id = $1 and (id = $2 or merged_into = $2)
            """,
            [.text(workspace), .text(anonymous), .text(verified)])
        try transaction.execute(
            """
            update visitors v set
                first_seen_at = least(v.first_seen_at, a.first_seen_at), tracking = v.tracking or a.tracking,
                locale = coalesce(v.locale, a.locale)
            from visitors a
            where v.workspace_id = $1 and v.id = $3 and a.workspace_id = $1 and a.id = $2
            """,
            [.text(workspace), .text(anonymous), .text(verified)])
        try transaction.execute(
            """
            update visitor_sessions set visitor_id = $3
            where workspace_id = $1 and visitor_id = $2 and closed_at is not null
            """,
            [.text(workspace), .text(anonymous), .text(verified)])
        let moved = try transaction.query(
            "update chats set visitor_id = $3 where workspace_id = $1 and visitor_id = $2 returning id",
            [.text(workspace), .text(anonymous), .text(verified)])
        var ids: [String] = []
        for row in moved { ids.append(try row.text(0)) }
        try transaction.execute(
            """
            insert into read_marks as r (workspace_id, chat_id, reader_role, reader_id, read_seq, at)
            select workspace_id, chat_id, reader_role, $3, read_seq, at from read_marks
            where workspace_id = $1 and reader_role = 'visitor' and reader_id = $2
            on conflict (workspace_id, chat_id, reader_role, reader_id) do update set
                read_seq = greatest(r.read_seq, excluded.read_seq)
            """,
            [.text(workspace), .text(anonymous), .text(verified)])
        return ids
    }
}
