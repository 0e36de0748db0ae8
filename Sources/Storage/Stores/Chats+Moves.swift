package import Assignment

/// Moves of a chat through its lifecycle. Each one takes the locked row, changes status and owner in one statement that
/// is conditional on the row's epoch, counts epoch and version, and writes the audit row. An illegal transition is
/// refused by the schema (`chats_transition`).
extension Chats {
    /// Gives the chat to a bot: a returned, reopened or passed-on chat.
    ///
    /// - Parameter milliseconds: How long the bot has to answer; nil while the visitor waits for nothing.
    package static func giveToBot(
        _ transaction: Transaction, _ chat: ChatRow, _ bot: Participant, answerWithin milliseconds: Int64?,
        by: Participant, reason: String
    ) throws(StorageError) -> ChatRow {
        try self.move(
            transaction, chat, Move(to: .bot, owner: bot, answerWithin: milliseconds, by: by, reason: reason))
    }

    /// Puts the chat into the line of its queue.
    ///
    /// - Parameters:
    ///   - firstQueuedAt: When it first waited: `chat.firstQueuedAt` on every requeue.
    ///   - routeKey: By which it is served.
    ///   - bonusMilliseconds: The part of the key that its lost commercial left behind.
    package static func enqueue(
        _ transaction: Transaction, _ chat: ChatRow, firstQueuedAt: Timestamp, routeKey: Timestamp,
        bonusMilliseconds: Int64 = 0, by: Participant, reason: String
    ) throws(StorageError) -> ChatRow {
        var move = Move(to: .waiting, owner: nil, by: by, reason: reason)
        move.firstQueuedAt = firstQueuedAt
        move.routeKey = routeKey
        move.bonusMilliseconds = bonusMilliseconds
        return try self.move(transaction, chat, move)
    }

    /// The chat is offered to somebody; nobody owns it meanwhile. The assignment goes with it.
    package static func offer(
        _ transaction: Transaction, _ chat: ChatRow, by: Participant, reason: String
    ) throws(StorageError) -> ChatRow {
        try self.move(transaction, chat, Move(to: .offered, owner: nil, by: by, reason: reason))
    }

    /// A person has the chat. The live assignment goes with it.
    package static func activate(
        _ transaction: Transaction, _ chat: ChatRow, owner: Participant, by: Participant, reason: String
    ) throws(StorageError) -> ChatRow {
        try self.move(transaction, chat, Move(to: .active, owner: owner, by: by, reason: reason))
    }

    /// What a chat is given to somebody with.
    package struct Gift: Sendable {
        /// Their load has been reserved.
        package var commercial: CommercialRow
        /// How long they may think about it; nil gives it to them at once.
        package var offerMilliseconds: Int64?
        package var by: Participant
        package var reason: String
        package var score: Double?
        package var algorithm: String?
        /// Who passes the chat on by it.
        package var from: String?
        /// What they say of it.
        package var summary: String?

        package init(
            to commercial: CommercialRow, offerMilliseconds: Int64? = nil, by: Participant, reason: String,
            score: Double? = nil, algorithm: String? = nil, from: String? = nil, summary: String? = nil
        ) {
            self.commercial = commercial
            self.offerMilliseconds = offerMilliseconds
            self.by = by
            self.reason = reason
            self.score = score
            self.algorithm = algorithm
            self.from = from
            self.summary = summary
        }
    }

