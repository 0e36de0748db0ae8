import Assignment
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// Who is beside a visitor who is forgotten: somebody with the same id, somebody with another chat, a word of theirs that comes
/// in the same moment.
@Suite struct ErasureNeighboursTests {
    /// Every row of every table, as the owner of the tables sees it.
    private static func rows(_ fixture: EventsFixture) async throws -> Set<String> {
        let tables = try await PrivacyTests.everything(fixture)
        return Set(tables.flatMap { table, xml in xml.split(separator: "\n").map { "\(table) \($0)" } })
    }

    private static func erase(_ fixture: EventsFixture, _ visitor: String) async throws {
        let erase = EraseVisitor(visitor: visitor, by: PrivacyTests.admin)
        _ = try #require(try await erase(PrivacyTests.changes(fixture), in: "default"))
    }

    /// What names somebody `id` who is no visitor, in every table that could be taken for one that names a visitor.
    private static func neighbour(_ fixture: EventsFixture, _ id: String) async throws -> String {
        try await ApplyWorkspaceTests.apply(
            """
            webhooks:
              - name: shop
                url: https://shop.example/hook
                events: [chat:created, message:new, chat:assigned, chat:closed, visitor:online]
                secrets: [a-secret-of-24-characters]
            """, to: fixture.services.database)
        let commercial = try await fixture.connect(.commercial, id)
        let sup = try await fixture.connect(.supervisor, "sup")
        let berta = try await fixture.connect(.visitor, "berta\(id)")
        let chat = try await berta.say("yo sigo aquí")
        #expect(
            await sup.send(
                "chat:assign",
                [
                    "chatId": .string(chat), "commercialId": .string(id), "force": true,
                    "metadata": ["escalatedBy": .string(id), "escalationReason": "seria"],
                ]
            ).isOK)
        #expect(await commercial.send("message:send", ["chatId": .string(chat), "content": "Hola"]).isOK)
        #expect(await sup.send("supervisor:monitor", ["chatId": .string(chat)]).isOK)
        let bot = Participant(role: .ai, id: id)
        try await fixture.services.database.transaction(.workspace("default")) { sql in
            _ = try Flows.start(
                sql, "default",
                .init(visitorID: "berta\(id)", strategy: "spring-\(id)", action: "invite", by: bot))
            _ = try Notifications.store(
                sql, "default",
                .init(
                    type: "vip", target: .commercial(id), chatID: chat, data: JSONText(#"{"who": "\#(id)"}"#),
                    sender: bot, ttlMilliseconds: 60_000,
                    dedupe: .init(key: "vip:\(id)", milliseconds: 60_000)))
            try Audit.append(
                sql, "default", actor: PrivacyTests.admin, action: "tokens.revoked",
                detail: JSONText(["subject": .string(id), "role": "commercial"]))
            try Audit.append(
                sql, "default", actor: PrivacyTests.admin, action: "commercial.cap",
                detail: JSONText(["commercial": .string(id), "to": .string(id)]))
            try sql.execute(
                """
                insert into webhook_dead_letters (
                    workspace_id, id, endpoint, event_id, chat_id, event_no, kind, data, event_at, attempts)
                select workspace_id, id, endpoint, event_id, chat_id, event_no, kind, data, event_at, 9
                from webhook_deliveries where chat_id = $1::uuid
                """, [.text(chat)])
        }
        return chat
    }

    /// An id may be a number, or a word that stands in every second row.
    @Test(arguments: ["7", "active", "e"])
    func nobodyElseLosesARow(_ id: String) async throws {
        try await EventsFixture.with { fixture in
            let chat = try await Self.neighbour(fixture, id)
            // What changes from here on is the visitor's.
            let others = try await Self.rows(fixture)
            #expect(others.count { $0.contains(chat) } > 15, "the test would prove nothing")
            let visitor = try await fixture.connect(.visitor, id)
            let own = try await visitor.say("hola")
            let sup = try await fixture.connect(.supervisor, "sup")
            #expect(await sup.send("supervisor:monitor", ["chatId": .string(own)]).isOK)
            try await fixture.services.database.transaction(.workspace("default")) { sql in
                _ = try Flows.start(
                    sql, "default",
                    .init(visitorID: id, strategy: "spring", action: "invite", by: Participant(role: .ai, id: "bot")))
                try Audit.append(
                    sql, "default", actor: PrivacyTests.admin, action: "visitor.exported",
                    detail: JSONText(["visitor": .string(id)]))
                try Audit.append(
                    sql, "default", actor: PrivacyTests.admin, action: "tokens.revoked",
                    detail: JSONText(["subject": .string(id), "role": "visitor"]))
            }
            // The line moved for the new chat; that is no part of this.
            let between = try await Self.rows(fixture)
            try await Self.erase(fixture, id)
            let after = try await Self.rows(fixture)
            let lost = others.intersection(between).subtracting(after)
            #expect(lost.isEmpty, "\(lost.sorted().joined(separator: "\n"))")

            let left = try await fixture.services.database.transaction(.workspace("default")) { sql in
                try sql.query(
                    """
                    select (select count(*) from visitors where id = $1)
                        + (select count(*) from once_guards where key = 'flow:spring:' || $1)
                        + (select count(*) from outbox where data ->> 'visitorID' = $1)
                        + (select count(*) from webhook_deliveries where data ->> 'visitorID' = $1)
                        + (select count(*) from audit where actor_role = 'visitor' and actor_id = $1)
                        + (select count(*) from audit where detail ->> 'visitor' = $1)
                        + (select count(*) from audit where detail ->> 'subject' = $1 and detail ->> 'role' = 'visitor')
                    """, [.text(id)]
                ).map { try $0.int(0) }
            }
            #expect(left == [0])
        }
    }

