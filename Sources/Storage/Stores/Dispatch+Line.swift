package import Assignment

/// A look at a line, and taking hold of the match that was made of it: as few round trips as the decisions between them
/// allow, because every other node waits at the queue's lock meanwhile.
extension Dispatch {
    /// What a line looks like to whoever holds its lock.
    package struct Line: Sendable {
        /// The first chats, next first, unlocked: a chat that is passed over must not keep its visitor's messages waiting.
        package var heads: [ChatRow]
        /// Those of the first ``depth`` that somebody has let go by.
        package var refused: [ChatRow]
        /// nil where there is no such queue.
        package var rules: QueueSettings?
        /// The queue's own people who have room for anything at all, whatever a chat asks for.
        package var people: [Candidate]
    }

    /// How many chats at the head of the line are looked at; an unroutable chat must not hold up those behind it.
    /// The text in ``lockLine(_:_:queue:by:)`` says the same number.
    package static let depth = 50

    /// How many are read at first: mostly one of these goes, and reading all of them costs more than the match.
    /// The text in ``lockLine(_:_:queue:by:)`` says the same number.
    package static let glance = 3

    /// The smallest weight that the schema knows.
    private static let leastWeight = 0.01

    /// What is asked of everybody of `reach` whom the router may consider at all.
    package static func anything(of reach: QueueReach) -> Need {
        Need(reach: reach, weight: Self.leastWeight)
    }

    /// Waits until this transaction alone dispatches the queue, until its end, and looks at the line. Each statement sees
    /// what the holder before committed, because it begins after the lock was got.
    ///
    /// Limits are part of the texts: as parameters they would have PostgreSQL plan both statements anew for every match,
    /// which takes longer than running them.
    package static func lockLine(
        _ transaction: Transaction, _ workspace: String, queue: String, by policy: RoutingPolicy
    ) throws(StorageError) -> Line {
        let answers = try transaction.together([
            Query(
                "select pg_advisory_xact_lock(hashtextextended('puente.queue.' || $1::text || chr(31) || $2::text, 0))",
                [.text(workspace), .text(queue)]),
            Query(
                """
                select clock_timestamp(), c.* from chats c
                where c.workspace_id = $1 and c.queue = $2 and c.status = 'waiting'
                order by c.route_key, c.id limit 3
                """,
                [.text(workspace), .text(queue)]),
            Query(
                """
                select clock_timestamp(), c.* from (
                    select workspace_id, id, tried_commercials from chats
                    where workspace_id = $1 and queue = $2 and status = 'waiting'
                    order by route_key, id limit 50) head
                join chats c on c.workspace_id = head.workspace_id and c.id = head.id
                where cardinality(head.tried_commercials) > 0
                order by c.route_key, c.id
                """,
                [.text(workspace), .text(queue)]),
            Queues.settingsQuery(workspace, queue),
            self.candidatesQuery(workspace, self.anything(of: QueueReach(queue)), by: policy),
        ])
        return Line(
            heads: try self.chats(answers[1]), refused: try self.chats(answers[2]),
            rules: try answers[3].first.map { row throws(StorageError) in try QueueSettings(row) },
            people: try self.candidates(answers[4]))
    }

    /// A chat and whom it is for, both held until the transaction ends.
    package struct Grip: Sendable {
        package var chat: ChatRow
        /// With the chat's weight added to their load; nil where they may not take it (any more).
        package var commercial: CommercialRow?
        /// The median handle time of the queue over their average one; nil where nothing has been handled yet.
        package var relativeSpeed: Double?
    }

    /// Locks a chat of a line and adds its weight to the load of the one who gets it, if both are still as they were seen.
    ///
    /// - Returns: nil where the chat does not wait in that line any more; nothing is reserved then.
    package static func grip(
        _ transaction: Transaction, _ chat: ChatRow, for commercial: String
    ) throws(StorageError) -> Grip? {
        let answers = try transaction.together([
            Chats.lockQuery(chat.workspaceID, chat.id),
            Query(
                """
                update commercials m set load = m.load + c.weight, last_assigned_at = clock_timestamp()
                from chats c
                where m.workspace_id = $1 and m.id = $2 and c.workspace_id = $1 and c.id = $3::uuid
                    and c.status = 'waiting' and c.queue = $4 and m.load + c.weight <= m.cap
                    and m.declared = 'available' and exists (
                        select from presence_leases l
                        where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                            and l.expires_at > clock_timestamp())
                returning true, m.*
                """,
                [.text(chat.workspaceID), .text(commercial), .text(chat.id), .text(chat.queue)]),
            Assignments.relativeSpeedQuery(chat.workspaceID, queue: chat.queue, commercial: commercial),
        ])
        guard let first = answers[0].first else { return nil }
        let locked = try ChatRow(first)
        guard locked.status == .waiting, locked.queue == chat.queue else { return nil }
        return Grip(
            chat: locked,
            commercial: try answers[1].first.map { row throws(StorageError) in try CommercialRow(row) },
            relativeSpeed: try answers[2].first?.optionalDouble(0))
    }
}
