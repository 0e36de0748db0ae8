internal import Assignment

/// Deliveries on their way: each is leased to one worker at a time, and those of one chat go to an endpoint one after the
/// other. Only the database's clock counts.
///
/// Of a chat only the first is due; the schema's triggers wake the next. That is what looking for work costs by; the order
/// is what a lease asks for.
package enum Deliveries {
    /// The endpoints of the workspaces of the scope to which something is due, leased or not, by workspace and name.
    package static func due(
        _ transaction: Transaction
    ) throws(StorageError) -> [(workspace: String, endpoint: String)] {
        let rows = try transaction.query(
            """
            select e.workspace_id, e.name from webhook_endpoints e
            cross join lateral (
                select from webhook_deliveries d
                where d.workspace_id = e.workspace_id and d.endpoint = e.name and d.delivered_at is null
                    and d.due_at <= statement_timestamp()
                limit 1) d
            order by 1, 2
            """)
        var due: [(workspace: String, endpoint: String)] = []
        for row in rows { due.append((try row.text(0), try row.text(1))) }
        return due
    }

    /// How many deliveries to an endpoint could be leased now, up to `limit`.
    package static func ready(
        _ transaction: Transaction, _ workspace: String, endpoint: String, limit: Int
    ) throws(StorageError) -> Int {
        let row = try transaction.one(
            """
            select count(*) from (
                select from webhook_deliveries d
                where d.workspace_id = $1 and d.endpoint = $2 and d.delivered_at is null
                    and d.due_at <= statement_timestamp()
                    and (d.leased_until is null or d.leased_until <= statement_timestamp())
                    and (d.chat_id is null or d.event_no <= (
                        select p.event_no from webhook_deliveries p
                        where p.workspace_id = d.workspace_id and p.endpoint = d.endpoint and p.chat_id = d.chat_id
                            and p.delivered_at is null
                        order by p.event_no limit 1))
                limit $3) ready
            """,
            [.text(workspace), .text(endpoint), .int(limit)])
        return Int(clamping: try row.int(0))
    }

    /// Leases the next delivery to an endpoint, with the address and the secrets that the endpoint has now. Of a chat that
    /// is the oldest one that has not arrived, and no other. A lease that ran out was an attempt.
    ///
    /// - Returns: nil where nothing is due, or the endpoint is gone.
    package static func lease(
        _ transaction: Transaction, _ workspace: String, endpoint: String, milliseconds: Int64
    ) throws(StorageError) -> LeasedDelivery? {
        let rows = try transaction.query(
            """
            with next as (
                select d.workspace_id, d.id, e.url, e.secrets from webhook_deliveries d
                join webhook_endpoints e on e.workspace_id = d.workspace_id and e.name = d.endpoint
                where d.workspace_id = $1 and d.endpoint = $2 and d.delivered_at is null
                    and d.due_at <= statement_timestamp()
                    and (d.leased_until is null or d.leased_until <= statement_timestamp())
                    and (d.chat_id is null or d.event_no <= (
                        select p.event_no from webhook_deliveries p
                        where p.workspace_id = d.workspace_id and p.endpoint = d.endpoint and p.chat_id = d.chat_id
                            and p.delivered_at is null
                        order by p.event_no limit 1))
                order by d.due_at, d.event_id limit 1
                for update of d skip locked
            )
            update webhook_deliveries d set
                fence = d.fence + 1, leased_until = clock_timestamp() + $3 * interval '1 millisecond',
                attempts = d.attempts + case when d.leased_until is null then 0 else 1 end
            from next n where d.workspace_id = n.workspace_id and d.id = n.id
            returning d.workspace_id, d.event_id, d.chat_id, d.event_no, d.event_at, d.message_id, d.kind, d.data,
                null::text, d.id, d.fence, d.attempts, clock_timestamp(), n.url, n.secrets,
                floor(extract(epoch from clock_timestamp() - d.waits_since) * 1000)::bigint
            """,
            [.text(workspace), .text(endpoint), .int(milliseconds)])
        guard let row = rows.first else { return nil }
        return LeasedDelivery(
            workspaceID: try row.text(0), endpoint: endpoint, id: try row.text(9), fence: try row.int(10),
            attempts: Int(clamping: try row.int(11)), leasedAt: try row.timestamp(12),
            waitedMilliseconds: max(0, try row.int(15)), url: try row.text(13), secrets: try row.texts(14),
            eventNo: try row.optionalInt(3), content: try Outbox.content(transaction, row))
    }

    /// It has arrived.
    ///
    /// - Returns: false where the lease is somebody else's by now: what they find out counts.
    package static func delivered(
        _ transaction: Transaction, _ delivery: LeasedDelivery, status: Int
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            update webhook_deliveries set
                delivered_at = clock_timestamp(), leased_until = null, last_status = $4, last_failure = null
            where workspace_id = $1 and id = $2::uuid and fence = $3 and delivered_at is null
            """,
            Self.key(of: delivery) + [.int(status)]) > 0
    }

    /// It has not arrived, and is tried again so many milliseconds from now.
    ///
    /// - Returns: false where the lease is somebody else's by now.
    package static func failed(
        _ transaction: Transaction, _ delivery: LeasedDelivery, status: Int?, failure: String, retryIn: Int64
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            update webhook_deliveries set
                attempts = attempts + 1, due_at = clock_timestamp() + $6 * interval '1 millisecond',
                leased_until = null, last_status = $4, last_failure = $5
            where workspace_id = $1 and id = $2::uuid and fence = $3 and delivered_at is null
            """,
            Self.key(of: delivery) + [.int(status.map(Int64.init)), .text(failure), .int(retryIn)]) > 0
    }

    /// It has not arrived, and is given up.
    ///
    /// - Returns: false where the lease is somebody else's by now.
    package static func bury(
        _ transaction: Transaction, _ delivery: LeasedDelivery, status: Int?, failure: String
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            with dead as (
                delete from webhook_deliveries
                where workspace_id = $1 and id = $2::uuid and fence = $3 and delivered_at is null
                returning *)
            insert into webhook_dead_letters (
                workspace_id, id, endpoint, event_id, chat_id, event_no, kind, data, message_id, event_at, attempts,
                last_status, last_failure)
            select workspace_id, id, endpoint, event_id, chat_id, event_no, kind, data, message_id, event_at,
                attempts + 1, $4::integer, $5
            from dead
            """,
            Self.key(of: delivery) + [.int(status.map(Int64.init)), .text(failure)]) > 0
    }

    /// Gives a lease back untried.
    package static func release(
        _ transaction: Transaction, _ delivery: LeasedDelivery
    ) throws(StorageError) {
        try transaction.execute(
            """
            update webhook_deliveries set leased_until = null
            where workspace_id = $1 and id = $2::uuid and fence = $3 and delivered_at is null
            """,
            Self.key(of: delivery))
    }

    private static func key(of delivery: LeasedDelivery) -> [SQLValue] {
        [.text(delivery.workspaceID), .text(delivery.id), .int(delivery.fence)]
    }
}
