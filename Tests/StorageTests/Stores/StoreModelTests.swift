import Assignment
import Storage
import StorageTestSupport
import Testing

/// Random lives of chats over the stores, judged by SQL after every step: the schema alone keeps these promises.
@Suite struct StoreModelTests {
    private static let commercials = [("ana", 2), ("beto", 1), ("carla", 3)]
    private static let visitors = (0..<4).map { "v\($0)" }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func theInvariantsHoldAfterEveryStep(seed: UInt64) async throws {
        try await StoreStage.with { stage in
            for (id, cap) in Self.commercials {
                try await stage.connect(Participant(role: .commercial, id: id), cap: cap)
            }
            try await stage.run { tx in
                try SLAPolicies.set(
                    tx, "w",
                    [
                        SLAPolicy(
                            name: "p", firstResponseMilliseconds: 60_000, nextResponseMilliseconds: 60_000,
                            resolutionMilliseconds: 600_000)
                    ])
            }
            for id in Self.visitors {
                try await stage.run { try Visitors.upsert($0, "w", id, isVerified: false) }
            }
            var random = SplitMix64(seed: seed)
            var done: [Step: Int] = [:]
            for number in 0..<800 {
                let step = Self.mixture.randomElement(using: &random) ?? .write
                let draw = random.next()
                let hasHappened = try await stage.run { try Self.take(step, draw, $0) }
                if hasHappened { done[step, default: 0] += 1 }
                let broken = try await stage.run { try Self.brokenInvariants($0) }
                #expect(broken == [], "seed \(seed), step \(number): \(step)")
                if broken != [] { return }
            }
            #expect(Set(Step.allCases).subtracting(done.keys) == [], "seed \(seed) never took some steps")
        }
    }

