package import Assignment

/// A running promise, or one that is over, of a chat.
package struct SLAClockRow: Sendable, Hashable {
    package var id: String
    package var chatID: String
    package var kind: Promise.Kind
    package var policy: String
    package var limitMilliseconds: Int64
    package var countsBusinessHours: Bool
    package var warnBeforeMilliseconds: Int64
    package var startedAt: Timestamp
    package var warnAt: Timestamp?
    /// nil until the gateway has worked it out.
    package var dueAt: Timestamp?
    package var warnedAt: Timestamp?
    package var breachedAt: Timestamp?
    package var endedAt: Timestamp?
    /// `met`, `breached` or `cancelled`; nil while it runs.
    package var outcome: String?

    /// nil until it is known when it is due.
    package var promise: Promise? {
        self.dueAt.map {
            Promise(
                dueAt: $0, warnAt: self.warnAt, isWarned: self.warnedAt != nil,
                isBreachReported: self.breachedAt != nil, endedAt: self.endedAt)
        }
    }
}

/// The clocks of promises. The schema starts and stops them with the changes that do so; the sweeper does the rest.
package enum SLAClocks {
    /// Clocks with which something is to be done, in every workspace of the scope.
    package static func due(
        _ transaction: Transaction, limit: Int = 100
    ) throws(StorageError) -> [(workspace: String, chatID: String, id: String)] {
        let rows = try transaction.query(
            """
            select workspace_id, chat_id, id from sla_clocks where look_at <= statement_timestamp()
            order by look_at limit $1
            """,
            [.int(limit)])
        var due: [(workspace: String, chatID: String, id: String)] = []
        for row in rows { due.append((try row.text(0), try row.text(1), try row.text(2))) }
        return due
    }

    /// Locks a clock with which something is to be done. The chat has been locked before.
    package static func lockDue(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> SLAClockRow? {
        let rows = try transaction.query(
            """
            select id, chat_id, kind, policy, limit_ms, business_hours, warn_before_ms, started_at, warn_at, due_at,
                warned_at, breached_at, ended_at, outcome
            from sla_clocks where workspace_id = $1 and id = $2::uuid and look_at <= clock_timestamp()
            for no key update
            """,
            [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try SLAClockRow(row)
    }

    /// All clocks of a chat, in the order of their beginning.
    package static func all(
        _ transaction: Transaction, of chat: ChatRow
    ) throws(StorageError) -> [SLAClockRow] {
        let rows = try transaction.query(
            """
            select id, chat_id, kind, policy, limit_ms, business_hours, warn_before_ms, started_at, warn_at, due_at,
                warned_at, breached_at, ended_at, outcome
            from sla_clocks where workspace_id = $1 and chat_id = $2::uuid order by started_at, kind, id
            """,
            [.text(chat.workspaceID), .text(chat.id)])
        var clocks: [SLAClockRow] = []
        for row in rows { clocks.append(try SLAClockRow(row)) }
        return clocks
    }

    /// When a clock that began then is due: by the clock on the wall, or within the hours of a queue. nil where these do
    /// not come.
    package static func dueTime(
        _ transaction: Transaction, _ workspace: String, _ clock: SLAClockRow, queue: String
    ) throws(StorageError) -> Timestamp? {
        guard clock.countsBusinessHours, let hours = try Queues.settings(transaction, workspace, queue)?.hours else {
            return clock.startedAt.advanced(byMilliseconds: clock.limitMilliseconds)
        }
        return hours.instant(after: clock.startedAt, openMilliseconds: clock.limitMilliseconds)
    }

    /// Writes when a clock is due, and has the line serve the chat in time for it. nil: never, which is what hours that do
    /// not come amount to.
    package static func setDue(
        _ transaction: Transaction, _ workspace: String, _ clock: SLAClockRow, _ dueAt: Timestamp?
    ) throws(StorageError) {
        try transaction.execute(
            """
            update sla_clocks set
                due_at = $3::timestamptz,
                warn_at = case when warn_before_ms > 0 then
                    greatest(started_at, $3::timestamptz - warn_before_ms * interval '1 millisecond') end,
                look_at = case when warn_before_ms > 0 then
                    greatest(started_at, $3::timestamptz - warn_before_ms * interval '1 millisecond')
                    else $3::timestamptz end
            where workspace_id = $1 and id = $2::uuid
            """,
            [.text(workspace), .text(clock.id), .timestamp(dueAt)])
        guard clock.kind != .resolution, clock.endedAt == nil, let dueAt else { return }
        try transaction.execute(
            """
            update chats set response_due_at = least(response_due_at, $3::timestamptz)
            where workspace_id = $1 and id = $2::uuid
            """,
            [.text(workspace), .text(clock.chatID), .timestamp(dueAt)])
    }

    /// Notes that somebody was warned, or that the breach was reported, and when to look again.
    package static func mark(
        _ transaction: Transaction, _ workspace: String, _ clock: SLAClockRow, warned: Bool = false,
        breached: Bool = false, lookAgain: Timestamp?
    ) throws(StorageError) {
        try transaction.execute(
            """
            update sla_clocks set
                warned_at = case when $3 then clock_timestamp() else warned_at end,
                breached_at = case when $4 then clock_timestamp() else breached_at end,
                outcome = case when $4 and ended_at is not null then 'breached' else outcome end,
                look_at = $5::timestamptz
            where workspace_id = $1 and id = $2::uuid
            """,
            [.text(workspace), .text(clock.id), .bool(warned), .bool(breached), .timestamp(lookAgain)])
    }
}

extension SLAClockRow {
    /// Reads the columns in the order of ``SLAClocks``' statements.
    fileprivate init(_ row: Row) throws(StorageError) {
        self.id = try row.text(0)
        self.chatID = try row.text(1)
        self.kind = try row.word(2)
        self.policy = try row.text(3)
        self.limitMilliseconds = try row.int(4)
        self.countsBusinessHours = try row.bool(5)
        self.warnBeforeMilliseconds = try row.int(6)
        self.startedAt = try row.timestamp(7)
        self.warnAt = try row.optionalTimestamp(8)
        self.dueAt = try row.optionalTimestamp(9)
        self.warnedAt = try row.optionalTimestamp(10)
        self.breachedAt = try row.optionalTimestamp(11)
        self.endedAt = try row.optionalTimestamp(12)
        self.outcome = try row.optionalText(13)
    }
}
