internal import Assignment

extension Messages {
    /// Stores a batch of plain messages in one statement and one commit, in one round trip.
    ///
    /// The rows of their chats are locked in the order of their ids, but for those that somebody else holds: the
    /// statement waits for nobody, so that one chat's trouble is not its neighbours'. Under the locks it checks again
    /// whatever makes a message plain; what is not has outcome `notPlain` and left no trace.
    ///
    /// - Parameter batch: At most one message per client id; a bot's message is its chat's only one (``WriterQueue``).
    /// - Returns: One outcome per message, in their order.
    /// - Throws: for all of them together; nothing was stored, unless the error is `unavailable` without an SQLSTATE:
    ///   then nobody knows.
    static func append(
        _ batch: [PlainMessage], on connection: PostgresConnection
    ) throws(StorageError) -> [PlainOutcome] {
        let rows = try connection.commit(
            Statement(sql: Self.statement, parameters: self.columns(batch)),
            scope: .workspaces(Array(Set(batch.map(\.workspaceID)))))
        var outcomes = [PlainOutcome](repeating: .notPlain, count: batch.count)
        // First the rows of messages, then those of events, which name their messages.
        var stored: [String: (place: Int, row: Row)] = [:]
        for row in rows {
            guard let place = try row.optionalInt(0).map({ Int($0) - 1 }) else {
                guard let (place, message) = stored[try row.text(2)] else { continue }
                outcomes[place] = .stored(try self.event(batch[place], message, outboxID: try row.int(1)))
                continue
            }
            guard outcomes.indices.contains(place) else { continue }
            switch try row.optionalBool(4) {
            case nil: stored[try row.text(2)] = (place, row)
            case true?:
                outcomes[place] = .duplicate(
                    messageID: try row.text(2), seq: try row.int(3), at: try row.timestamp(6),
                    chatEventNo: try row.int(5))
            case false?: outcomes[place] = .conflict
            }
        }
        return outcomes
    }

    private static func event(
        _ plain: PlainMessage, _ row: Row, outboxID: Int64
    ) throws(StorageError) -> DomainEvent {
        let message = plain.message
        let stored = MessageRow(
            id: try row.text(2), workspaceID: plain.workspaceID, chatID: plain.chatID, seq: try row.int(3),
            sender: message.sender, type: message.type, content: message.content,
            clientMessageID: message.clientMessageID, replyTo: nil, inReplyToSeq: message.inReplyToSeq,
            metadata: try row.optionalText(7).map { JSONText($0) } ?? message.metadata, createdAt: try row.timestamp(6))
        let chat = ChatSummary(
            visitorID: try row.text(8), assignedTo: try row.optionalText(9), status: try row.word(10),
            epoch: try row.int(11), priority: try row.word(12), queue: try row.text(13), bot: try row.optionalText(14))
        return DomainEvent(
            workspaceID: plain.workspaceID, outboxID: outboxID, chatID: plain.chatID, eventNo: try row.int(5),
            at: stored.createdAt, body: .messagePosted(MessagePosted(message: stored, chat: chat)))
    }

    private static func columns(_ batch: [PlainMessage]) -> [SQLValue] {
        [
            .texts(batch.map(\.workspaceID)), .texts(batch.map(\.chatID)),
            .texts(batch.map(\.message.sender.role.rawValue)), .texts(batch.map(\.message.sender.id)),
            .optionalTexts(batch.map(\.message.sender.name)), .texts(batch.map(\.message.type.rawValue)),
            .texts(batch.map(\.message.content)), .optionalTexts(batch.map(\.message.clientMessageID)),
            // Both are 1 at least.
            .ints(batch.map { $0.message.inReplyToSeq ?? 0 }), .ints(batch.map { $0.epoch ?? 0 }),
            .texts(batch.map(\.message.metadata.text)), .ints(batch.map { $0.needsHistory ? 1 : 0 }),
            .ints(batch.map { $0.namesChat ? 1 : 0 }), .ints(batch.map(\.answerTimeoutMilliseconds)),
            .int(BotTurn.maximumPosts), .texts(batch.map { "\($0.polarity)" }), .double(Mood.weight),
            .double(Mood.enters), .double(Mood.leaves), .double(Mood.move),
            .texts(batch.map { $0.language?.rawValue ?? "" }), .texts(SentimentLanguage.allCases.map(\.rawValue)),
        ]
    }

