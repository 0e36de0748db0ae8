internal import Assignment

/// Endpoints of webhooks, and how they fare. Deliveries are made by a trigger, with the event.
package enum Webhooks {
    package static func endpoints(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [WebhookEndpointRow] {
        let rows = try transaction.query(
            """
            select workspace_id, name, url, kinds, secrets from webhook_endpoints where workspace_id = $1 order by name
            """,
            [.text(workspace)])
        var endpoints: [WebhookEndpointRow] = []
        for row in rows { endpoints.append(try WebhookEndpointRow(row)) }
        return endpoints
    }

    /// Files an endpoint in the place of whatever had its name. What waits for it goes to the new address.
    package static func set(_ transaction: Transaction, _ endpoint: WebhookEndpointRow) throws(StorageError) {
        try transaction.execute(
            """
            insert into webhook_endpoints (workspace_id, name, url, kinds, secrets)
            values ($1, $2, $3, $4::text[], $5::text[])
            on conflict (workspace_id, name) do update set
                url = excluded.url, kinds = excluded.kinds, secrets = excluded.secrets
            """,
            [
                .text(endpoint.workspaceID), .text(endpoint.name), .text(endpoint.url), .texts(endpoint.kinds),
                .texts(endpoint.secrets),
            ])
    }

    /// Takes an endpoint away, with what waits for it and what never got there: some at a time, because a statement has
    /// seconds and a backlog may be any size. What a transaction that began earlier still adds, the sweep finds
    /// (``Retention``).
    package static func remove(
        _ transaction: Transaction, _ workspace: String, _ name: String, batch: Int = 1000
    ) throws(StorageError) {
        try transaction.execute(
            "delete from webhook_endpoints where workspace_id = $1 and name = $2", [.text(workspace), .text(name)])
        for table in [Self.deliveriesDrop, Self.lettersDrop] {
            var last: Int64 = 0
            while let next = try self.drop(transaction, table, workspace, name, after: last, limit: batch).last {
                last = next
            }
        }
    }

    /// Drops some of what was for endpoints that a workspace has no more.
    ///
    /// - Returns: How much.
    static func sweepOrphans(_ transaction: Transaction, _ workspace: String, limit: Int) throws(StorageError) -> Int {
        // From name to name along the index, whatever stands under each.
        let names = try transaction.query(
            """
            with recursive named as (
                (select endpoint from webhook_deliveries where workspace_id = $1 order by endpoint limit 1)
                union all
                select (
                    select d.endpoint from webhook_deliveries d
                    where d.workspace_id = $1 and d.endpoint > n.endpoint order by d.endpoint limit 1)
                from named n where n.endpoint is not null
            ), lettered as (
                (select endpoint from webhook_dead_letters where workspace_id = $1 order by endpoint limit 1)
                union all
                select (
                    select l.endpoint from webhook_dead_letters l
                    where l.workspace_id = $1 and l.endpoint > n.endpoint order by l.endpoint limit 1)
                from lettered n where n.endpoint is not null
            )
            select endpoint from (select endpoint from named union select endpoint from lettered) a
            where endpoint is not null and not exists (
                select from webhook_endpoints e where e.workspace_id = $1 and e.name = a.endpoint)
            """,
            [.text(workspace)])
        var count = 0
        for row in names {
            for table in [Self.deliveriesDrop, Self.lettersDrop] {
                count += try self.drop(transaction, table, workspace, try row.text(0), after: 0, limit: limit).count
            }
        }
        return count
    }

    /// - Returns: How much, and the last event of it; nil where there was nothing.
    private static func drop(
        _ transaction: Transaction, _ sql: StaticString, _ workspace: String, _ endpoint: String, after last: Int64,
        limit: Int
    ) throws(StorageError) -> (count: Int, last: Int64?) {
        let row = try transaction.one(sql, [.text(workspace), .text(endpoint), .int(last), .int(limit)])
        return (Int(clamping: try row.int(0)), try row.optionalInt(1))
    }

    /// From event to event: a transaction walks over what it has itself deleted, again and again, unless it knows where to
    /// go on.
    private static let deliveriesDrop: StaticString = """
        with batch as (
            select id, event_id from webhook_deliveries d
            where workspace_id = $1 and endpoint = $2 and event_id > $3 and not exists (
                select from webhook_endpoints e where e.workspace_id = $1 and e.name = d.endpoint)
            order by event_id limit $4
        ), dropped as (
            delete from webhook_deliveries where workspace_id = $1 and id in (select id from batch))
        select count(*), max(event_id) from batch
        """

    private static let lettersDrop: StaticString = """
        with batch as (
            select id, event_id from webhook_dead_letters l
            where workspace_id = $1 and endpoint = $2 and event_id > $3 and not exists (
                select from webhook_endpoints e where e.workspace_id = $1 and e.name = l.endpoint)
            order by event_id limit $4
        ), dropped as (
            delete from webhook_dead_letters where workspace_id = $1 and id in (select id from batch))
        select count(*), max(event_id) from batch
        """

    /// How each endpoint of the workspaces in scope fares, by workspace and name.
    package static func counts(
        _ transaction: Transaction
    ) throws(StorageError) -> [(workspace: String, endpoint: String, counts: WebhookEndpointCounts)] {
        let rows = try transaction.query(
            """
            select e.workspace_id, e.name, d.waiting, d.delivered,
                (select count(*) from webhook_dead_letters l
                where l.workspace_id = e.workspace_id and l.endpoint = e.name),
                coalesce(floor(extract(epoch from statement_timestamp() - d.oldest) * 1000), 0)::bigint
            from webhook_endpoints e
            cross join lateral (
                select count(*) filter (where delivered_at is null) as waiting,
                    count(*) filter (where delivered_at is not null) as delivered,
                    min(event_at) filter (where delivered_at is null) as oldest
                from webhook_deliveries d where d.workspace_id = e.workspace_id and d.endpoint = e.name) d
            order by 1, 2
            """)
        var counts: [(workspace: String, endpoint: String, counts: WebhookEndpointCounts)] = []
        for row in rows {
            counts.append(
                (
                    try row.text(0), try row.text(1),
                    WebhookEndpointCounts(
                        waiting: try row.int(2), delivered: try row.int(3), dead: try row.int(4),
                        oldestWaiting: max(0, try row.int(5)))
                ))
        }
        return counts
    }

    /// How far ``backlog(_:)`` counts: a gauge need not walk through a million rows to say that there are many.
    package static let mostCounted: Int64 = 100_000

    /// What waits in the workspaces of the scope, for a scrape: how much, up to ``mostCounted``, and for how many
    /// milliseconds the oldest.
    package static func backlog(
        _ transaction: Transaction
    ) throws(StorageError) -> (waiting: Int64, dead: Int64, oldestMilliseconds: Int64) {
        // The oldest of a chat is never one that waits for another: those at infinity need not be looked at for it.
        let row = try transaction.one(
            """
            select (select count(*) from (
                    select from webhook_deliveries where delivered_at is null limit $1) w),
                (select count(*) from (select from webhook_dead_letters limit $1) l),
                coalesce((
                    select max(o.ms) from webhook_endpoints e
                    cross join lateral (
                        select floor(extract(epoch from statement_timestamp() - min(d.event_at)) * 1000)::bigint as ms
                        from webhook_deliveries d
                        where d.workspace_id = e.workspace_id and d.endpoint = e.name and d.delivered_at is null
                            and d.due_at < 'infinity') o), 0)
            """,
            [.int(self.mostCounted)])
        return (try row.int(0), try row.int(1), max(0, try row.int(2)))
    }

    // MARK: Dead letters

    /// What never got there, the newest first.
    package static func deadLetters(
        _ transaction: Transaction, _ workspace: String, endpoint: String? = nil, limit: Int
    ) throws(StorageError) -> [WebhookDeliveryRow] {
        let rows = try transaction.query(
            """
            select id, endpoint, event_id, kind, chat_id, attempts, last_status, last_failure, event_at, died_at
            from webhook_dead_letters where workspace_id = $1 and ($2::text is null or endpoint = $2)
            order by died_at desc, event_id desc limit $3
            """,
            [.text(workspace), .text(endpoint), .int(limit)])
        var letters: [WebhookDeliveryRow] = []
        for row in rows { letters.append(try WebhookDeliveryRow(row)) }
        return letters
    }

    /// Sends one thing again, whether it was given up or had arrived.
    ///
    /// - Returns: whether there is such a delivery, and its endpoint.
    package static func redeliver(
        _ transaction: Transaction, _ workspace: String, id: String
    ) throws(StorageError) -> Bool {
        guard CanonicalUUID.matches(id) else { return false }
        let again = try transaction.execute(
            """
            update webhook_deliveries set
                delivered_at = null, due_at = clock_timestamp(), attempts = 0, waits_since = clock_timestamp()
            where workspace_id = $1 and id = $2::uuid
                and exists (select from webhook_endpoints e where e.workspace_id = $1 and e.name = endpoint)
            """,
            [.text(workspace), .text(id)])
        if again > 0 { return true }
        return try self.revive(transaction, workspace, id: id, endpoint: nil) > 0
    }

    /// Sends everything again that an endpoint was never given, in its order: some at a time, as ``remove(_:_:_:batch:)``
    /// does.
    package static func redeliverAll(
        _ transaction: Transaction, _ workspace: String, endpoint: String, batch: Int = 1000
    ) throws(StorageError) -> Int {
        var all = 0
        while true {
            let some = try self.revive(transaction, workspace, id: nil, endpoint: endpoint, limit: batch)
            guard some > 0 else { return all }
            all += some
        }
    }

    private static func revive(
        _ transaction: Transaction, _ workspace: String, id: String?, endpoint: String?, limit: Int = 1
    ) throws(StorageError) -> Int {
        try transaction.execute(
            """
            with letters as (
                delete from webhook_dead_letters where workspace_id = $1 and id in (
                    select id from webhook_dead_letters l
                    where workspace_id = $1 and ($2::uuid is null or id = $2::uuid)
                        and ($3::text is null or endpoint = $3)
                        and exists (select from webhook_endpoints e where e.workspace_id = $1 and e.name = l.endpoint)
                    order by event_id limit $4)
                returning *)
            insert into webhook_deliveries (
                workspace_id, id, endpoint, event_id, chat_id, event_no, kind, data, message_id, event_at)
            select workspace_id, id, endpoint, event_id, chat_id, event_no, kind, data, message_id, event_at
            from letters order by event_id
            """,
            [.text(workspace), .text(id), .text(endpoint), .int(limit)])
    }
}
