import Assignment
import Storage
import Testing

@testable import Gateway

/// Random lives of chats through the use cases, the dispatcher and the sweeper, judged after every step
/// (assignment.md 2.8). `StoreModelTests` does the same to the stores alone, for what the schema enforces.
@Suite struct RoutingModelTests {
    private static let people = [("ana", 2), ("beto", 1), ("carla", 3)]
    private static let visitors = (0..<8).map { "v\($0)" }

    private enum Step: CaseIterable, Hashable {
        case arrive, say, escalate, accept, reject, timeout, disconnect, vanish, reconnect, transfer, toQueue, force
        case close, cap, away, back
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func theInvariantsHoldAfterEveryStep(seed: UInt64) async throws {
        try await AssignmentFixture.alone(configure: { $0.routing.autoAccept = false }) { fixture in
            for (id, cap) in Self.people { try await fixture.connect(.commercial, id, cap: cap) }
            var random = SeededGenerator(seed: seed)
            var done: [Step: Int] = [:]
            let mixture = Step.allCases + [.arrive, .arrive, .arrive, .accept, .accept, .reconnect, .back, .escalate]
            for number in 0..<240 {
                let step = mixture.randomElement(using: &random) ?? .arrive
                if try await Self.take(step, random.next(), fixture) { done[step, default: 0] += 1 }
                var broken = try await Self.dispatch(fixture)
                broken += try await fixture.run { try Self.brokenInvariants($0.sql) }
                #expect(broken == [], "seed \(seed), step \(number): \(step)")
                if broken != [] { return }
            }
            // Ids are PostgreSQL's, and break ties: a seed does not settle which steps are legal.
            let missing = Set(Step.allCases).subtracting(done.keys)
            #expect(missing.count <= 2, "seed \(seed) never took \(missing)")
        }
    }