    /// Whether the conditions hold is decided in `Assignment`, for every way that a message can take; here stand those
    /// under which it says "plain". A test puts both ways side by side.
    private static let statement: StaticString = """
        with locked as materialized (
            select i.*, c.visitor_id, c.status, c.priority, c.queue, c.owner_role, c.owner_id, c.epoch as chat_epoch,
                c.seq as chat_seq, c.event_no as chat_event_no, c.bot_posts, c.mood, c.told_mood,
                c.told_mood_label, c.language, c.assumed_language
            from unnest(
                $1::text[], $2::text[]::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::bigint[], $10::bigint[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[],
                $16::text[]::double precision[], $21::text[]
            ) with ordinality as i(
                workspace_id, chat_id, sender_role, sender_id, sender_name, type, content, client_msg_id,
                in_reply_to_seq, epoch, metadata, needs_history, names_chat, answer_timeout, polarity, told_language, place)
            join chats c on c.workspace_id = i.workspace_id and c.id = i.chat_id
            order by i.workspace_id, i.chat_id, i.place
            for no key update of c skip locked
        ), clock as materialized (
            select clock_timestamp() as now, count(*) from locked
        ), plain as materialized (
            select l.*, gen_random_uuid() as id, known.id as known_id, known.seq as known_seq,
                known.created_at as known_at, known.is_same
            from locked l
            left join lateral (
                select m.id, m.seq, m.created_at,
                    m.type = l.type and m.content = l.content and m.reply_to is null
                        and m.metadata = l.metadata::jsonb
                        and m.in_reply_to_seq is not distinct from nullif(l.in_reply_to_seq, 0) as is_same
                from messages m
                where m.workspace_id = l.workspace_id and m.chat_id = l.chat_id and m.sender_role = l.sender_role
                    and m.sender_id = l.sender_id and m.client_msg_id = l.client_msg_id
                limit 1
            ) known on l.client_msg_id is not null
            where l.status not in ('closed', 'wrapup') and case when l.sender_role = 'visitor' then
                l.visitor_id = l.sender_id and l.status <> 'paused' and l.mood is not null and (l.status <> 'bot' or l.needs_history = 0)
                -- Words that settle in which language the chat is held are news of it (ChatRow.learns).
                and (l.told_language = '' or l.language is distinct from l.assumed_language
                    or coalesce(l.language <> all ($22::text[]), false))
                and (l.names_chat = 1 or l.client_msg_id is null or not exists (
                    select from messages m
                    where m.workspace_id = l.workspace_id and m.sender_role = l.sender_role
                        and m.sender_id = l.sender_id and m.client_msg_id = l.client_msg_id and m.chat_id <> l.chat_id))
            else
                l.owner_role = l.sender_role and l.owner_id = l.sender_id
                and (l.epoch = 0 or l.epoch = l.chat_epoch)
                and (l.sender_role <> 'ai' or case when l.in_reply_to_seq = 0 then l.bot_posts < $15 else
                    l.in_reply_to_seq <= l.chat_seq and not exists (
                        select from messages m
                        where m.workspace_id = l.workspace_id and m.chat_id = l.chat_id and m.sender_role = 'ai'
                            and m.sender_id = l.sender_id and m.in_reply_to_seq = l.in_reply_to_seq) end)
                and (l.client_msg_id is null or not exists (
                    select from notes n
                    where n.workspace_id = l.workspace_id and n.chat_id = l.chat_id and n.sender_role = l.sender_role
                        and n.sender_id = l.sender_id and n.client_msg_id = l.client_msg_id))
            end
        ), counted as materialized (
            select p.*, count(*) filter (where p.known_id is null) over chat as n,
                count(*) filter (where p.known_id is null and p.sender_role = 'visitor') over chat as v
            from plain p
            window chat as (partition by p.workspace_id, p.chat_id order by p.place)
        ), felt as materialized (
            -- The mood after v words, each of which moved it a part of the way; written as a sum.
            select c.*, case c.v when 0 then c.mood when 1 then $17 * sum(
                case when c.known_id is null and c.sender_role = 'visitor' then c.polarity else 0 end
                ) over chat + (1 - $17) * c.mood else power(1 - $17, c.v) * (c.mood + $17 * sum(
                case when c.known_id is null and c.sender_role = 'visitor'
                    then c.polarity / power(1 - $17, c.v) else 0 end) over chat) end as mood_after
            from counted c
            window chat as (partition by c.workspace_id, c.chat_id order by c.place)
        ), numbered as materialized (
            -- What makes news of a mood is not plain, nor is what comes after it.
            select * from (
                select f.*, bool_or(f.v > 0 and (
                        abs(f.mood_after - coalesce(f.told_mood, 0)) >= $20
                        or case
                            when f.mood_after <= -case when f.told_mood_label = 'negative' then $19 else $18 end
                                then 'negative'
                            when f.mood_after >= case when f.told_mood_label = 'positive' then $19 else $18 end
                                then 'positive'
                            else 'neutral' end <> coalesce(f.told_mood_label, 'neutral')))
                    over (partition by f.workspace_id, f.chat_id order by f.place) as is_news
                from felt f) f
            where not coalesce(is_news, false)
        ), changed as (
            update chats c set
                seq = c.seq + t.added,
                event_no = c.event_no + t.added,
                last_visitor_seq = coalesce(c.seq + t.last_visitor, c.last_visitor_seq),
                last_visitor_at = case when t.last_visitor is null then c.last_visitor_at else t.now end,
                bot_posts = case when t.last_visitor is not null then 0 when t.by_bot then c.bot_posts + 1
                    else c.bot_posts end,
                first_response_at = case when t.by_bot or t.by_person then coalesce(c.first_response_at, t.now)
                    else c.first_response_at end,
                first_human_at = case when t.by_person then coalesce(c.first_human_at, t.now)
                    else c.first_human_at end,
                last_human_seq = coalesce(c.seq + t.last_person, c.last_human_seq),
                bot_handovers = case when t.last_visitor is null then c.bot_handovers else 0 end,
                bot_notes = case when t.by_bot then c.bot_notes else 0 end,
                mood = coalesce(t.mood_after, c.mood),
                told_mood = case when t.last_visitor is null then c.told_mood else coalesce(c.told_mood, 0) end,
                told_mood_label = case when t.last_visitor is null then c.told_mood_label
                    else coalesce(c.told_mood_label, 'neutral') end,
                bot_deadline = case when t.by_bot then null
                    when t.last_visitor is not null and c.status = 'bot' then coalesce(
                        c.bot_deadline, t.now + t.answer_timeout * interval '1 millisecond')
                    else c.bot_deadline end,
                bot_deadline_moved = not t.by_bot and c.bot_deadline_moved
                    and not (t.last_visitor is not null and c.status = 'bot' and c.bot_deadline is null)
            from (
                select workspace_id, chat_id, count(*) as added,
                    max(n) filter (where sender_role = 'visitor') as last_visitor,
                    max(n) filter (where sender_role not in ('visitor', 'ai')) as last_person,
                    (array_agg(mood_after order by place desc))[1] as mood_after,
                    bool_or(sender_role = 'ai') as by_bot,
                    bool_or(sender_role not in ('visitor', 'ai')) as by_person,
                    max(answer_timeout) as answer_timeout, (select now from clock) as now
                from numbered where known_id is null
                group by workspace_id, chat_id
            ) t
            where c.workspace_id = t.workspace_id and c.id = t.chat_id
        ), stored as (
            insert into messages (
                workspace_id, id, chat_id, seq, sender_role, sender_id, sender_name, type, content, client_msg_id,
                in_reply_to_seq, metadata, created_at)
            select workspace_id, id, chat_id, chat_seq + n, sender_role, sender_id, sender_name, type, content,
                client_msg_id, nullif(in_reply_to_seq, 0), metadata::jsonb, (select now from clock)
            from numbered where known_id is null
        ), told as (
            insert into outbox (workspace_id, chat_id, event_no, kind, message_id, created_at, data)
            select workspace_id, chat_id, chat_event_no + n, 'messagePosted', id, (select now from clock),
                jsonb_strip_nulls(jsonb_build_object(
                    'visitorID', visitor_id, 'status', status, 'epoch', chat_epoch, 'priority', priority,
                    'queue', queue, 'assignedTo', case when owner_role <> 'ai' then owner_id end,
                    'bot', case when owner_role = 'ai' then owner_id end))
            from numbered where known_id is null
            order by place
            returning id, message_id
        )
        select place, null::bigint, coalesce(known_id, id), coalesce(known_seq, chat_seq + n), is_same,
            chat_event_no + n, coalesce(known_at, (select now from clock)),
            case when metadata <> '{}' then metadata::jsonb::text end,
            visitor_id, case when owner_role <> 'ai' then owner_id end, status, chat_epoch, priority, queue,
            case when owner_role = 'ai' then owner_id end
        from numbered
        union all
        select null, id, message_id, null, null, null, null, null, null, null, null, null, null, null, null from told
        """
}

