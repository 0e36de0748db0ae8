internal import Assignment

/// What the router reads. It decides on these rows, then writes through `Chats`, `Assignments` and `Commercials`, whose
/// conditions judge the decision again.
package enum Dispatch {
    /// Waits until this transaction alone dispatches the queue; released at its end.
    package static func lockQueue(
        _ transaction: Transaction, _ workspace: String, queue: String
    ) throws(StorageError) {
        try transaction.query(
            "select pg_advisory_xact_lock(hashtextextended('puente.queue.' || $1::text || chr(31) || $2::text, 0))",
            [.text(workspace), .text(queue)])
    }

    /// The first chats of the line, next first, unlocked: a chat that is passed over must not keep its visitor's
    /// messages waiting. Lock the one that is matched and look at its status again.
    package static func heads(
        _ transaction: Transaction, _ workspace: String, queue: String, limit: Int = 50
    ) throws(StorageError) -> [ChatRow] {
        let rows = try transaction.query(
            """
            select clock_timestamp(), c.* from chats c
            where c.workspace_id = $1 and c.queue = $2 and c.status = 'waiting'
            order by c.route_key, c.id limit $3
            """,
            [.text(workspace), .text(queue), .int(limit)])
        var chats: [ChatRow] = []
        for row in rows { chats.append(try ChatRow(row)) }
        return chats
    }

    /// A commercial who could take a chat of a queue, with where they stand in it.
    package struct Candidate: Sendable, Hashable {
        package var commercial: CommercialRow
        /// 1 is asked first.
        package var tier: Int
        package var skills: [String: Int]
        /// Empty rules nothing out.
        package var languages: Set<String>
    }

    /// The commercials of a queue who could take something of weight `weight`: available, connected, below their cap,
    /// with all of `skills` (least levels by name).
    ///
    /// In the order of `RoutingPolicy.central` up to its tie-breaking hash: tier, surplus of skill, tenths of the cap
    /// in use afterwards, then longest idle (never assigned first), then id.
    package static func candidates(
        _ transaction: Transaction, _ workspace: String, queue: String, weight: Double = 1,
        skills: [String: Int] = [:], limit: Int = 200
    ) throws(StorageError) -> [Candidate] {
        let required = skills.sideBySide
        let rows = try transaction.query(
            """
            select coalesce(p.tiers[array_position(p.tier_queues, $2)], 1) as tier, coalesce(p.skills, '{}'),
                coalesce(p.skill_levels, '{}'), coalesce(p.languages, '{}'), true, m.*
            from commercials m
            left join commercial_profiles p on p.workspace_id = m.workspace_id and p.commercial_id = m.id
            cross join lateral (
                select count(*) filter (where own.level is null) as missing, sum(own.level - least.level) as surplus
                from unnest($5::text[], $6::bigint[]) as least(skill, level)
                left join unnest(p.skills, p.skill_levels) as own(skill, level)
                    on own.skill = least.skill and own.level >= least.level
            ) fit
            where m.workspace_id = $1 and $2 = any (m.queues) and m.role = 'commercial' and m.declared = 'available'
                and m.cap > 0 and m.load + $3::numeric <= m.cap and fit.missing = 0
                and exists (
                    select from presence_leases l
                    where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                        and l.expires_at > clock_timestamp())
            order by tier, coalesce(fit.surplus, 0), floor(10 * (m.load + $3::numeric) / m.cap),
                m.last_assigned_at nulls first, m.id
            limit $4
            """,
            [.text(workspace), .text(queue), .double(weight), .int(limit), required.keys, required.values])
        var candidates: [Candidate] = []
        for row in rows {
            candidates.append(
                Candidate(
                    commercial: try CommercialRow(row, at: 4), tier: Int(clamping: try row.int(0)),
                    skills: Dictionary(keys: try row.texts(1), values: try row.ints(2)),
                    languages: Set(try row.texts(3))))
        }
        return candidates
    }

    /// How many commercials of a queue are there for its visitors: connected, available or busy, and
    /// with a cap above nothing.
    package static func agentsOnline(
        _ transaction: Transaction, _ workspace: String, queue: String
    ) throws(StorageError) -> Int {
        let row = try transaction.one("select agents_online($1, $2)", [.text(workspace), .text(queue)])
        return Int(clamping: try row.int(0))
    }

    /// The queues in which chats wait, in every workspace of the scope: what the sweeper dispatches.
    package static func waitingQueues(
        _ transaction: Transaction
    ) throws(StorageError) -> [(workspace: String, queue: String, waiting: Int)] {
        let rows = try transaction.query(
            """
            select workspace_id, queue, count(*) from chats where status = 'waiting'
            group by workspace_id, queue order by workspace_id, queue
            """)
        var queues: [(workspace: String, queue: String, waiting: Int)] = []
        for row in rows {
            queues.append((try row.text(0), try row.text(1), Int(clamping: try row.int(2))))
        }
        return queues
    }
}
