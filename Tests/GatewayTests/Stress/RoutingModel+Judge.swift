import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// What has to hold after every step, whatever it was (docs/routing.md, "Nobody is forgotten").
extension RoutingModel {
    /// Dispatches to the end, and judges what came of it.
    ///
    /// - Parameter dispatch: How; another one only to try the judge.
    static func dispatch(
        _ fixture: AssignmentFixture,
        by dispatch: (AssignmentFixture) async throws -> Void = { _ = try await $0.dispatchAll() }
    ) async throws -> [String] {
        let before = try await Self.line(fixture)
        try await dispatch(fixture)
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

    static func line(_ fixture: AssignmentFixture) async throws -> [ChatRow] {
        try await fixture.run {
            try Dispatch.heads($0.sql, fixture.workspace, queue: Workspaces.defaultQueue, limit: 1000)
        }
    }

    /// The names of the invariants of which the database holds a counterexample, after a dispatch.
    static func brokenInvariants(_ sql: Transaction) throws -> [String] {
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
            union all select 'I6 a client''s id is one message' where exists (
                select from messages where client_msg_id is not null
                group by chat_id, sender_role, sender_id, client_msg_id having count(*) > 1)
            union all select 'I7 one answer a turn' where exists (
                select from messages where in_reply_to_seq is not null and sender_role = 'ai'
                group by chat_id, in_reply_to_seq having count(*) > 1)
            union all select 'I7 only the owner posts, in its epoch' where exists (
                select from messages m where m.sender_role = 'ai' and not exists (
                    select from outbox o where o.chat_id = m.chat_id and o.message_id = m.id
                        and o.data ->> 'status' = 'bot' and o.data ->> 'bot' = m.sender_id
                        and coalesce(m.metadata -> 'epoch' = o.data -> 'epoch', true)))
            union all select 'I7 only the owner posts, people too' where exists (
                select from messages m where m.sender_role = 'commercial' and not exists (
                    select from outbox o where o.chat_id = m.chat_id and o.message_id = m.id
                        and o.data ->> 'assignedTo' = m.sender_id))
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

    /// I13: what went to visitors since `count` events ago that is not theirs to see.
    static func leaks(_ fixture: AssignmentFixture, after count: Int) async throws -> [String] {
        let told = fixture.tolds.dropFirst(count)
        guard !told.isEmpty else { return [] }
        let owners = try await fixture.run { transaction in
            try transaction.sql.query("select id, visitor_id from chats").map { (try $0.text(0), try $0.text(1)) }
        }
        let visitorOf = Dictionary(owners) { first, _ in first }
        var leaks: [String] = []
        for event in told {
            for outgoing in Audience.outgoing(for: event) {
                for room in outgoing.rooms {
                    let parts = room.name.split(separator: ":").map(String.init)
                    let reader: String?
                    switch (parts.dropFirst(2).first, parts.last) {
                    case ("chat", "public"): reader = visitorOf[parts[3]]
                    case ("visitor", let id): reader = id
                    default: continue
                    }
                    let body = JSONValue.object(outgoing.body).description
                    let others = Self.visitors.filter { $0 != reader && body.contains("\"\($0)\"") }
                    if body.contains(Self.secret) || !others.isEmpty || body.contains("oteSeq") {
                        leaks.append("I13 \(outgoing.event) to \(reader ?? "nobody")")
                    }
                }
            }
        }
        return leaks
    }
}