extension PostgresConnection {
    /// Runs one statement in a transaction of its own, in one round trip.
    ///
    /// - Throws: also where the outcome of COMMIT is unknown: `unavailable` without an SQLSTATE.
    fileprivate func commit(_ statement: Statement, scope: WorkspaceScope) throws(StorageError) -> [Row] {
        var statements: [Statement] = [.begin]
        if let setting = scope.setting {
            statements.append(
                Statement(sql: "select set_config('app.workspaces', $1::text[]::text, true)", parameters: [setting]))
        }
        #if DEBUG
            if Mutation.numberLost.strikes(every: 10) {
                _ = try? self.run(statements + [Statement(sql: "update chats set seq = seq + 1"), .commit])
            }
            if Mutation.ackBeforeCommit.isActive { return try self.run(statements + [statement]).last?.rows ?? [] }
        #endif
        statements += [statement, .commit]
        do throws(StorageError) {
            let results = try self.run(statements)
            guard results.count == statements.count, results.last?.commandTag == "COMMIT" else {
                throw .unexpected("COMMIT was answered by \(results.last?.commandTag ?? "nothing")")
            }
            return results[results.count - 2].rows
        } catch {
            if self.isUsable, !self.isIdle { _ = try? self.run([.rollback]) }
            throw error
        }
    }
}