    /// The judge itself: what it says of a line that nobody dispatched, and of rows that somebody changed.
    @Test func theJudgeSeesDamage() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            let chat = try await fixture.chat("v0")
            try await fixture.say("hola", in: chat)
            let idle = try await fixture.run { try Self.brokenInvariants($0.sql) }
            #expect(idle == ["I10 who is free has a chat"])
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.run { try Self.brokenInvariants($0.sql) } == [])
            try await fixture.run { transaction in
                try transaction.sql.execute("update chats set epoch = epoch + 1")
                try transaction.sql.execute("delete from outbox where kind = 'messagePosted'")
            }
            let damaged = try await fixture.run { try Self.brokenInvariants($0.sql).map { $0.prefix(3) } }
            #expect(damaged == ["I5 ", "I12", "I14"])
        }
    }

    // MARK: Steps

    /// Takes a step where it is legal.
    ///
    /// - Returns: Whether it was.
    private static func take(_ step: Step, _ draw: UInt64, _ fixture: AssignmentFixture) async throws -> Bool {
        do {
            return try await self.tryToTake(step, draw, fixture)
        } catch {
            // A refusal is an answer; anything else is a fault.
            if EventError.isUnforeseen(error) { throw error }
            return false
        }
    }

    private static func tryToTake(_ step: Step, _ draw: UInt64, _ fixture: AssignmentFixture) async throws -> Bool {
        let visitor = Self.visitors[Int(draw % UInt64(Self.visitors.count))]
        let (person, cap) = Self.people[Int(draw / 11 % UInt64(Self.people.count))]
        switch step {
        case .arrive:
            let priority = Priority.allCases[Int(draw / 7 % UInt64(Priority.allCases.count))]
            _ = try await fixture.chat(visitor, bot: draw / 5 % 3 == 0 ? "bot" : nil, priority: priority)
        case .disconnect:
            await fixture.presence.closed("socket-commercial-\(person)")
            if draw / 31 % 2 == 0 { try await Self.endGraces(fixture) }
        case .vanish:
            try await fixture.lapseLeases(of: person)
            try await fixture.sweeper.sweep()
            try await Self.endGraces(fixture)
        case .reconnect:
            try await fixture.connect(.commercial, person)
        case .cap:
            try await fixture.run { _ = try Commercials.setCap($0.sql, fixture.workspace, person, Int(draw / 31 % 4)) }
        case .away, .back:
            try await fixture.run {
                _ = try Commercials.declare(
                    $0.sql, fixture.workspace, person, step == .away ? .away : .available)
                if step == .back { _ = try Commercials.setCap($0.sql, fixture.workspace, person, cap) }
            }
        case .timeout:
            let due = try await fixture.run { transaction in
                try transaction.sql.execute(
                    """
                    update assignments set deadline = clock_timestamp()
                    where id = (
                        select id from assignments where state = 'offered' and ended_at is null order by id limit 1)
                    """)
            }
            guard due > 0 else { return false }
            try await fixture.sweeper.sweep()
        case .say, .escalate, .accept, .reject, .transfer, .toQueue, .force, .close:
            let first = Int(draw % UInt64(Self.visitors.count))
            for candidate in Self.visitors[first...] + Self.visitors[..<first] {
                guard let chat = try await Self.open(candidate, fixture), Self.fits(step, chat) else { continue }
                return try await self.tryToTake(step, chat, person, fixture)
            }
            return false
        }
        return true
    }

    private static func tryToTake(
        _ step: Step, _ chat: ChatRow, _ person: String, _ fixture: AssignmentFixture
    ) async throws -> Bool {
        let visitor = fixture.principal(.visitor, chat.visitorID)
        let settings = fixture.configuration.routing
        switch step {
        case .say:
            try await fixture.say("¿sigue ahí?", in: chat.id)
        case .escalate:
            let use = EscalateChat(principal: visitor, chatID: chat.id, reason: nil, trigger: nil)
            _ = try await fixture.run { try use.run($0) }
        case .accept, .reject:
            let offered = try await fixture.run { try Assignments.live($0.sql, of: $0.lock(chat.id))?.commercialID }
            let use = AnswerOffer(
                principal: fixture.principal(.commercial, offered ?? person), assignmentID: nil, chatID: chat.id,
                answer: step == .accept ? .accept : .reject(reason: "lunch"))
            _ = try await fixture.run { try use.run($0) }
        case .transfer, .toQueue, .force:
            var use = AssignChat(
                principal: fixture.principal(.supervisor, "sofia"), chatID: chat.id,
                commercialID: step == .toQueue ? nil : person)
            use.force = step == .force
            let made = use
            _ = try await fixture.run { try made.run($0, settings) }
        case .close:
            try await fixture.run { transaction in
                let chat = try transaction.lock(chat.id)
                try transaction.release(chat, reason: "closed")
                _ = try Chats.close(transaction.sql, chat, reason: .resolved, by: .system)
            }
        default:
            return false
        }
        return true
    }

    /// Whether the step can be legal in the chat's status, so that seldom ones are taken often enough.
    private static func fits(_ step: Step, _ chat: ChatRow) -> Bool {
        switch step {
        case .escalate: chat.status == .bot
        case .accept, .reject: chat.status == .offered
        default: true
        }
    }

    private static func open(_ visitor: String, _ fixture: AssignmentFixture) async throws -> ChatRow? {
        try await fixture.run { try Chats.lockOpen($0.sql, fixture.workspace, visitor: visitor) }
    }

    private static func endGraces(_ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            try transaction.sql.execute(
                "update commercials set grace_until = clock_timestamp() where grace_until is not null")
        }
        try await fixture.sweeper.sweep()
    }

    // MARK: The judge

    /// Dispatches to the end, and judges what came of it.
    private static func dispatch(_ fixture: AssignmentFixture) async throws -> [String] {
        let before = try await Self.line(fixture)
        _ = try await fixture.dispatchAll()
        let after = try await Self.line(fixture)
        let given = try await fixture.run { transaction in
            try transaction.sql.query(
                """
                select a.chat_id, a.commercial_id, exists (
                    select from presence_leases l where l.workspace_id = a.workspace_id and l.role = 'commercial'
                        and l.subject = a.commercial_id and l.expires_at > a.created_at)
                from assignments a where a.ended_at is null and a.by_role = 'system'
                """
            ).map { (chat: try $0.text(0), commercial: try $0.text(1), isConnected: try $0.bool(2)) }
        }
        var broken: [String] = []
        let waiting = Set(after.map(\.id))
        for gift in given {
            guard let place = before.firstIndex(where: { $0.id == gift.chat }) else { continue }
            if !gift.isConnected { broken.append("I8 given to \(gift.commercial), who is not there") }
            let passedOver = before[..<place].filter {
                waiting.contains($0.id) && !$0.triedCommercials.contains(gift.commercial)
            }
            if !passedOver.isEmpty { broken.append("I9 \(passedOver.map(\.id)) were passed over for \(gift.chat)") }
        }
        return broken
    }

    private static func line(_ fixture: AssignmentFixture) async throws -> [ChatRow] {
        try await fixture.run {
            try Dispatch.heads($0.sql, fixture.workspace, queue: Workspaces.defaultQueue, limit: 1000)
        }
    }

    /// The names of the invariants of which the database holds a counterexample, after a dispatch.
    private static func brokenInvariants(_ sql: Transaction) throws -> [String] {
        try sql.query(
            """
            select 'I1 one live assignment' where exists (
                select from assignments where ended_at is null group by chat_id having count(*) > 1)
            union all select 'I2 load within cap and extra' where exists (
                select from commercials where load < 0 or load > cap + extra)
            union all select 'I3 load is the sum of live weights' where exists (
                select from commercials m where load <> (
                    select coalesce(sum(weight), 0) from assignments a
                    where a.commercial_id = m.id and a.ended_at is null))
            union all select 'I4 status agrees with the live assignment' where exists (
                select from chats c left join assignments a on a.chat_id = c.id and a.ended_at is null
                where (c.status in ('offered', 'active', 'paused', 'wrapup')) <> (a.id is not null)
                    or a.state <> c.status or (c.status = 'active' and a.commercial_id <> c.owner_id))
            union all select 'I5 numbers are dense' where exists (
                select from chats c where
                    (c.seq, c.seq) <> (select count(*), coalesce(max(seq), 0) from messages m where m.chat_id = c.id)
                    or (c.event_no, c.event_no) <> (
                        select count(*), coalesce(max(event_no), 0) from outbox o where o.chat_id = c.id))
            union all select 'I7 one answer a turn' where exists (
                select from messages where in_reply_to_seq is not null and sender_role = 'ai'
                group by chat_id, in_reply_to_seq having count(*) > 1)
            union all select 'I10 who is free has a chat' where exists (
                select from chats c join commercials m on m.workspace_id = c.workspace_id
                where c.status = 'waiting' and c.queue = any (m.queues) and m.role = 'commercial'
                    and m.declared = 'available' and m.load + c.weight <= m.cap
                    and not m.id = any (c.tried_commercials)
                    and exists (select from presence_leases l where l.workspace_id = m.workspace_id
                        and l.role = 'commercial' and l.subject = m.id and l.expires_at > clock_timestamp()))
            union all select 'I11 what waits is in line, and what is offered ends' where exists (
                select from chats where (status = 'waiting') <> (route_key is not null))
                or exists (select from assignments where state = 'offered' and deadline is null)
            union all select 'I12 every message is in its chat''s stream, in order' where exists (
                select from messages m where (
                        select count(*) from outbox o where o.chat_id = m.chat_id and o.message_id = m.id) <> 1)
                or exists (
                    select from outbox o join messages m on m.id = o.message_id
                        join outbox p on p.chat_id = o.chat_id join messages n on n.id = p.message_id
                    where m.seq < n.seq and o.event_no > p.event_no)
            union all select 'I14 owners change with the epoch, and audited' where exists (
                select from chats c where c.epoch <> (
                    select count(distinct (detail ->> 'epoch')::bigint) from audit a
                    where a.chat_id = c.id and a.detail ? 'epoch')
                or (coalesce(c.owner_role, ''), coalesce(c.owner_id, '')) <> (
                    select coalesce(a.detail ->> 'ownerRole', ''), coalesce(a.detail ->> 'owner', '') from audit a
                    where a.chat_id = c.id and a.action in ('chat.created', 'chat.moved') order by a.id desc limit 1))
            """
        ).map { try $0.text(0) }
    }
}
