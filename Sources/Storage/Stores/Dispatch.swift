package import Assignment

/// What the router reads. It decides on these rows, then writes through `Chats`, `Assignments` and `Commercials`, whose
/// conditions judge the decision again.
package enum Dispatch {
    /// The first chats of the line, next first, unlocked: a chat that is passed over must not keep its visitor's
    /// messages waiting. Lock the one that is matched and look at its status again.
    package static func heads(
        _ transaction: Transaction, _ workspace: String, queue: String, limit: Int = 50
    ) throws(StorageError) -> [ChatRow] {
        try self.chats(try transaction.together([self.headsQuery(workspace, queue: queue, limit: limit)])[0])
    }

    static func headsQuery(_ workspace: String, queue: String, limit: Int) -> Query {
        Query(
            """
            select clock_timestamp(), c.* from chats c
            where c.workspace_id = $1 and c.queue = $2 and c.status = 'waiting'
            order by c.route_key, c.id limit $3
            """,
            [.text(workspace), .text(queue), .int(limit)])
    }

    static func chats(_ rows: [Row]) throws(StorageError) -> [ChatRow] {
        var chats: [ChatRow] = []
        for row in rows { chats.append(try ChatRow(row)) }
        return chats
    }

    /// A commercial who could take a chat, with where they stand in the ring through which they were reached.
    package struct Candidate: Sendable, Hashable {
        package var commercial: CommercialRow
        /// 1 is asked first.
        package var tier: Int
        package var skills: [String: Int]
        /// Empty rules nothing out.
        package var languages: Set<String>
        /// nil is as the gateway's own settings have it.
        package var minGapMilliseconds: Int64?
    }

    /// What is asked of whoever takes a chat; chats that ask the same share their candidates.
    package struct Need: Sendable, Hashable {
        package var reach: QueueReach
        package var weight: Double
        /// Least levels by name.
        package var skills: [String: Int]
        package var language: String?
        /// Comes first, so that the limit does not cut them off.
        package var stickyID: String?

        package init(
            reach: QueueReach, weight: Double = 1, skills: [String: Int] = [:], language: String? = nil,
            stickyID: String? = nil
        ) {
            self.reach = reach
            self.weight = weight
            self.skills = skills
            self.language = language
            self.stickyID = stickyID
        }

        package init(_ chat: QueuedChat) {
            self.init(
                reach: chat.reach, weight: chat.weight, skills: chat.skills, language: chat.language,
                stickyID: chat.stickyID)
        }
    }

    /// The commercials who could take something: available, connected, with room, and all that is needed.
    ///
    /// In the order of `policy` up to its tie-breaking hash; then by id.
    package static func candidates(
        _ transaction: Transaction, _ workspace: String, _ need: Need, by policy: RoutingPolicy = .central,
        limit: Int = Self.manyCandidates
    ) throws(StorageError) -> [Candidate] {
        try self.candidates(
            try transaction.together([self.candidatesQuery(workspace, need, by: policy, limit: limit)])[0])
    }

    /// More than this are not read at once.
    package static let manyCandidates = 200

    static func candidatesQuery(
        _ workspace: String, _ need: Need, by policy: RoutingPolicy, limit: Int = Self.manyCandidates
    ) -> Query {
        let required = need.skills.sideBySide
        var (queues, rings): ([String], [Int64]) = ([], [])
        for (ring, names) in need.reach.rings.enumerated() {
            queues += names
            rings += names.map { _ in Int64(ring) }
        }
        return Query(
            """
            select standing.tier, coalesce(p.skills, '{}'), coalesce(p.skill_levels, '{}'),
                coalesce(p.languages, '{}'), p.min_gap_ms, true, m.*
            from commercials m
            left join commercial_profiles p on p.workspace_id = m.workspace_id and p.commercial_id = m.id
            cross join lateral (
                select reach.ring, min(coalesce(p.tiers[array_position(p.tier_queues, reach.queue)], 1)) as tier
                from unnest($2::text[], $7::bigint[]) as reach(queue, ring)
                where reach.queue = any (m.queues) group by reach.ring order by reach.ring limit 1
            ) standing
            cross join lateral (
                select count(*) filter (where own.level is null) as missing, sum(own.level - least.level) as surplus
                from unnest($5::text[], $6::bigint[]) as least(skill, level)
                left join unnest(p.skills, p.skill_levels) as own(skill, level)
                    on own.skill = least.skill and own.level >= least.level
            ) fit
            where m.workspace_id = $1 and m.queues && $2::text[] and m.role = 'commercial'
                and m.declared = 'available' and m.cap > 0 and m.load + $3::numeric <= m.cap and fit.missing = 0
                and ($8::text is null or coalesce(cardinality(p.languages), 0) = 0 or $8 = any (p.languages))
                and exists (
                    select from presence_leases l
                    where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                        and l.expires_at > clock_timestamp())
            order by (m.id = $9::text) desc nulls last, standing.ring, standing.tier,
                case when $10 = 'central' then coalesce(fit.surplus, 0) end,
                case $10
                    when 'central' then
                        greatest($11::bigint, floor(10 * (m.load + $3::numeric / 2) / m.cap))
                    when 'least-loaded' then (m.load + $3::numeric) / m.cap end,
                case when $10 = 'central' and m.last_assigned_at is not null then
                    (m.cap - m.load - $3::numeric / 2) * ($12::bigint
                        + greatest(0, extract(epoch from statement_timestamp() - m.last_assigned_at)))
                    end desc nulls first,
                case when $10 = 'longest-idle' then greatest(m.last_assigned_at, m.last_released_at)
                    else m.last_assigned_at end nulls first,
                case when $10 = 'central' then m.load - m.cap end, m.id
            limit $4
            """,
            [
                .text(workspace), .texts(queues), .double(need.weight), .int(limit), required.keys, required.values,
                .ints(rings), .text(need.language), .text(need.stickyID), .text(policy.rawValue),
                .int(CentralOrder.leastTenths), .int(CentralOrder.leastTurnSeconds),
            ])
    }

    static func candidates(_ rows: [Row]) throws(StorageError) -> [Candidate] {
        var candidates: [Candidate] = []
        for row in rows {
            candidates.append(
                Candidate(
                    commercial: try CommercialRow(row, at: 5), tier: Int(clamping: try row.int(0)),
                    skills: Dictionary(keys: try row.texts(1), values: try row.ints(2)),
                    languages: Set(try row.texts(3)), minGapMilliseconds: try row.optionalInt(4)))
        }
        return candidates
    }

    /// How fast the line of a queue moves.
    ///
    /// - Parameter handleMilliseconds: What to expect of a chat where nothing is known.
    package static func forecast(
        _ transaction: Transaction, _ workspace: String, queue: String, expecting handleMilliseconds: Int64
    ) throws(StorageError) -> QueueForecast {
        let row = try transaction.one(
            "select s.slots, s.free, handle_ms($1, $2, $3) from line_slots($1, $2) s",
            [.text(workspace), .text(queue), .double(Double(handleMilliseconds))])
        return QueueForecast(
            slots: try row.double(0), freeSlots: try row.double(1), handleMilliseconds: try row.double(2))
    }

    /// The queues of a workspace in which chats wait that somebody of another queue may take.
    package static func overflowing(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [String] {
        let rows = try transaction.query(
            """
            select q.name from queues q
            where q.workspace_id = $1 and q.overflow <> '[]' and exists (
                select from chats c
                where c.workspace_id = $1 and c.queue = q.name and c.status = 'waiting')
            order by q.name
            """,
            [.text(workspace)])
        var queues: [String] = []
        for row in rows { queues.append(try row.text(0)) }
        return queues
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
