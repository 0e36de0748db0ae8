package import Assignment

/// What those who wait are told of their places: all of a queue at once.
extension Chats {
    /// A chat whose visitor has something to be told.
    package struct Place: Sendable {
        /// Locked until the transaction ends.
        package var chat: ChatRow
        /// 1 is next.
        package var position: Int
        /// How many people of the queue are there.
        package var agents: Int
    }

    /// Locks the chats of a queue whose visitors have something to be told: they moved up, or the number of people who
    /// are there changed. Next first; nobody who was told something less than `milliseconds` ago.
    ///
    /// Looks at the first thousand of the line. Chats that somebody else holds are left for the next time: so many are
    /// locked here at once that waiting for one would hold up the others, and could never end where two do it.
    package static func lockUntold(
        _ transaction: Transaction, _ workspace: String, queue: String, pause milliseconds: Int64, limit: Int
    ) throws(StorageError) -> [Place] {
        let rows = try transaction.query(
            """
            with line as (
                select id, told_position, told_agents, told_at, route_key
                from chats where workspace_id = $1 and queue = $2 and status = 'waiting'
                order by route_key, id limit 1000
            ), placed as (
                select *, row_number() over (order by route_key, id) as position from line
            ), there as materialized (select agents_online($1, $2) as agents), due as materialized (
                select placed.id, placed.position, there.agents from placed, there
                where (told_position is null or position < told_position or told_agents is distinct from there.agents)
                    and (told_at is null or told_at <= clock_timestamp() - $3 * interval '1 millisecond')
                order by position limit $4
            )
            select due.position, due.agents, clock_timestamp(), c.*
            from due join chats c on c.workspace_id = $1 and c.id = due.id
            where c.status = 'waiting' and c.queue = $2
                and (c.told_at is null or c.told_at <= clock_timestamp() - $3 * interval '1 millisecond')
            for no key update of c skip locked
            """,
            [.text(workspace), .text(queue), .int(milliseconds), .int(limit)])
        var places: [Place] = []
        // The chat's columns come last, here as everywhere: a newer version's may be more.
        for row in rows {
            places.append(
                Place(
                    chat: try ChatRow(row, at: 2), position: Int(clamping: try row.int(0)),
                    agents: Int(clamping: try row.int(1))))
        }
        return places.sorted { $0.position < $1.position }
    }

    /// Notes what the visitors of locked chats are told now, as ``tell(_:_:position:wait:)`` does for one. Each chat's
    /// next event number is taken with it (``Outbox/append(_:_:numbered:)``).
    ///
    /// - Parameter wait: By position; nil where there is nothing to foretell.
    package static func tell(
        _ transaction: Transaction, _ workspace: String, _ places: [Place],
        wait: (Int) -> QueueForecast.Wait?
    ) throws(StorageError) -> [ChatRow] {
        guard !places.isEmpty else { return [] }
        let waits = places.map { wait($0.position) }
        let rows = try transaction.query(
            """
            update chats c set
                told_position = t.position, told_at = clock_timestamp(), told_agents = t.agents,
                told_eta_s = case when c.told_agents = t.agents and t.eta is not null
                    then least(c.told_eta_s, t.eta) else t.eta end,
                told_p90_s = case when c.told_agents = t.agents and t.p90 is not null
                    then least(c.told_p90_s, t.p90) else t.p90 end,
                event_no = c.event_no + 1
            from (
                select id::uuid, position, agents, nullif(eta, -1) as eta, nullif(p90, -1) as p90
                from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
                    as told (id, position, agents, eta, p90)) t
            where c.workspace_id = $1 and c.id = t.id
            returning clock_timestamp(), c.*
            """,
            [
                .text(workspace), .texts(places.map(\.chat.id)), .ints(places.map { Int64($0.position) }),
                .ints(places.map { Int64($0.agents) }), .ints(waits.map { Int64($0?.p50Seconds ?? -1) }),
                .ints(waits.map { Int64($0?.p90Seconds ?? -1) }),
            ])
        return try Dispatch.chats(rows)
    }
}
