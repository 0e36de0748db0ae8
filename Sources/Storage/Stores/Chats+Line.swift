package import Assignment

/// What happens to a locked chat while it stands in line; none of it is a change of the chat's own fields.
extension Chats {
    /// Notes which place in line the visitor is told now, with how many people of the queue are there: `toldAgents` of
    /// the row that comes back.
    ///
    /// While as many people are there as before, the wait that is told does not grow either: `toldETASeconds` and
    /// `toldP90Seconds` of the row that comes back are what to tell.
    package static func tell(
        _ transaction: Transaction, _ chat: ChatRow, position: Int, wait: QueueForecast.Wait? = nil
    ) throws(StorageError) -> ChatRow {
        let rows = try transaction.query(
            """
            with there as (select agents_online($5, $6) as agents)
            update chats set
                told_position = $3, told_at = clock_timestamp(), told_agents = there.agents,
                told_eta_s = case when told_agents = there.agents and $4::bigint is not null
                    then least(told_eta_s, $4) else $4 end,
                told_p90_s = case when told_agents = there.agents and $7::bigint is not null
                    then least(told_p90_s, $7) else $7 end
            from there
            where workspace_id = $1 and id = $2::uuid
            returning clock_timestamp(), chats.*
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .int(position), .int(wait.map { Int64($0.p50Seconds) }),
                .text(chat.workspaceID), .text(chat.queue), .int(wait.map { Int64($0.p90Seconds) }),
            ])
        return try self.changed(rows)
    }

    /// Notes that a commercial let this round's offer pass.
    package static func addTried(
        _ transaction: Transaction, _ chat: ChatRow, commercial: String
    ) throws(StorageError) -> ChatRow {
        let rows = try transaction.query(
            """
            update chats set tried_commercials = array_append(array_remove(tried_commercials, $3), $3)
            where workspace_id = $1 and id = $2::uuid
            returning clock_timestamp(), chats.*
            """,
            [.text(chat.workspaceID), .text(chat.id), .text(commercial)])
        return try self.changed(rows)
    }

    /// Everybody there has let the chat pass: it rests before the next round.
    package static func rest(
        _ transaction: Transaction, _ chat: ChatRow, milliseconds: Int64
    ) throws(StorageError) -> ChatRow {
        let rows = try transaction.query(
            """
            update chats set offers_rest_until = clock_timestamp() + $3 * interval '1 millisecond'
            where workspace_id = $1 and id = $2::uuid
            returning clock_timestamp(), chats.*
            """,
            [.text(chat.workspaceID), .text(chat.id), .int(milliseconds)])
        return try self.changed(rows)
    }

    /// Begins a round of offers: everybody may be asked again, and where there were rounds enough, others as well.
    package static func beginRound(
        _ transaction: Transaction, _ chat: ChatRow, _ round: Int, overflowSteps: Int
    ) throws(StorageError) -> ChatRow {
        let rows = try transaction.query(
            """
            update chats set
                tried_commercials = '{}', offers_rest_until = null, offer_round = $3, overflow_steps = $4
            where workspace_id = $1 and id = $2::uuid
            returning clock_timestamp(), chats.*
            """,
            [.text(chat.workspaceID), .text(chat.id), .int(round), .int(overflowSteps)])
        return try self.changed(rows)
    }
}
