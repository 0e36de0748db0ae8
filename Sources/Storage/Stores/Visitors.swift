internal import Assignment

/// Visitors and their visits.
package enum Visitors {
    /// Makes the visitor exist, takes over what is newly known of them, and marks them as seen.
    ///
    /// A verified visitor stays verified.
    @discardableResult
    package static func upsert(
        _ transaction: Transaction, _ workspace: String, _ id: String, isVerified: Bool, name: String? = nil,
        locale: String? = nil
    ) throws(StorageError) -> VisitorRow {
        let row = try transaction.one(
            """
            insert into visitors as v (workspace_id, id, verified, name, locale) values ($1, $2, $3, $4, $5)
            on conflict (workspace_id, id) do update set
                verified = v.verified or excluded.verified,
                name = coalesce(excluded.name, v.name),
                locale = coalesce(excluded.locale, v.locale),
                last_seen_at = clock_timestamp()
            returning v.*
            """,
            [.text(workspace), .text(id), .bool(isVerified), .text(name), .text(locale)])
        return try VisitorRow(row)
    }

    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> VisitorRow? {
        let rows = try transaction.query(
            "select * from visitors where workspace_id = $1 and id = $2", [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try VisitorRow(row)
    }

    /// Notes whether the visitor agrees to have their actions watched.
    package static func setTracking(
        _ transaction: Transaction, _ workspace: String, _ id: String, _ allows: Bool
    ) throws(StorageError) {
        try transaction.execute(
            "update visitors set tracking = $3 where workspace_id = $1 and id = $2",
            [.text(workspace), .text(id), .bool(allows)])
    }

    /// How many chats the visitor has had, an open one included.
    package static func chatCount(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> Int {
        let row = try transaction.one(
            "select count(*) from chats where workspace_id = $1 and visitor_id = $2", [.text(workspace), .text(id)])
        return Int(clamping: try row.int(0))
    }

    /// Begins a visit, or goes on with the one that is open: a returning socket ends its lingering.
    ///
    /// - Parameter consent: Whether the visitor agreed to be observed, where they said something with this connection. Where
    ///   the workspace demands it, the page is not stored without.
    /// - Returns: The visit, and whether it began now (`visitor:online` is due).
    package static func openSession(
        _ transaction: Transaction, _ workspace: String, visitor: String, page: JSONText = .emptyObject,
        device: JSONText = .emptyObject, consent: Bool? = nil
    ) throws(StorageError) -> (session: VisitorSessionRow, isNew: Bool) {
        let row = try transaction.one(
            """
            insert into visitor_sessions as s (workspace_id, visitor_id, page, device)
            values ($1, $2, case
                when coalesce((select not w.page_consent from workspace_settings w where w.workspace_id = $1), true)
                    or coalesce($5::boolean, (select v.tracking from visitors v where v.workspace_id = $1 and v.id = $2))
                then $3::jsonb else '{}' end, $4::jsonb)
            on conflict (workspace_id, visitor_id) where closed_at is null do update set
                linger_until = null,
                page = case when excluded.page = '{}' then s.page else excluded.page end
            returning xmax = 0, s.*
            """,
            [.text(workspace), .text(visitor), .json(page), .json(device), consent.map(SQLValue.bool) ?? .null])
        return (try VisitorSessionRow(row, at: 1), try row.bool(0))
    }

    /// After the last socket of a visitor: the visit ends `milliseconds` from now unless one comes back.
    package static func letLinger(
        _ transaction: Transaction, _ workspace: String, visitor: String, milliseconds: Int64
    ) throws(StorageError) {
        try transaction.execute(
            """
            update visitor_sessions set linger_until = clock_timestamp() + $3 * interval '1 millisecond'
            where workspace_id = $1 and visitor_id = $2 and closed_at is null and linger_until is null
                and not exists (
                    select from presence_leases l
                    where l.workspace_id = $1 and l.role = 'visitor' and l.subject = $2
                        and l.expires_at > clock_timestamp())
            """,
            [.text(workspace), .text(visitor), .int(milliseconds)])
    }

    /// Visits whose lingering is over, in every workspace of the scope: the sweeper ends each in a transaction.
    package static func dueSessions(
        _ transaction: Transaction, limit: Int = 100
    ) throws(StorageError) -> [VisitorSessionRow] {
        let rows = try transaction.query(
            """
            select * from visitor_sessions where closed_at is null and linger_until <= statement_timestamp()
            order by linger_until limit $1
            """,
            [.int(limit)])
        var sessions: [VisitorSessionRow] = []
        for row in rows { sessions.append(try VisitorSessionRow(row)) }
        return sessions
    }

    /// Ends a visit whose lingering is over.
    ///
    /// - Returns: nil where the visitor came back, or somebody else ended it.
    package static func closeSession(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> VisitorSessionRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            """
            update visitor_sessions set closed_at = clock_timestamp()
            where workspace_id = $1 and id = $2::uuid and closed_at is null and linger_until <= statement_timestamp()
            returning visitor_sessions.*
            """,
            [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try VisitorSessionRow(row)
    }
}