    /// The judge itself, on a database whose fences are down: every damage is seen.
    @Test func theJudgeSeesEveryDamage() async throws {
        let damages: [(invariant: String, sql: StaticString)] = [
            (
                "I1",
                """
                insert into assignments (workspace_id, chat_id, commercial_id, state, weight, epoch, by_role, by_id)
                select workspace_id, chat_id, commercial_id, state, weight, epoch, by_role, by_id from assignments
                """
            ),
            ("I2", "update commercials set cap = 0, load = 1"),
            ("I3", "update commercials set load = 0"),
            ("I4", "update chats set status = 'wrapup'"),
            ("I5", "update chats set seq = 3"),
            ("I5", "delete from notes"),
            ("I5", "update outbox set event_no = event_no + 10"),
            (
                "I6",
                """
                insert into messages (workspace_id, chat_id, seq, sender_role, sender_id, type, content, client_msg_id)
                select workspace_id, chat_id, seq + g, sender_role, sender_id, type, content, 'twice'
                from messages, generate_series(10, 11) g
                """
            ),
            (
                "I7 one answer",
                """
                insert into messages (workspace_id, chat_id, seq, sender_role, sender_id, type, content, in_reply_to_seq)
                select workspace_id, chat_id, seq + g, 'ai', 'bot', 'ai-response', content, seq
                from messages, generate_series(10, 11) g
                """
            ),
            ("I7 only", "update messages set sender_role = 'ai', sender_id = 'bot'"),
            ("I11", "update chats set route_key = now()"),
            ("I11", "update chats set look_at = null, status = 'paused'"),
            ("Log", "delete from chat_intervals"),
            ("Log", "update chat_intervals set kind = 'bot' where ended_at is null"),
            ("Log", "update chat_intervals set started_at = started_at - interval '1 hour' where ended_at is null"),
            ("Sleep", "update assignments set state = 'paused'"),
            ("I14", "update chats set epoch = epoch + 1"),
            ("I14", "update chats set owner_role = 'supervisor'"),
        ]
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let chat = try await stage.chat(of: "v")
            try await stage.run { tx in
                let written = try Messages.append(tx, chat, .from("v", "hola")).chat
                let noted = try Notes.append(
                    tx, written, NewMessage(sender: StoreStage.bot, type: .note, content: "n")
                ).chat
                _ = try #require(try StoreStage.assign(tx, noted, to: StoreStage.ana))
            }
            let owner = try await stage.test.ownerDatabase()
            for damage in damages {
                let seen = try await owner.transaction(.none) { tx in
                    try tx.execute("savepoint before_the_damage")
                    try tx.execute("set local session_replication_role = replica")
                    try tx.execute("alter table commercials drop constraint commercials_load")
                    try tx.execute("drop index assignments_one_live, messages_client_id, messages_one_answer")
                    try tx.execute(damage.sql)
                    let seen = try Self.brokenInvariants(tx)
                    try tx.execute("rollback to savepoint before_the_damage")
                    return seen
                }
                #expect(seen.contains { $0.hasPrefix("\(damage.invariant) ") }, "\(damage) gave \(seen)")
            }
            let afterwards = try await owner.transaction(.none) { try Self.brokenInvariants($0) }
            await owner.shutDown()
            #expect(afterwards == [])
        }
    }

    private enum Step: CaseIterable, Hashable {
        case begin, write, answer, note, escalate, assign, offer, accept, decline, release, close, reopen, cap, pause,
            wake,
            wrapUp, shut, open
    }

    /// Steps that are seldom legal, or that keep a chat alive, are tried more often.
    private static let mixture: [Step] =
        Step.allCases.filter { $0 != .close } + Step.allCases
        + [
            .begin, .write, .answer, .answer, .answer, .offer, .offer, .offer, .accept, .accept, .accept, .decline,
            .decline,
            .release, .reopen, .reopen, .pause, .wake, .wake,
        ]

    /// Takes a step where it is legal.
    ///
    /// - Returns: Whether it was.
    private static func take(_ step: Step, _ draw: UInt64, _ tx: Transaction) throws -> Bool {
        let visitor = Self.visitors[Int(draw % UInt64(Self.visitors.count))]
        let (person, _) = Self.commercials[Int(draw / 7 % UInt64(Self.commercials.count))]
        let commercial = Participant(role: .commercial, id: person)
        if step == .cap { return try Commercials.setCap(tx, "w", person, Int(1 + draw / 31 % 4)) != nil }
        guard let chat = try Chats.lockOpen(tx, "w", visitor: visitor) else {
            switch step {
            case .begin:
                let entry: NewChat.Entry =
                    draw % 2 == 0
                    ? .waiting(slackMilliseconds: 0) : .bot(StoreStage.bot, answerWithinMilliseconds: 20_000)
                return try Chats.createOrLockOpen(tx, "w", NewChat(visitorID: visitor, entry: entry)).isNew
            case .reopen:
                let closed = try Chats.lockLastClosed(tx, "w", visitor: visitor, within: 3_600_000)
                guard let closed else { return false }
                if draw % 3 == 0 {
                    _ = try Chats.giveToBot(
                        tx, closed, StoreStage.bot, answerWithin: 1, by: .system, reason: "reopened")
                } else {
                    _ = try Self.enqueue(tx, closed)
                }
                return true
            default: return false
            }
        }
        return try Self.take(step, draw, tx, chat, commercial)
    }

    private static func take(
        _ step: Step, _ draw: UInt64, _ tx: Transaction, _ chat: ChatRow, _ commercial: Participant
    ) throws -> Bool {
        let id = "m\(draw / 3 % 40)"
        switch (step, chat.status) {
        case (.write, _):
            let message = NewMessage.from(chat.visitorID, "texto \(id)", id: id)
            guard try Messages.duplicate(tx, "w", message, chatID: chat.id) == nil else { return false }
            _ = try Messages.append(tx, chat, message)
        case (.answer, .bot):
            guard chat.lastVisitorSeq > 0,
                try !Messages.isAnswered(tx, chat, bot: StoreStage.bot.id, seq: chat.lastVisitorSeq)
            else { return false }
            _ = try Messages.append(
                tx, chat, .from(StoreStage.bot, "respuesta", answering: chat.lastVisitorSeq), botClock: .clear)
        case (.answer, .active):
            guard let owner = chat.owner else { return false }
            _ = try Messages.append(tx, chat, NewMessage(sender: owner, type: .agent, content: "voy"))
        case (.pause, .active), (.wake, .paused), (.wrapUp, .active):
            try Self.lead(step, tx, chat)
        case (.shut, .waiting):
            _ = try Chats.setOffline(
                tx, chat, nextOpenAt: chat.readAt.advanced(byMilliseconds: 60_000), by: .system, reason: "closed")
        case (.open, .offline):
            _ = try Self.enqueue(tx, chat)
        case (.note, _):
            _ = try Notes.append(tx, chat, NewMessage(sender: commercial, type: .note, content: "nota"))
        case (.escalate, .bot):
            _ = try Self.enqueue(tx, chat)
        case (.assign, .waiting), (.assign, .bot):
            let reservation: Commercials.Reservation = draw % 5 == 0 ? .forced : .routed
            return try StoreStage.assign(tx, chat, to: commercial, reservation) != nil
        case (.offer, .waiting):
            guard try Commercials.reserve(tx, "w", commercial.id, weight: chat.weight, .routed) != nil else {
                return false
            }
            let offered = try Chats.offer(tx, chat, by: .system, reason: "routed")
            _ = try Assignments.create(
                tx, offered, commercial: commercial.id, state: .offered, offerFor: 60_000, by: .system)
        case (.accept, .offered):
            let offer = try #require(try Assignments.live(tx, of: chat))
            let owner = Participant(role: .commercial, id: offer.commercialID)
            let active = try Chats.activate(tx, chat, owner: owner, by: owner, reason: "accepted")
            _ = try #require(
                try Assignments.accept(tx, "w", offer.id, commercial: owner.id, epoch: active.epoch))
        case (.decline, .offered), (.release, .active), (.release, .paused):
            try Self.endLive(tx, chat)
            _ = try Self.enqueue(tx, step == .decline ? Chats.addTried(tx, chat, commercial: commercial.id) : chat)
        case (.close, _):
            try Self.endLive(tx, chat)
            _ = try Chats.close(tx, chat, reason: .resolved, by: .system)
        default:
            return false
        }
        return true
    }

    /// A person's chat falls asleep, wakes with them where they have room, or is wrapped up.
    private static func lead(_ step: Step, _ tx: Transaction, _ chat: ChatRow) throws {
        let live = try #require(try Assignments.live(tx, of: chat))
        let owner = try #require(chat.owner)
        switch step {
        case .pause:
            _ = try Chats.pause(
                tx, chat, until: chat.readAt.advanced(byMilliseconds: 60_000), by: owner, reason: "later")
            let asleep = try Assignments.reweigh(
                tx, live, .paused, weight: ChatWeight.effective(chat.weight, in: .paused))
            _ = try Commercials.release(tx, "w", live.commercialID, weight: live.weight - asleep.weight)
        case .wrapUp:
            _ = try Chats.wrapUp(tx, chat, reason: .resolved, by: owner)
            _ = try Assignments.wrapUp(tx, live, milliseconds: 30_000)
        default:
            let rest = chat.weight - live.weight
            guard try Commercials.carry(tx, "w", live.commercialID, weight: rest, aboveCap: false) != nil else {
                try Self.endLive(tx, chat)
                _ = try Self.enqueue(tx, chat)
                return
            }
            _ = try Assignments.reweigh(tx, live, .active, weight: chat.weight)
            _ = try Chats.activate(tx, chat, owner: owner, by: .system, reason: "over")
        }
    }

    private static func enqueue(_ tx: Transaction, _ chat: ChatRow) throws -> ChatRow {
        let first = chat.firstQueuedAt ?? chat.readAt
        return try Chats.enqueue(tx, chat, firstQueuedAt: first, routeKey: first, by: .system, reason: "test")
    }

    private static func endLive(_ tx: Transaction, _ chat: ChatRow) throws {
        guard let live = try Assignments.live(tx, of: chat) else { return }
        _ = try Assignments.end(tx, live, reason: "test")
        _ = try Commercials.release(tx, "w", live.commercialID, weight: live.weight)
    }

    /// The names of the invariants of which the database holds a counterexample.
    private static func brokenInvariants(_ tx: Transaction) throws -> [String] {
        try tx.query(
            """
            select 'I1 one live assignment' where exists (
                select from assignments where ended_at is null group by workspace_id, chat_id having count(*) > 1)
            union all select 'I2 load within cap and extra' where exists (
                select from commercials where load < 0 or load > cap + extra)
            union all select 'I3 load is the sum of live weights' where exists (
                select from commercials m where load <> (
                    select coalesce(sum(weight), 0) from assignments a
                    where a.workspace_id = m.workspace_id and a.commercial_id = m.id and a.ended_at is null))
            union all select 'I4 status agrees with the live assignment' where exists (
                select from chats c left join assignments a
                    on a.workspace_id = c.workspace_id and a.chat_id = c.id and a.ended_at is null
                where (c.status in ('offered', 'active', 'paused', 'wrapup')) <> (a.id is not null)
                    or a.state <> c.status or (c.status = 'active' and a.commercial_id <> c.owner_id))
            union all select 'I5 numbers are dense' where exists (
                select from chats c where
                    (c.seq, c.seq) <> (select count(*), coalesce(max(seq), 0) from messages m
                        where m.workspace_id = c.workspace_id and m.chat_id = c.id)
                    or (c.note_seq, c.note_seq) <> (select count(*), coalesce(max(note_seq), 0)
                        from notes n where n.workspace_id = c.workspace_id and n.chat_id = c.id)
                    or (c.event_no, c.event_no) <> (select count(*), coalesce(max(event_no), 0)
                        from outbox o where o.workspace_id = c.workspace_id and o.chat_id = c.id))
            union all select 'I6 a client id yields one message' where exists (
                select from messages where client_msg_id is not null
                group by workspace_id, chat_id, sender_role, sender_id, client_msg_id having count(*) > 1)
            union all select 'I7 one answer a turn' where exists (
                select from messages where in_reply_to_seq is not null and sender_role = 'ai'
                group by workspace_id, chat_id, in_reply_to_seq having count(*) > 1)
            union all select 'I7 only the bot that has the chat posts' where exists (
                select from messages m where m.sender_role = 'ai' and not exists (
                    select from outbox o where o.workspace_id = m.workspace_id and o.chat_id = m.chat_id
                        and o.message_id = m.id and o.data ->> 'status' = 'bot' and o.data ->> 'bot' = m.sender_id))
            union all select 'one open chat per visitor' where exists (
                select from chats where status <> 'closed' group by workspace_id, visitor_id having count(*) > 1)
            union all select 'I11 what waits is in line' where exists (
                select from chats where (status = 'waiting') <> (route_key is not null))
            union all select 'I11 what time moves has a time' where exists (
                select from chats where status in ('paused', 'offline') and look_at is null)
            union all select 'Log has one open interval, of how the chat stands' where exists (
                select from chats c where (
                    select count(*) from chat_intervals i
                    where i.workspace_id = c.workspace_id and i.chat_id = c.id and i.ended_at is null
                        and i.kind = chat_interval_kind(c.status) and i.owner_id is not distinct from c.owner_id
                ) <> (c.status <> 'closed')::int)
            union all select 'Log does not overlap' where exists (
                select from (
                    select started_at, lag(ended_at) over w as before, row_number() over w as number
                    from chat_intervals window w as (partition by workspace_id, chat_id order by id)) i
                where number > 1 and (before is null or started_at < before))
            union all select 'Sleep counts a quarter' where exists (
                select from assignments where ended_at is null and weight <> case state when 'paused' then 0.25 else 1 end)
            union all select 'Promises run as the chat stands' where exists (
                select from chats c where c.sla_policy is distinct from case
                    when c.status in ('waiting', 'offered', 'active', 'paused', 'offline') then (
                        select max(name) from sla_policies) end
                or exists (
                    select from sla_clocks s
                    where s.workspace_id = c.workspace_id and s.chat_id = c.id and s.ended_at is null
                        and s.policy is distinct from c.sla_policy)
                or c.sla_policy is not null and (
                    select count(*) from sla_clocks s
                    where s.workspace_id = c.workspace_id and s.chat_id = c.id and s.ended_at is null
                ) <> 1 + (c.first_human_at is null or c.last_visitor_seq > c.last_human_seq)::int)
            union all select 'I14 owners change with the epoch, and audited' where exists (
                select from chats c where c.epoch <> (
                    select count(distinct (detail ->> 'epoch')::bigint) from audit a
                    where a.workspace_id = c.workspace_id and a.chat_id = c.id)
                or (coalesce(c.owner_role, ''), coalesce(c.owner_id, '')) <> (
                    select coalesce(a.detail ->> 'ownerRole', ''), coalesce(a.detail ->> 'owner', '') from audit a
                    where a.workspace_id = c.workspace_id and a.chat_id = c.id order by a.id desc limit 1))
            """
        ).map { try $0.text(0) }
    }
}