    /// Gives or offers the locked chat to somebody: the move and its assignment in one round trip.
    ///
    /// The chat's next event number is taken with it, which the caller has to use (``Outbox/appendLater(_:_:chatID:_:number:_:)``).
    package static func give(
        _ transaction: Transaction, _ chat: ChatRow, _ gift: Gift
    ) throws(StorageError) -> (chat: ChatRow, assignment: AssignmentRow) {
        let isOffer = gift.offerMilliseconds != nil
        let owner = isOffer ? nil : gift.commercial.participant
        var move = Move(to: isOffer ? .offered : .active, owner: owner, by: gift.by, reason: gift.reason)
        move.events = 1
        // As the row will be after the first of the two statements.
        var moved = chat
        if (owner?.role, owner?.id) != (chat.owner?.role, chat.owner?.id) { moved.epoch += 1 }
        let answers = try transaction.together([
            self.moveQuery(chat, move),
            Assignments.createQuery(
                moved, commercial: gift.commercial.id, state: isOffer ? .offered : .active,
                offerFor: gift.offerMilliseconds, by: gift.by, reason: gift.reason, score: gift.score,
                algorithm: gift.algorithm, from: gift.from, summary: gift.summary),
        ])
        let row = try self.changed(answers[0])
        guard let assignment = answers[1].first, row.epoch == moved.epoch else {
            throw .unexpected("a chat was not given as it was meant to be")
        }
        return (row, try AssignmentRow(assignment))
    }

    /// The chat is kept until its queue opens.
    ///
    /// - Parameter nextOpenAt: nil where nobody knows when that is.
    package static func setOffline(
        _ transaction: Transaction, _ chat: ChatRow, nextOpenAt: Timestamp?, by: Participant, reason: String
    ) throws(StorageError) -> ChatRow {
        var move = Move(to: .offline, owner: nil, by: by, reason: reason)
        move.nextOpenAt = nextOpenAt
        return try self.move(transaction, chat, move)
    }

    /// The chat sleeps with the one who has it until `until`; a sleeping chat's time may be moved. The assignment goes
    /// with it.
    package static func pause(
        _ transaction: Transaction, _ chat: ChatRow, until: Timestamp, by: Participant, reason: String
    ) throws(StorageError) -> ChatRow {
        var move = Move(to: .paused, owner: chat.owner, by: by, reason: reason)
        move.snoozeUntil = until
        return try self.move(transaction, chat, move)
    }

    /// The chat is over for its visitor, and its person writes down what there is to write. The assignment goes with it.
    package static func wrapUp(
        _ transaction: Transaction, _ chat: ChatRow, reason: ChatCloseReason, by: Participant
    ) throws(StorageError) -> ChatRow {
        try self.move(transaction, chat, Move(to: .wrapup, owner: chat.owner, by: by, reason: reason.rawValue))
    }

    /// Ends the chat. The live assignment, if there is one, has to be ended with it.
    package static func close(
        _ transaction: Transaction, _ chat: ChatRow, reason: ChatCloseReason, by: Participant
    ) throws(StorageError) -> ChatRow {
        try self.move(transaction, chat, Move(to: .closed, owner: nil, by: by, reason: reason.rawValue))
    }

    private struct Move {
        var status: ChatStatus
        var owner: Participant?
        var answerWithin: Int64?
        var firstQueuedAt: Timestamp?
        var routeKey: Timestamp?
        var bonusMilliseconds: Int64 = 0
        var snoozeUntil: Timestamp?
        var nextOpenAt: Timestamp?
        /// How many events the caller tells of it: their numbers are taken with the move.
        var events = 0
        var by: Participant
        var reason: String

        init(to status: ChatStatus, owner: Participant?, answerWithin: Int64? = nil, by: Participant, reason: String) {
            self.status = status
            self.owner = owner
            self.answerWithin = answerWithin
            self.by = by
            self.reason = reason
        }
    }

    private static func move(
        _ transaction: Transaction, _ chat: ChatRow, _ move: Move
    ) throws(StorageError) -> ChatRow {
        try self.changed(try transaction.together([self.moveQuery(chat, move)])[0])
    }

