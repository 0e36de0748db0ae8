import Assignment
import Storage
import StorageTestSupport
import Testing

/// The structural fences, each attacked with raw SQL as a bug in a use case would.
@Suite struct FenceTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        var fence: String
        var sql: StaticString
        var testDescription: String { "\(self.fence): \(self.sql)" }
    }

    /// On the stage: chat of `v1` with ana (active, seq 1), chat of `v2` waiting, chat of `v3` with the bot.
    static let attacks: [Attack] = [
        Attack(
            fence: "chats_one_open",
            sql: """
                insert into chats (workspace_id, visitor_id, status, first_queued_at, route_key)
                values ('w', 'v1', 'waiting', now(), now())
                """),
        Attack(
            fence: "assignments_one_live",
            sql: """
                insert into assignments (workspace_id, chat_id, commercial_id, state, weight, epoch, by_role, by_id)
                select workspace_id, id, 'beto', 'active', 1, 9, 'system', 'x' from chats where visitor_id = 'v1'
                """),
        Attack(
            fence: "messages_seq",
            sql: """
                insert into messages (workspace_id, chat_id, seq, sender_role, sender_id, type, content)
                select workspace_id, id, 1, 'visitor', 'v1', 'user', 'again' from chats where visitor_id = 'v1'
                """),
        Attack(
            fence: "messages_client_id",
            sql: """
                insert into messages (workspace_id, chat_id, seq, sender_role, sender_id, type, content, client_msg_id)
                select workspace_id, id, 2, 'visitor', 'v1', 'user', 'again', 'm1' from chats where visitor_id = 'v1'
                """),
        Attack(
            fence: "notes_seq",
            sql: """
                insert into notes (workspace_id, chat_id, note_seq, after_seq, sender_role, sender_id, type, content)
                select workspace_id, id, 1, 1, 'ai', 'bot-1', 'note', 'again' from chats where visitor_id = 'v1'
                """),
        Attack(
            fence: "outbox_event_no",
            sql: """
                insert into outbox (workspace_id, chat_id, event_no, kind)
                select workspace_id, id, 1, 'x' from chats where visitor_id = 'v1'
                """),
        Attack(fence: "outbox_numbered", sql: "insert into outbox (workspace_id, event_no, kind) values ('w', 1, 'x')"),
        Attack(fence: "commercials_load", sql: "update commercials set load = 4 where id = 'ana'"),
        Attack(fence: "commercials_load", sql: "update commercials set load = -1 where id = 'ana'"),
        Attack(fence: "commercials_load", sql: "update commercials set cap = 0 where id = 'ana'"),
        Attack(fence: "commercials_load_agrees", sql: "update commercials set load = load + 1 where id = 'ana'"),
        Attack(fence: "commercials_load_agrees", sql: "update assignments set weight = 2"),
        Attack(
            fence: "commercials_load_agrees",
            sql: """
                insert into commercials (workspace_id, id, cap, load) values ('w', 'carla', 3, 1)
                """),
        Attack(
            fence: "chats_assignment_agrees",
            sql: """
                with e as (update assignments set state = 'ended', ended_at = now() returning 1)
                update commercials set load = 0 where id = 'ana'
                """),
        Attack(
            fence: "chats_assignment_agrees",
            sql: """
                update chats set status = 'closed', closed_at = now(), owner_role = null, owner_id = null,
                    epoch = epoch + 1
                where visitor_id = 'v1'
                """),
        Attack(
            fence: "chats_assignment_agrees",
            sql: """
                update chats set status = 'active', owner_role = 'commercial', owner_id = 'ana', epoch = epoch + 1
                where visitor_id = 'v2'
                """),
        Attack(
            fence: "chats_assignment_agrees",
            sql: "update chats set owner_id = 'beto', epoch = epoch + 1 where visitor_id = 'v1'"),
        Attack(
            fence: "chats_assignment_agrees", sql: "update assignments set state = 'paused' where state = 'active'"),
        Attack(fence: "assignments_ended", sql: "update assignments set state = 'ended'"),
        Attack(fence: "assignments_offer_ends", sql: "update assignments set state = 'offered', deadline = null"),
        Attack(fence: "assignments_identity", sql: "update assignments set commercial_id = 'beto'"),
        Attack(fence: "chats_epoch", sql: "update chats set owner_id = 'bot-2' where visitor_id = 'v3'"),
        Attack(
            fence: "chats_epoch",
            sql: "update chats set owner_id = 'bot-2', epoch = epoch + 2 where visitor_id = 'v3'"),
        Attack(fence: "chats_monotony", sql: "update chats set epoch = epoch - 1"),
        Attack(fence: "chats_monotony", sql: "update chats set seq = seq - 1 where visitor_id = 'v1'"),
        Attack(fence: "chats_monotony", sql: "update chats set event_no = event_no - 1 where visitor_id = 'v1'"),
        Attack(fence: "chats_monotony", sql: "update chats set version = version - 1"),
        Attack(fence: "chats_identity", sql: "update chats set visitor_id = 'v9' where visitor_id = 'v1'"),
        Attack(
            fence: "chats_owner", sql: "update chats set status = 'waiting', route_key = now() where status = 'bot'"),
        Attack(
            fence: "chats_owner",
            sql: """
                update chats set status = 'active', owner_role = null, owner_id = null, epoch = epoch + 1
                where visitor_id = 'v3'
                """),
        Attack(
            fence: "chats_owner",
            sql: "update chats set owner_role = 'commercial', epoch = epoch + 1 where visitor_id = 'v3'"),
        Attack(fence: "chats_queued", sql: "update chats set route_key = null where status = 'waiting'"),
        Attack(fence: "chats_closed", sql: "update chats set closed_at = now() where visitor_id = 'v2'"),
        Attack(
            fence: "chats_bot_deadline", sql: "update chats set bot_deadline = now() where visitor_id = 'v2'"),
        Attack(
            fence: "chats_metadata_size",
            sql: "update chats set metadata = jsonb_build_object('x', repeat('y', 16384)) where visitor_id = 'v2'"),
        Attack(
            fence: "visitor_sessions_one_open",
            sql: "insert into visitor_sessions (workspace_id, visitor_id) values ('w', 'v1'), ('w', 'v1')"),
        Attack(
            fence: "api_keys_name",
            sql: """
                insert into api_keys (workspace_id, name, hash, scopes)
                values ('w', 'n', repeat('a', 64), '{}'), ('w', 'n', repeat('b', 64), '{}')
                """),
        Attack(
            fence: "signing_keys_one_live",
            sql: """
                insert into signing_keys (workspace_id, secret)
                values ('w', decode(repeat('00', 32), 'hex')), ('w', decode(repeat('01', 32), 'hex'))
                """),
        Attack(
            fence: "notifications_target",
            sql: """
                insert into notifications (workspace_id, type, target_kind, sender_role, sender_id, expires_at)
                values ('w', 't', 'commercial', 'ai', 'b', now())
                """),
        Attack(fence: "workspaces_workspace_id_check", sql: "insert into workspaces values ('*')"),
    ]

    @Test func everyFenceHolds() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            try await stage.connect(StoreStage.beto)
            let first = try await stage.chat(of: "v1")
            _ = try await stage.chat(of: "v2")
            _ = try await stage.chat(of: "v3", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            try await stage.run { tx in
                try Visitors.upsert(tx, "w", "v9", isVerified: false)
                let (_, _, chat) = try Messages.append(tx, first, .from("v1", "hola", id: "m1"))
                let (_, _, noted) = try Notes.append(
                    tx, chat, NewMessage(sender: StoreStage.bot, type: .note, content: "n"))
                _ = try #require(try StoreStage.assign(tx, noted, to: StoreStage.ana))
            }
            for attack in Self.attacks {
                let refusal = try await stage.refusal(.workspaces(["w", "*"])) { try $0.execute(attack.sql) }
                #expect(
                    refusal?.code == .constraint && refusal?.constraint == attack.fence,
                    "\(attack.testDescription) gave \(String(describing: refusal))")
            }
        }
    }

    @Test func aChatStartsWhereItMay() async throws {
        try await StoreStage.with { stage in
            try await stage.run { try Visitors.upsert($0, "w", "v", isVerified: false) }
            for status in ChatStatus.allCases {
                let refusal = try await stage.refusal { tx in
                    try tx.execute(
                        """
                        insert into chats (workspace_id, visitor_id, status, owner_role, owner_id, first_queued_at,
                            route_key, closed_at)
                        values ('w', 'v', $1,
                            case $1 when 'bot' then 'ai' when 'active' then 'commercial' when 'paused' then 'commercial'
                                when 'wrapup' then 'commercial' end,
                            case when $1 in ('bot', 'active', 'paused', 'wrapup') then 'x' end, now(), now(),
                            case $1 when 'closed' then now() end)
                        """, [.text(status.rawValue)])
                    throw StorageError(code: .unexpected, message: "undo")
                }
                if ChatStatus.initial.contains(status) {
                    #expect(refusal?.message == "undo")
                } else {
                    #expect(refusal?.constraint == "chats_transition", "\(status)")
                }
            }
        }
    }

    /// Every illegal step is refused by the schema, whoever takes it.
    @Test func illegalTransitionsAreRefused() async throws {
        try await StoreStage.with { stage in
            let bot = try await stage.chat(of: "v1", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            let offered = try await stage.refusal { try Chats.offer($0, bot, by: .system, reason: "x") }
            #expect(offered?.constraint == "chats_transition")
            let closed = try await stage.run { try Chats.close($0, bot, reason: .resolved, by: StoreStage.bot) }
            let active = try await stage.refusal {
                try Chats.activate($0, closed, owner: StoreStage.ana, by: .system, reason: "x")
            }
            #expect(active?.constraint == "chats_transition")
            let again = try await stage.refusal { tx in
                let reopened = try Chats.giveToBot(
                    tx, closed, StoreStage.bot, answerWithin: nil, by: .system, reason: "reopened")
                return try Chats.setOffline(tx, reopened, nextOpenAt: nil, by: .system, reason: "x")
            }
            #expect(again?.constraint == "chats_transition")
        }
    }
}
