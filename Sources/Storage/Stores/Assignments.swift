package import Assignment

/// Assignments: a chat given or offered to a person.
package enum Assignments {
    /// Begins the live assignment of a chat. The chat's status and the commercial's load have to agree at commit.
    ///
    /// - Parameters:
    ///   - state: `.offered` or `.active`.
    ///   - milliseconds: How long an offer stands.
    ///   - from: Who passes the chat on by it.
    ///   - summary: What they say of it.
    /// - Throws: `.constraint` `assignments_one_live` where there is one already.
    package static func create(
        _ transaction: Transaction, _ chat: ChatRow, commercial: String, state: AssignmentState,
        offerFor milliseconds: Int64? = nil, by: Participant, reason: String? = nil, score: Double? = nil,
        algorithm: String? = nil, from: String? = nil, summary: String? = nil
    ) throws(StorageError) -> AssignmentRow {
        let query = self.createQuery(
            chat, commercial: commercial, state: state, offerFor: milliseconds, by: by, reason: reason, score: score,
            algorithm: algorithm, from: from, summary: summary)
        guard let row = try transaction.together([query])[0].first else {
            throw .unexpected("an assignment just written is not there")
        }
        return try AssignmentRow(row)
    }

    /// - Parameter chat: As it is when the statement is run.
    static func createQuery(
        _ chat: ChatRow, commercial: String, state: AssignmentState, offerFor milliseconds: Int64?, by: Participant,
        reason: String?, score: Double?, algorithm: String?, from: String?, summary: String?
    ) -> Query {
        Query(
            """
            insert into assignments (
                workspace_id, chat_id, commercial_id, state, weight, epoch, reason, by_role, by_id, score, algorithm,
                deadline, accepted_at, queue, from_commercial, summary)
            values ($1, $2::uuid, $3, $4, $5::numeric, $6, $7, $8, $9, $10, $11,
                clock_timestamp() + $12::bigint * interval '1 millisecond',
                case when $4 = 'active' then clock_timestamp() end, $13, $14, $15)
            returning assignments.*
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .text(commercial), .text(state.rawValue),
                .double(chat.weight), .int(chat.epoch), .text(reason), .text(by.role.rawValue), .text(by.id),
                .double(score), .text(algorithm), .int(milliseconds), .text(chat.queue), .text(from), .text(summary),
            ])
    }

    /// Locks the live assignment of a chat, if it has one.
    package static func live(_ transaction: Transaction, of chat: ChatRow) throws(StorageError) -> AssignmentRow? {
        let rows = try transaction.query(
            """
            select * from assignments where workspace_id = $1 and chat_id = $2::uuid and ended_at is null
            for no key update
            """,
            [.text(chat.workspaceID), .text(chat.id)])
        guard let row = rows.first else { return nil }
        return try AssignmentRow(row)
    }

    /// Reads an assignment without a lock: to find the chat to lock.
    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> AssignmentRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            "select * from assignments where workspace_id = $1 and id = $2::uuid", [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try AssignmentRow(row)
    }

    /// Accepts an offer before its deadline, by the database's clock; of acceptance and timeout exactly one wins the
    /// row.
    ///
    /// - Returns: nil where it is no (longer an) offer to this commercial.
    package static func accept(
        _ transaction: Transaction, _ workspace: String, _ id: String, commercial: String, epoch: Int64
    ) throws(StorageError) -> AssignmentRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            """
            update assignments set state = 'active', accepted_at = clock_timestamp(), deadline = null, epoch = $4
            where workspace_id = $1 and id = $2::uuid and commercial_id = $3 and state = 'offered'
                and deadline > clock_timestamp()
            returning assignments.*
            """,
            [.text(workspace), .text(id), .text(commercial), .int(epoch)])
        guard let row = rows.first else { return nil }
        return try AssignmentRow(row)
    }

    /// Ends a live assignment. The load has to be released with it.
    ///
    /// - Returns: nil where it has ended already.
    package static func end(
        _ transaction: Transaction, _ assignment: AssignmentRow, reason: String
    ) throws(StorageError) -> AssignmentRow? {
        let rows = try transaction.query(
            """
            update assignments set state = 'ended', ended_at = clock_timestamp(), end_reason = $3
            where workspace_id = $1 and id = $2::uuid and ended_at is null
            returning assignments.*
            """,
            [.text(assignment.workspaceID), .text(assignment.id), .text(reason)])
        guard let row = rows.first else { return nil }
        return try AssignmentRow(row)
    }

    /// A live assignment sleeps, or goes on, with what it counts from then on. The load has to be changed with it.
    package static func reweigh(
        _ transaction: Transaction, _ assignment: AssignmentRow, _ state: AssignmentState, weight: Double
    ) throws(StorageError) -> AssignmentRow {
        let row = try transaction.one(
            """
            update assignments set state = $3, weight = $4::numeric
            where workspace_id = $1 and id = $2::uuid and ended_at is null
            returning assignments.*
            """,
            [.text(assignment.workspaceID), .text(assignment.id), .text(state.rawValue), .double(weight)])
        return try AssignmentRow(row)
    }

    /// The chat is over, and its person keeps the slot for so many milliseconds.
    package static func wrapUp(
        _ transaction: Transaction, _ assignment: AssignmentRow, milliseconds: Int64
    ) throws(StorageError) -> AssignmentRow {
        let row = try transaction.one(
            """
            update assignments set
                state = 'wrapup', deadline = clock_timestamp() + $3 * interval '1 millisecond'
            where workspace_id = $1 and id = $2::uuid and ended_at is null
            returning assignments.*
            """,
            [.text(assignment.workspaceID), .text(assignment.id), .int(milliseconds)])
        return try AssignmentRow(row)
    }

    /// Wrap-ups whose time is over, in every workspace of the scope: the sweeper takes one transaction each.
    package static func dueWrapUps(
        _ transaction: Transaction, limit: Int = 100
    ) throws(StorageError) -> [AssignmentRow] {
        let rows = try transaction.query(
            """
            select * from assignments
            where ended_at is null and state = 'wrapup' and deadline <= statement_timestamp()
            order by deadline limit $1
            """,
            [.int(limit)])
        return try self.rows(rows)
    }

    /// How many offers somebody has rejected within a time.
    package static func rejections(
        _ transaction: Transaction, _ workspace: String, of commercial: String, within milliseconds: Int64
    ) throws(StorageError) -> Int {
        let row = try transaction.one(
            """
            select count(*) from assignments
            where workspace_id = $1 and commercial_id = $2 and end_reason = 'rejected'
                and ended_at > clock_timestamp() - $3 * interval '1 millisecond'
            """,
            [.text(workspace), .text(commercial), .int(milliseconds)])
        return Int(clamping: try row.int(0))
    }

    /// The median handle time of a queue over somebody's average one; nil where nothing has been handled yet.
    package static func relativeSpeed(
        _ transaction: Transaction, _ workspace: String, queue: String, commercial: String
    ) throws(StorageError) -> Double? {
        let query = self.relativeSpeedQuery(workspace, queue: queue, commercial: commercial)
        return try transaction.together([query])[0].first?.optionalDouble(0)
    }

    /// Each of them by their last twenty. Written out: PostgreSQL plans a function in SQL anew at every call.
    static func relativeSpeedQuery(_ workspace: String, queue: String, commercial: String) -> Query {
        Query(
            """
            select (
                select percentile_cont(0.5) within group (
                    order by extract(epoch from ended_at - accepted_at)::double precision)
                from (
                    select accepted_at, ended_at from assignments
                    where workspace_id = $1 and queue = $2 and accepted_at is not null and ended_at is not null
                    order by ended_at desc limit 20) line
            ) / nullif((
                select avg(extract(epoch from ended_at - accepted_at)::double precision)
                from (
                    select accepted_at, ended_at from assignments
                    where workspace_id = $1 and commercial_id = $3 and accepted_at is not null and ended_at is not null
                    order by ended_at desc limit 20) own
            ), 0)
            """,
            [.text(workspace), .text(queue), .text(commercial)])
    }

    /// Offers whose deadline has passed, in every workspace of the scope: the sweeper takes one transaction each.
    package static func dueOffers(
        _ transaction: Transaction, limit: Int = 100
    ) throws(StorageError) -> [AssignmentRow] {
        let rows = try transaction.query(
            """
            select * from assignments
            where ended_at is null and state = 'offered' and deadline <= statement_timestamp()
            order by deadline limit $1
            """,
            [.int(limit)])
        return try self.rows(rows)
    }

    /// The live assignments of a commercial, oldest first: what goes back to the queues when they vanish.
    package static func live(
        _ transaction: Transaction, _ workspace: String, ofCommercial commercial: String
    ) throws(StorageError) -> [AssignmentRow] {
        let rows = try transaction.query(
            """
            select * from assignments where workspace_id = $1 and commercial_id = $2 and ended_at is null
            order by created_at, id
            """,
            [.text(workspace), .text(commercial)])
        return try self.rows(rows)
    }

    private static func rows(_ rows: [Row]) throws(StorageError) -> [AssignmentRow] {
        var assignments: [AssignmentRow] = []
        for row in rows { assignments.append(try AssignmentRow(row)) }
        return assignments
    }
}
