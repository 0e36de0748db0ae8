internal import Assignment

/// Chats: found, locked, begun.
///
/// Whoever changes a chat locks its row first (`lock`), decides on the `ChatRow`, and hands that row to the primitives.
/// They answer with the row as it is then. Lock order everywhere: chat, assignment, commercial.
package enum Chats {
    /// Locks the chat until the transaction ends. `readAt` is the time at which the lock was held.
    ///
    /// - Returns: nil for an unknown id, and for anything that is not a canonical id.
    package static func lock(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> ChatRow? {
        guard CanonicalUUID.matches(id),
            let row = try transaction.together([self.lockQuery(workspace, id)])[0].first
        else { return nil }
        return try ChatRow(row)
    }

    static func lockQuery(_ workspace: String, _ id: String) -> Query {
        // The clock is read outside the subselect: inside, it would be read before waiting for the lock.
        Query(
            """
            with c as (select * from chats where workspace_id = $1 and id = $2::uuid for no key update)
            select clock_timestamp(), c.* from c
            """,
            [.text(workspace), .text(id)])
    }

    /// Reads the chat without a lock: for answers, never for decisions.
    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> ChatRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            "select clock_timestamp(), c.* from chats c where c.workspace_id = $1 and c.id = $2::uuid",
            [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try ChatRow(row)
    }

    /// Locks the visitor's open chat, if there is one.
    package static func lockOpen(
        _ transaction: Transaction, _ workspace: String, visitor: String
    ) throws(StorageError) -> ChatRow? {
        let rows = try transaction.query(
            """
            with c as (
                select * from chats where workspace_id = $1 and visitor_id = $2 and status <> 'closed'
                for no key update)
            select clock_timestamp(), c.* from c
            """,
            [.text(workspace), .text(visitor)])
        guard let row = rows.first else { return nil }
        return try ChatRow(row)
    }

    /// Locks the visitor's chat that was closed last, if that was less than `milliseconds` ago.
    package static func lockLastClosed(
        _ transaction: Transaction, _ workspace: String, visitor: String, within milliseconds: Int64
    ) throws(StorageError) -> ChatRow? {
        let rows = try transaction.query(
            """
            with c as (
                select * from chats
                where workspace_id = $1 and visitor_id = $2 and status = 'closed'
                    and closed_at > clock_timestamp() - $3 * interval '1 millisecond'
                order by closed_at desc limit 1
                for no key update)
            select clock_timestamp(), c.* from c
            """,
            [.text(workspace), .text(visitor), .int(milliseconds)])
        guard let row = rows.first else { return nil }
        return try ChatRow(row)
    }

    /// The visitor's chat that was closed last, however long ago: `previousChatId` of a new one.
    package static func lastClosedID(
        _ transaction: Transaction, _ workspace: String, visitor: String
    ) throws(StorageError) -> String? {
        let rows = try transaction.query(
            """
            select id from chats where workspace_id = $1 and visitor_id = $2 and status = 'closed'
            order by closed_at desc limit 1
            """,
            [.text(workspace), .text(visitor)])
        return try rows.first?.text(0)
    }

    /// Begins a chat, or locks the one that the visitor has open: of any number at once, one begins it.
    ///
    /// The visitor and the queue have to exist. Beginning a chat writes its audit row, but no event.
    ///
    /// - Returns: The chat, locked, and whether it is new.
    package static func createOrLockOpen(
        _ transaction: Transaction, _ workspace: String, _ new: NewChat
    ) throws(StorageError) -> (chat: ChatRow, isNew: Bool) {
        // An open chat in the way may be closed before it is locked; then there is room for the new one.
        for _ in 0..<3 {
            if let chat = try self.create(transaction, workspace, new) { return (chat, true) }
            if let chat = try self.lockOpen(transaction, workspace, visitor: new.visitorID) { return (chat, false) }
        }
        throw StorageError(code: .contention, message: "the visitor's open chat keeps changing")
    }

    private static func create(
        _ transaction: Transaction, _ workspace: String, _ new: NewChat
    ) throws(StorageError) -> ChatRow? {
        var bot: Participant?
        var answerWithin: Int64?
        var slack: Int64?
        var opening: Timestamp?
        switch new.entry {
        case .bot(let participant, let milliseconds): (bot, answerWithin) = (participant, milliseconds)
        case .waiting(let milliseconds): slack = milliseconds
        case .offline(let nextOpenAt): opening = nextOpenAt
        }
        let rows = try transaction.query(
            """
            with clock as (select clock_timestamp() as now), made as (
                insert into chats (
                    workspace_id, visitor_id, status, priority, queue, department, source, language, assumed_language, metadata,
                    previous_chat_id, owner_role, owner_id, owner_name, tried_bots, bot_deadline,
                    first_queued_at, route_key, queued_at, next_open_at, created_at, updated_at,
                    sticky_commercial)
                select $1, $2, $3, $4, $5, $6, $7, $8::text, $8::text, $9::jsonb, $10::uuid,
                    case when $11::text is not null then 'ai' end, $11::text, $12::text,
                    array_remove(array[$11::text], null), now + $13::bigint * interval '1 millisecond',
                    -- Who writes out of hours has their place in the line from then on.
                    case when $3 <> 'bot' then now end, now + $14::bigint * interval '1 millisecond',
                    case when $14::bigint is not null then now end, $15::timestamptz, now, now,
                    case when $14::bigint is not null then last_commercial($1, $2) end
                from clock
                on conflict (workspace_id, visitor_id) where status <> 'closed' do nothing
                returning *
            ), audited as (
                insert into audit (workspace_id, actor_role, actor_id, action, chat_id, detail)
                select workspace_id, 'visitor', visitor_id, 'chat.created', id,
                    jsonb_build_object('status', status, 'ownerRole', owner_role, 'owner', owner_id, 'epoch', epoch)
                from made
            )
            select clock_timestamp(), made.* from made
            """,
            [
                .text(workspace), .text(new.visitorID), .text(new.entry.status.rawValue), .text(new.priority.rawValue),
                .text(new.queue), .text(new.department), .text(new.source), .text(new.language), .json(new.metadata),
                .text(new.previousChatID), .text(bot?.id), .text(bot?.name), .int(answerWithin), .int(slack),
                .timestamp(opening),
            ])
        guard let row = rows.first else { return nil }
        return try ChatRow(row)
    }
}
