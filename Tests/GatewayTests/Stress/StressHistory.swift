@testable import Storage

/// What the rows say about a run, long after it: the history of assignments, read as the owner of the tables.
struct StressHistory: Sendable, Equatable {
    /// All that were begun.
    var assignments: Int
    /// Assignments of one chat that overlap in time.
    var doubleAssigned: Int
    /// Moments at which somebody carried more than their cap.
    var overCapacity: Int
    /// Assignments of chats that stood before one that had been assigned, in their queue.
    var inversions: Int
    /// Deadlines without anything that could become due.
    var orphans: Int
    /// From the first to the last assignment.
    var seconds: Double

    var isClean: Bool { self.doubleAssigned + self.overCapacity + self.inversions + self.orphans == 0 }
    var perSecond: Double { self.seconds > 0 ? Double(self.assignments) / self.seconds : 0 }

    static func read(_ owner: Database) async throws -> StressHistory {
        try await owner.transaction(.none) { tx in
            let row = try tx.one(
                """
                with spans as (
                    select a.*, tstzrange(a.created_at, a.ended_at) as span, c.queue as line, c.visitor_id as place
                    from assignments a join chats c on c.workspace_id = a.workspace_id and c.id = a.chat_id
                ), moments as (
                    select workspace_id, commercial_id, created_at as at, weight as change from assignments
                    union all
                    select workspace_id, commercial_id, ended_at, -weight from assignments where ended_at is not null
                ), carried as (
                    -- At one instant what ends goes before what begins.
                    select workspace_id, commercial_id, sum(change) over (
                        partition by workspace_id, commercial_id order by at, change
                        rows between unbounded preceding and current row) as load
                    from moments
                ), ordered as (
                    select place, max(place) over (
                        partition by workspace_id, line order by created_at, place
                        rows between unbounded preceding and 1 preceding) as furthest
                    from spans
                )
                select (select count(*) from assignments),
                    (select count(*) from spans a join spans b
                        on a.workspace_id = b.workspace_id and a.chat_id = b.chat_id and a.id < b.id
                        where a.span && b.span),
                    (select count(*) from carried l join commercials m
                        on m.workspace_id = l.workspace_id and m.id = l.commercial_id where l.load > m.cap),
                    (select count(*) from ordered where place < furthest),
                    (select count(*) from assignments a join chats c
                            on c.workspace_id = a.workspace_id and c.id = a.chat_id
                        where a.ended_at is null and a.deadline is not null and c.status not in ('offered', 'wrapup'))
                    + (select count(*) from chats where bot_deadline is not null and status <> 'bot'
                        or (status = 'waiting') <> (route_key is not null)
                        or snooze_until is not null and status <> 'paused'),
                    (select coalesce(extract(epoch from max(created_at) - min(created_at)), 0)::float8
                        from assignments)
                """)
            return StressHistory(
                assignments: Int(try row.int(0)), doubleAssigned: Int(try row.int(1)),
                overCapacity: Int(try row.int(2)), inversions: Int(try row.int(3)), orphans: Int(try row.int(4)),
                seconds: try row.double(5))
        }
    }
}
