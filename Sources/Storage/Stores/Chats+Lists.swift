package import Assignment

/// Lists of chats. Each is read by `reader`, whose read marks come with it.
extension Chats {
    /// The open chats that a commercial, supervisor or bot owns, newest first.
    package static func owned(
        _ transaction: Transaction, _ workspace: String, by reader: Participant, limit: Int = 100
    ) throws(StorageError) -> [ChatListing] {
        let rows = try transaction.query(
            """
            select v.name, coalesce(r.read_seq, 0), clock_timestamp(), c.*
            from chats c
            join visitors v on v.workspace_id = c.workspace_id and v.id = c.visitor_id
            left join read_marks r on r.workspace_id = c.workspace_id and r.chat_id = c.id
                and r.reader_role = $2 and r.reader_id = $3
            where c.workspace_id = $1 and c.owner_role = $2 and c.owner_id = $3 and c.status <> 'closed'
            order by c.created_at desc, c.id limit $4
            """,
            [.text(workspace), .text(reader.role.rawValue), .text(reader.id), .int(limit)])
        return try self.listings(rows)
    }

    /// The open chats of a visitor, newest first.
    package static func open(
        _ transaction: Transaction, _ workspace: String, ofVisitor visitor: String, limit: Int = 100
    ) throws(StorageError) -> [ChatListing] {
        let rows = try transaction.query(
            """
            select v.name, coalesce(r.read_seq, 0), clock_timestamp(), c.*
            from chats c
            join visitors v on v.workspace_id = c.workspace_id and v.id = c.visitor_id
            left join read_marks r on r.workspace_id = c.workspace_id and r.chat_id = c.id
                and r.reader_role = 'visitor' and r.reader_id = c.visitor_id
            where c.workspace_id = $1 and c.visitor_id = $2 and c.status <> 'closed'
            order by c.created_at desc, c.id limit $3
            """,
            [.text(workspace), .text(visitor), .int(limit)])
        return try self.listings(rows)
    }

    /// The open chats of some queues, newest first; of all queues where `queues` is nil.
    package static func open(
        _ transaction: Transaction, _ workspace: String, inQueues queues: [String]?, readBy reader: Participant,
        limit: Int = 100
    ) throws(StorageError) -> [ChatListing] {
        let rows = try transaction.query(
            """
            select v.name, coalesce(r.read_seq, 0), clock_timestamp(), c.*
            from chats c
            join visitors v on v.workspace_id = c.workspace_id and v.id = c.visitor_id
            left join read_marks r on r.workspace_id = c.workspace_id and r.chat_id = c.id
                and r.reader_role = $3 and r.reader_id = $4
            where c.workspace_id = $1 and ($2::text[] is null or c.queue = any ($2::text[])) and c.status <> 'closed'
            order by c.created_at desc, c.id limit $5
            """,
            [
                .text(workspace), queues.map { .texts($0) } ?? .null, .text(reader.role.rawValue), .text(reader.id),
                .int(limit),
            ])
        return try self.listings(rows)
    }

    /// Place in line: 1 is next. nil for a chat that does not wait.
    package static func position(_ transaction: Transaction, of chat: ChatRow) throws(StorageError) -> Int? {
        guard chat.status == .waiting, let routeKey = chat.routeKey else { return nil }
        let row = try transaction.one(
            """
            select 1 + count(*) from chats
            where workspace_id = $1 and queue = $2 and status = 'waiting'
                and (route_key, id) < ($3::timestamptz, $4::uuid)
            """,
            [.text(chat.workspaceID), .text(chat.queue), .timestamp(routeKey), .text(chat.id)])
        return Int(clamping: try row.int(0))
    }

    /// Notes how far somebody has read; never goes back, nor beyond the last message.
    ///
    /// - Returns: Where the mark stands now, and whether this moved it.
    package static func markRead(
        _ transaction: Transaction, _ chat: ChatRow, by reader: Participant, seq: Int64
    ) throws(StorageError) -> (readSeq: Int64, at: Timestamp, moved: Bool) {
        let row = try transaction.one(
            """
            with earlier as (
                select read_seq from read_marks
                where workspace_id = $1 and chat_id = $2::uuid and reader_role = $3 and reader_id = $4
            ), mark as (
                insert into read_marks as r (workspace_id, chat_id, reader_role, reader_id, read_seq)
                select $1, $2::uuid, $3, $4, greatest(0, least($5::bigint, c.seq))
                from chats c where c.workspace_id = $1 and c.id = $2::uuid
                on conflict (workspace_id, chat_id, reader_role, reader_id) do update set
                    read_seq = greatest(r.read_seq, excluded.read_seq),
                    at = case when excluded.read_seq > r.read_seq then excluded.at else r.at end
                returning read_seq, at
            )
            select mark.read_seq, mark.at, mark.read_seq > coalesce((select read_seq from earlier), 0) from mark
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .text(reader.role.rawValue), .text(reader.id), .int(seq),
            ])
        return (try row.int(0), try row.timestamp(1), try row.bool(2))
    }

    private static func listings(_ rows: [Row]) throws(StorageError) -> [ChatListing] {
        var listings: [ChatListing] = []
        listings.reserveCapacity(rows.count)
        for row in rows { listings.append(try ChatListing(row)) }
        return listings
    }
}
