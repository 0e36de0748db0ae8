package import Assignment

/// People who take chats: who they are, what they declare, how much they carry.
package enum Commercials {
    /// Makes the commercial exist and marks them as seen. First seen is `available` with `defaultCap`; later on nothing
    /// that they declared or were given changes.
    @discardableResult
    package static func seen(
        _ transaction: Transaction, _ workspace: String, _ participant: Participant, defaultCap: Int
    ) throws(StorageError) -> CommercialRow {
        try transaction.execute(
            """
            insert into commercials as m (workspace_id, id, role, name, cap) values ($1, $2, $3, $4, $5)
            on conflict (workspace_id, id) do update set
                role = excluded.role,
                name = coalesce(excluded.name, m.name),
                last_seen_at = clock_timestamp()
            """,
            [
                .text(workspace), .text(participant.id), .text(participant.role.rawValue), .text(participant.name),
                .int(defaultCap),
            ])
        guard let row = try self.find(transaction, workspace, participant.id) else {
            throw StorageError(code: .unexpected, message: "a commercial just written is not there")
        }
        return row
    }

    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> CommercialRow? {
        let rows = try transaction.query(
            """
            select exists (
                    select from presence_leases l
                    where l.workspace_id = m.workspace_id and l.role = m.role and l.subject = m.id
                        and l.expires_at > clock_timestamp()),
                m.*
            from commercials m where m.workspace_id = $1 and m.id = $2
            """,
            [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try CommercialRow(row)
    }

    /// As `find`, and holds the row until the transaction ends. Lock order: chat, assignment, commercial.
    package static func lock(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> CommercialRow? {
        try transaction.query(
            "select 1 from commercials where workspace_id = $1 and id = $2 for update",
            [.text(workspace), .text(id)])
        return try self.find(transaction, workspace, id)
    }

    /// Declares a status, for themselves or by the gateway (`automatically`).
    ///
    /// With `until` they are available again by themselves at that time (``dueReturns(_:limit:)``).
    ///
    /// - Returns: nil where no such commercial exists.
    package static func declare(
        _ transaction: Transaction, _ workspace: String, _ id: String, _ status: DeclaredStatus, reason: String? = nil,
        until: Timestamp? = nil, automatically: Bool = false
    ) throws(StorageError) -> CommercialRow? {
        try transaction.execute(
            """
            update commercials set
                declared_since = case when declared = $3 then declared_since else clock_timestamp() end,
                misses = case when $6 then misses else 0 end,
                declared = $3, declared_reason = $4, declared_until = $5::timestamptz, declared_auto = $6
            where workspace_id = $1 and id = $2
            """,
            [
                .text(workspace), .text(id), .text(status.rawValue), .text(reason), .timestamp(until),
                .bool(automatically),
            ])
        return try self.find(transaction, workspace, id)
    }

    /// Sets the cap. What is carried above it counts as `extra` and shrinks with each release.
    ///
    /// - Returns: nil where no such commercial exists.
    package static func setCap(
        _ transaction: Transaction, _ workspace: String, _ id: String, _ cap: Int
    ) throws(StorageError) -> CommercialRow? {
        try transaction.execute(
            "update commercials set cap = $3, extra = greatest(0, load - $3) where workspace_id = $1 and id = $2",
            [.text(workspace), .text(id), .int(cap)])
        return try self.find(transaction, workspace, id)
    }

    /// On what condition load is added.
    package enum Reservation: String, Sendable {
        /// By the router: available, connected, and room below the cap.
        case routed
        /// By somebody's explicit wish: room below the cap.
        case direct
        /// By a supervisor or admin: what goes above the cap becomes `extra`.
        case forced
    }

    /// Adds `weight` to the load in one conditional statement.
    ///
    /// - Returns: The commercial with the new load, or nil where the condition does not hold (any more).
    package static func reserve(
        _ transaction: Transaction, _ workspace: String, _ id: String, weight: Double, _ reservation: Reservation
    ) throws(StorageError) -> CommercialRow? {
        let rows = try transaction.query(
            """
            update commercials m set
                load = m.load + $3::numeric,
                extra = case when $4 = 'forced' then greatest(m.extra, m.load + $3::numeric - m.cap) else m.extra end,
                last_assigned_at = clock_timestamp()
            where m.workspace_id = $1 and m.id = $2
                and ($4 = 'forced' or m.load + $3::numeric <= m.cap)
                and ($4 <> 'routed' or (m.declared = 'available' and exists (
                    select from presence_leases l
                    where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                        and l.expires_at > clock_timestamp())))
            returning exists (
                    select from presence_leases l
                    where l.workspace_id = m.workspace_id and l.role = m.role and l.subject = m.id
                        and l.expires_at > clock_timestamp()),
                m.*
            """,
            [.text(workspace), .text(id), .double(weight), .text(reservation.rawValue)])
        return try rows.first.map { row throws(StorageError) in try CommercialRow(row) }
    }

    /// Adds to the load what a chat that they have counts from now on. It is no new chat: when they were last assigned
    /// one stays.
    ///
    /// - Parameter aboveCap: For people who supervise: what goes above the cap becomes `extra`.
    /// - Returns: nil where there is no room.
    package static func carry(
        _ transaction: Transaction, _ workspace: String, _ id: String, weight: Double, aboveCap: Bool
    ) throws(StorageError) -> CommercialRow? {
        let changed = try transaction.execute(
            """
            update commercials set
                load = load + $3::numeric,
                extra = case when $4 then greatest(extra, load + $3::numeric - cap) else extra end
            where workspace_id = $1 and id = $2 and ($4 or load + $3::numeric <= cap)
            """,
            [.text(workspace), .text(id), .double(weight), .bool(aboveCap)])
        return changed == 1 ? try self.find(transaction, workspace, id) : nil
    }

    /// Takes `weight` off the load, and `extra` back towards what the load still needs.
    package static func release(
        _ transaction: Transaction, _ workspace: String, _ id: String, weight: Double
    ) throws(StorageError) -> CommercialRow? {
        let rows = try transaction.query(
            """
            update commercials m set
                last_released_at = clock_timestamp(),
                load = m.load - $3::numeric, extra = least(m.extra, greatest(0, m.load - $3::numeric - m.cap))
            where m.workspace_id = $1 and m.id = $2
            returning exists (
                    select from presence_leases l
                    where l.workspace_id = m.workspace_id and l.role = m.role and l.subject = m.id
                        and l.expires_at > clock_timestamp()),
                m.*
            """,
            [.text(workspace), .text(id), .double(weight)])
        return try rows.first.map { row throws(StorageError) in try CommercialRow(row) }
    }

    /// Counts one more missed offer.
    ///
    /// - Returns: How many were missed in a row.
    package static func countMiss(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> Int {
        let rows = try transaction.query(
            "update commercials set misses = misses + 1 where workspace_id = $1 and id = $2 returning misses",
            [.text(workspace), .text(id)])
        return Int(clamping: try rows.first?.int(0) ?? 0)
    }

    package static func clearMisses(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) {
        try transaction.execute(
            "update commercials set misses = 0 where workspace_id = $1 and id = $2 and misses > 0",
            [.text(workspace), .text(id)])
    }

    /// Whose declared status has lasted as long as they said, in every workspace of the scope.
    package static func dueReturns(
        _ transaction: Transaction, limit: Int = 100
    ) throws(StorageError) -> [(workspace: String, id: String)] {
        try transaction.named(
            """
            select workspace_id, id from commercials where declared_until <= statement_timestamp()
            order by declared_until limit $1
            """,
            [.int(limit)])
    }

    /// Somebody is available again because the time that they named has come.
    ///
    /// - Returns: nil where it has not, or they said something else meanwhile.
    package static func returnIfDue(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> CommercialRow? {
        let changed = try transaction.execute(
            """
            update commercials set
                declared = 'available', declared_reason = null, declared_until = null, declared_auto = false,
                declared_since = clock_timestamp(), misses = 0
            where workspace_id = $1 and id = $2 and declared_until <= clock_timestamp()
            """,
            [.text(workspace), .text(id)])
        return changed == 1 ? try self.find(transaction, workspace, id) : nil
    }
}