    /// The one who has the chat keeps their name in what is told of its end.
    @Test func whoHadTheChatIsNotRenamed() async throws {
        try await EventsFixture.with { fixture in
            _ = try await fixture.connect(.commercial, "7")
            let visitor = try await fixture.connect(.visitor, "7")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            try #require(try await fixture.chat(chat).assignedTo == "7")
            try await Self.erase(fixture, "7")
            let told = try await fixture.services.database.transaction(.workspace("default")) { sql in
                try sql.query(
                    """
                    select data ->> 'visitorID', data #>> '{lastOwner,id}', (
                        select s.data ->> 'commercialID' from outbox s
                        where s.kind = 'commercialStatusChanged' order by s.id desc limit 1)
                    from outbox where kind = 'chatClosed'
                    """
                ).map { [try $0.text(0), try $0.text(1), try $0.text(2)] }
            }
            #expect(told.count == 1)
            #expect(told.first?[0].hasPrefix("erased-") == true)
            #expect(told.first?.dropFirst() == ["7", "7"])
            let owners = try await fixture.services.database.transaction(.workspace("default")) { sql in
                try sql.query(
                    "select detail ->> 'owner' from audit where action = 'chat.moved' and detail ->> 'to' = 'active'"
                ).map { try $0.text(0) }
            }
            #expect(owners == ["7"])
        }
    }

    /// An address is found in whatever a bot wrote, without a chat; a part of somebody else's address is not.
    @Test func whatABotWroteOfAnAddressGoes() async throws {
        try await EventsFixture.with { fixture in
            for visitor in ["ana@shop.example", "mariana@shop.example"] {
                _ = try await fixture.connect(.visitor, visitor)
                let bot = try await fixture.connect(.ai, "bot-1", takesChats: false)
                #expect(
                    await bot.send(
                        "notification:send",
                        [
                            "type": .string("vip \(visitor.count)"), "target": "supervisors",
                            "data": ["who": .string(visitor)],
                        ]
                    ).isOK)
            }
            try await Self.erase(fixture, "ana@shop.example")
            let left = try await fixture.services.database.transaction(.workspace("default")) { sql in
                try sql.query(
                    """
                    select data ->> 'who' from notifications
                    union all select (data ->> 'data')::jsonb ->> 'who' from outbox where kind = 'notificationRaised'
                    """
                ).map { try $0.text(0) }
            }
            #expect(left == ["mariana@shop.example", "mariana@shop.example"])
        }
    }

    /// A first message holds its visitor until it is there; then its chat ends with the others.
    @Test func aChatThatBeginsInTheSameMomentEndsToo() async throws {
        try await EventsFixture.with { fixture in
            _ = try await fixture.connect(.visitor, "ana")
            let (begun, begin) = AsyncStream.makeStream(of: String.self)
            let database = fixture.services.database
            let beginning = Task {
                try await database.transaction(.workspace("default")) { sql in
                    try Visitors.upsert(sql, "default", "ana", isVerified: false)
                    let new = NewChat(visitorID: "ana", entry: .waiting(slackMilliseconds: 0))
                    begin.yield(try Chats.createOrLockOpen(sql, "default", new).chat.id)
                    // Until the erasure waits for it.
                    for _ in 0..<500 {
                        let waits = try sql.query(
                            """
                            select exists (
                                select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid)
                            """
                        ).first?.bool(0)
                        if waits == true { return }
                        try sql.query("select pg_sleep(0.01)")
                    }
                }
            }
            var started = begun.makeAsyncIterator()
            let chat = try #require(await started.next())
            try await Self.erase(fixture, "ana")
            try await beginning.value
            let row = try await fixture.chat(chat)
            #expect(row.status == .closed && row.visitorID.hasPrefix("erased-"))
            let gone = try await database.transaction(.workspace("default")) { try Visitors.find($0, "default", "ana") }
            #expect(gone == nil)
        }
    }
}
