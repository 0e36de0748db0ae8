package import Assignment

/// Public messages.
package enum Messages {
    /// What happens to the owning bot's deadline together with a message.
    package enum BotClock: Sendable, Hashable {
        case keep
        case clear
        case set(Timestamp)
    }

    /// Writes a message, its event and what they count in the chat, in one statement: `seq` and `eventNo` are taken
    /// under the row lock that this statement takes, or that the caller holds.
    ///
    /// - Parameters:
    ///   - mood: How the visitor feels after this word of theirs.
    ///   - language: In which the chat turns out to be held.
    ///   - beginsTurn: Whether the bot that has the chat is to answer it.
    /// - Returns: The event to hand to the relay (with the message in it), and the chat as it is now.
    /// - Throws: `.constraint` `messages_client_id` for a client id used before, `messages_one_answer` for a second
    ///   automated answer to one message, `messages_bot_owns` for a bot that does not have the chat.
    package static func append(
        _ transaction: Transaction, _ chat: ChatRow, _ message: NewMessage, botClock: BotClock = .keep,
        mood: Mood? = nil, language: SentimentLanguage? = nil, beginsTurn: Bool = true
    ) throws(StorageError) -> (event: DomainEvent, message: MessageRow, chat: ChatRow) {
        var botDeadline: Timestamp?
        if case .set(let deadline) = botClock { botDeadline = deadline }
        let rows = try transaction.query(
            """
            with c as (
                update chats set
                    seq = seq + 1,
                    event_no = event_no + 1,
                    last_visitor_seq = case when $3 = 'visitor' then seq + 1 else last_visitor_seq end,
                    last_visitor_at = case when $3 = 'visitor' then clock_timestamp() else last_visitor_at end,
                    bot_posts = case $3 when 'visitor' then 0 when 'ai' then bot_posts + 1 else bot_posts end,
                    first_response_at = case
                        when $3 in ('visitor', 'system') then first_response_at
                        else coalesce(first_response_at, clock_timestamp()) end,
                    first_human_at = case
                        when $3 in ('visitor', 'system', 'ai') then first_human_at
                        else coalesce(first_human_at, clock_timestamp()) end,
                    last_human_seq = case
                        when $3 in ('visitor', 'system', 'ai') then last_human_seq else seq + 1 end,
                    bot_deadline = case when $12 then bot_deadline else $13::timestamptz end,
                    bot_deadline_moved = $12 and bot_deadline_moved,
                    bot_handovers = case when $3 = 'visitor' then 0 else bot_handovers end,
                    bot_notes = case when $3 = 'ai' then bot_notes else 0 end,
                    mood = coalesce($16::double precision, mood),
                    told_mood = coalesce($17::double precision, told_mood),
                    told_mood_label = coalesce($18::text, told_mood_label),
                    language = coalesce($20::text, language),
                    assumed_language = case when $20::text is null then assumed_language end,
                    version = version + ($20::text is not null and $20::text is distinct from language)::integer
                where workspace_id = $1 and id = $2::uuid and epoch = $14
                returning *
            ), m as (
                insert into messages (
                    workspace_id, chat_id, seq, sender_role, sender_id, sender_name, type, content, client_msg_id,
                    reply_to, in_reply_to_seq, metadata, stream_id)
                select $1, c.id, c.seq, $3, $4, $5, $6, $7, $8, $9::uuid, $10::bigint, $11::jsonb, $15 from c
                returning id, seq, metadata, created_at
            ), o as (
                insert into outbox (workspace_id, chat_id, event_no, kind, message_id, created_at, data)
                select $1, c.id, c.event_no, 'messagePosted', m.id, m.created_at, jsonb_strip_nulls(jsonb_build_object(
                    'visitorID', c.visitor_id, 'status', c.status, 'epoch', c.epoch, 'priority', c.priority,
                    'queue', c.queue, 'assignedTo', case when c.owner_role <> 'ai' then c.owner_id end,
                    'bot', case when c.owner_role = 'ai' and $19 then c.owner_id end))
                from c, m
                returning id
            )
            select o.id, m.id, m.seq, m.metadata, m.created_at, clock_timestamp(), c.* from c, m, o
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .text(message.sender.role.rawValue), .text(message.sender.id),
                .text(message.sender.name), .text(message.type.rawValue), .text(message.content),
                .text(message.clientMessageID), .text(message.replyTo), .int(message.inReplyToSeq),
                .json(message.metadata), .bool(botClock == .keep), .timestamp(botDeadline), .int(chat.epoch),
                .text(message.streamID), .double(mood?.score), .double(mood?.told.score),
                .text(mood?.told.label.rawValue), .bool(beginsTurn), .text(language?.rawValue),
            ])
        let after = try Chats.changed(rows, at: 5)
        let row = rows[0]
        let stored = MessageRow(
            id: try row.text(1), workspaceID: chat.workspaceID, chatID: chat.id, seq: try row.int(2),
            sender: message.sender, type: message.type, content: message.content,
            clientMessageID: message.clientMessageID, replyTo: message.replyTo, inReplyToSeq: message.inReplyToSeq,
            metadata: try row.json(3), createdAt: try row.timestamp(4), streamID: message.streamID)
        var summary = ChatSummary(after)
        if !beginsTurn { summary.bot = nil }
        let event = DomainEvent(
            workspaceID: chat.workspaceID, outboxID: try row.int(0), chatID: chat.id, eventNo: after.eventNo,
            at: stored.createdAt, body: .messagePosted(MessagePosted(message: stored, chat: summary)))
        return (event, stored, after)
    }

    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> MessageRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            "select * from messages where workspace_id = $1 and id = $2::uuid", [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try MessageRow(row)
    }

    /// Whether a bot has answered the visitor's message `seq` of this chat.
    package static func isAnswered(
        _ transaction: Transaction, _ chat: ChatRow, bot: String, seq: Int64
    ) throws(StorageError) -> Bool {
        let rows = try transaction.query(
            """
            select 1 from messages
            where workspace_id = $1 and chat_id = $2::uuid and sender_role = 'ai' and sender_id = $3
                and in_reply_to_seq = $4
            """,
            [.text(chat.workspaceID), .text(chat.id), .text(bot), .int(seq)])
        return !rows.isEmpty
    }

    /// A page of a chat's messages, ascending.
    ///
    /// - Parameters:
    ///   - limit: At most so many, at least 1.
    ///   - budget: The page ends before the JSON of its messages exceeds about so many bytes, but holds at least one.
    /// - Returns: The messages, and whether there are more in the direction of the range.
    package static func page(
        _ transaction: Transaction, _ chat: ChatRow, _ range: PageRange, limit: Int, budget: Int = 262_144
    ) throws(StorageError) -> (messages: [MessageRow], hasMore: Bool) {
        var bound = Int64.max
        var isAscending = false
        switch range {
        case .newest: break
        case .before(let seq): bound = seq
        case .after(let seq): (bound, isAscending) = (seq, true)
        }
        #if DEBUG
            if Mutation.replayOffByOne.isActive, isAscending { bound += 1 }
        #endif
        let rows: [Row]
        let parameters: [SQLValue] = [
            .text(chat.workspaceID), .text(chat.id), .int(bound), .int(limit), .int(budget),
        ]
        // 512 bytes stand for ids, names, times and keys around the text.
        if isAscending {
            rows = try transaction.query(
                """
                select counted.total, counted.place, m.* from (
                    select id, count(*) over () as total, row_number() over (order by seq) as place,
                        sum(512 + octet_length(to_json(content)::text) + octet_length(metadata::text))
                            over (order by seq) as size
                    from (
                        select id, seq, content, metadata from messages
                        where workspace_id = $1 and chat_id = $2::uuid and seq > $3
                        order by seq limit $4 + 1) candidates) counted
                join messages m on m.workspace_id = $1 and m.id = counted.id
                where counted.place <= $4 and (counted.size <= $5 or counted.place = 1)
                order by counted.place
                """, parameters)
        } else {
            rows = try transaction.query(
                """
                select counted.total, counted.place, m.* from (
                    select id, count(*) over () as total, row_number() over (order by seq desc) as place,
                        sum(512 + octet_length(to_json(content)::text) + octet_length(metadata::text))
                            over (order by seq desc) as size
                    from (
                        select id, seq, content, metadata from messages
                        where workspace_id = $1 and chat_id = $2::uuid and seq < $3
                        order by seq desc limit $4 + 1) candidates) counted
                join messages m on m.workspace_id = $1 and m.id = counted.id
                where counted.place <= $4 and (counted.size <= $5 or counted.place = 1)
                order by counted.place desc
                """, parameters)
        }
        var messages: [MessageRow] = []
        messages.reserveCapacity(rows.count)
        for row in rows { messages.append(try MessageRow(row, at: 2)) }
        let total = try rows.first?.int(0) ?? 0
        return (messages, total > Int64(messages.count))
    }
}
