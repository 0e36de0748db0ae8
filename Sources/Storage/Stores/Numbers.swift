package import Assignment

/// What supervisors see of a workspace at a glance.
package enum Numbers {
    /// How every queue of a workspace stands, by name, and when: one statement.
    package static func queues(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> (queues: [QueueNumbers], at: Timestamp) {
        let rows = try transaction.query(
            """
            with open as (
                select queue, min(queued_at) filter (where status = 'waiting') as waiting_since,
                    count(*) filter (where status = 'bot') as bot,
                    count(*) filter (where status = 'waiting') as waiting,
                    count(*) filter (where status = 'offered') as offered,
                    count(*) filter (where status = 'active') as active,
                    count(*) filter (where status = 'paused') as paused,
                    count(*) filter (where status = 'wrapup') as wrapup,
                    count(*) filter (where status = 'offline') as offline
                from chats where workspace_id = $1 and status <> 'closed' group by queue
            ), people as (
                select m.id, m.name, m.declared, m.load, m.cap, m.queues, exists (
                    select from presence_leases l
                    where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                        and l.expires_at > clock_timestamp()) as connected
                from commercials m where m.workspace_id = $1 and m.role = 'commercial'
            )
            select clock_timestamp(), q.name, o.waiting_since, coalesce(o.bot, 0), coalesce(o.waiting, 0),
                coalesce(o.offered, 0), coalesce(o.active, 0), coalesce(o.paused, 0), coalesce(o.wrapup, 0),
                coalesce(o.offline, 0), p.id, p.name, p.declared, p.connected, p.load, p.cap
            from queues q
            left join open o on o.queue = q.name
            left join people p on q.name = any (p.queues)
            where q.workspace_id = $1
            order by q.name, p.connected desc, p.id
            """,
            [.text(workspace)])
        var queues: [QueueNumbers] = []
        for row in rows {
            let name = try row.text(1)
            if queues.last?.queue != name {
                var chats: [ChatStatus: Int] = [:]
                let statuses: [ChatStatus] = [.bot, .waiting, .offered, .active, .paused, .wrapup, .offline]
                for (column, status) in statuses.enumerated() {
                    let count = Int(clamping: try row.int(3 + column))
                    if count > 0 { chats[status] = count }
                }
                queues.append(
                    QueueNumbers(
                        queue: name, chats: chats, waitingSince: try row.optionalTimestamp(2), people: []))
            }
            guard let id = try row.optionalText(10) else { continue }
            queues[queues.count - 1].people.append(
                QueueNumbers.Person(
                    id: id, name: try row.optionalText(11), declared: try row.word(12),
                    isConnected: try row.bool(13), load: try row.double(14), cap: Int(clamping: try row.int(15))))
        }
        return (queues, try rows.first?.timestamp(0) ?? Timestamp(microseconds: 0))
    }
}