    private static func moveQuery(_ chat: ChatRow, _ move: Move) -> Query {
        Query(
            """
            with clock as (select clock_timestamp() as now), moved as (
                update chats set
                    status = $4,
                    owner_role = $5::text, owner_id = $6::text, owner_name = $7::text,
                    epoch = epoch + ((owner_role, owner_id) is distinct from ($5::text, $6::text))::int,
                    version = version + 1,
                    event_no = event_no + $18,
                    first_queued_at = case $4
                        when 'waiting' then $9::timestamptz
                        when 'closed' then null
                        else first_queued_at end,
                    route_key = case when $4 = 'waiting' then $10::timestamptz end,
                    route_bonus_ms = case when $4 = 'waiting' then $11 else 0 end,
                    queued_at = case when $4 in ('waiting', 'offered') then coalesce(queued_at, now) end,
                    waited_ms = waited_ms + case
                        when $4 in ('waiting', 'offered') or queued_at is null then 0
                        else floor(extract(epoch from now - queued_at) * 1000)::bigint end,
                    tried_commercials = case
                        when $4 in ('waiting', 'offered') then tried_commercials else '{}' end,
                    offer_round = case when $4 in ('waiting', 'offered') then offer_round else 1 end,
                    offers_rest_until = case when $4 in ('waiting', 'offered') then offers_rest_until end,
                    overflow_steps = case when $4 in ('waiting', 'offered') then overflow_steps else 0 end,
                    sticky_commercial = case
                        when $4 = 'waiting' and queued_at is null then last_commercial(workspace_id, visitor_id)
                        else sticky_commercial end,
                    told_eta_s = case when $4 in ('waiting', 'offered') then told_eta_s end,
                    told_p90_s = case when $4 in ('waiting', 'offered') then told_p90_s end,
                    snooze_until = $16::timestamptz,
                    next_open_at = $17::timestamptz,
                    bot_deadline = case when $4 = 'bot' then now + $8::bigint * interval '1 millisecond' end,
                    bot_deadline_moved = false,
                    bot_posts = 0,
                    human_from_seq = case
                        when $4 in ('bot', 'closed') then null
                        when $4 = 'active' then coalesce(human_from_seq, seq + 1)
                        else human_from_seq end,
                    bot_handovers = case
                        when $4 <> 'bot' then 0 else bot_handovers + (status = 'bot')::integer end,
                    bot_handovers_total = case
                        when $4 = 'closed' then 0
                        else bot_handovers_total + (status = 'bot' and $4 = 'bot')::integer end,
                    tried_bots = case
                        when $4 = 'bot' then array_append(
                            array_remove(case when status = 'closed' then '{}' else tried_bots end, $6::text),
                            $6::text)
                        when $4 in ('active', 'closed') then '{}'
                        else tried_bots end,
                    updated_at = now,
                    closed_at = case when $4 = 'closed' then now end,
                    closed_by_role = case when $4 in ('closed', 'wrapup') then $12::text end,
                    closed_by_id = case when $4 in ('closed', 'wrapup') then $13::text end,
                    close_reason = case when $4 in ('closed', 'wrapup') then $14::text end
                from clock
                where workspace_id = $1 and id = $2::uuid and epoch = $3
                returning chats.*
            ), audited as (
                insert into audit (workspace_id, actor_role, actor_id, action, chat_id, detail)
                select workspace_id, $12::text, $13::text, 'chat.moved', id,
                    jsonb_build_object('from', $15::text, 'to', status, 'ownerRole', owner_role, 'owner', owner_id,
                        'epoch', epoch, 'reason', $14::text)
                from moved
            )
            select clock_timestamp(), moved.* from moved
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .int(chat.epoch), .text(move.status.rawValue),
                .text(move.owner?.role.rawValue), .text(move.owner?.id), .text(move.owner?.name),
                .int(move.answerWithin), .timestamp(move.firstQueuedAt), .timestamp(move.routeKey),
                .int(move.bonusMilliseconds), .text(move.by.role.rawValue), .text(move.by.id), .text(move.reason),
                .text(chat.status.rawValue), .timestamp(move.snoozeUntil), .timestamp(move.nextOpenAt),
                .int(move.events),
            ])
    }

    /// The row of a statement conditional on what the caller locked; no row means that it was not locked.
    static func changed(_ rows: [Row], at column: Int = 0) throws(StorageError) -> ChatRow {
        guard let row = rows.first else {
            throw StorageError(code: .contention, message: "the chat changed between decision and write")
        }
        return try ChatRow(row, at: column)
    }
}
