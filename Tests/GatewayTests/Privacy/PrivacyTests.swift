import Assignment
import Foundation
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// What is known of a visitor: handed out whole, and gone from every table after they were forgotten.
@Suite struct PrivacyTests {
    /// In every place where a visitor's words, name or address can get to.
    static let canary = "kanarie"
    static let subject = "ana.kanarie@shop.example"
    static let admin = Participant(role: .admin, id: "dpo")

    static func changes(_ fixture: EventsFixture) -> Changes {
        let relay = fixture.relay
        return Changes(database: fixture.services.database) { await relay.publish($0) }
    }

    /// A visitor with a chat in which everybody said something, and all that comes of it.
    @discardableResult
    static func conversation(_ fixture: EventsFixture) async throws -> (chat: String, visitor: TestClient) {
        try await ApplyWorkspaceTests.apply(
            """
            csat: {window: 1h}
            webhooks:
              - name: shop
                url: https://shop.example/hook
                events: [chat:created, message:new, note:new, chat:assigned, chat:closed, chat:updated, visitor:online]
                secrets: [a-secret-of-24-characters]
            """, to: fixture.services.database)
        let ana = try await fixture.connect(.visitor, Self.subject)
        try await fixture.sql(
            """
            update visitor_sessions set page = '{"url": "https://shop.example/kanarie"}',
                device = '{"userAgent": "kanarie/1.0"}'
            """)
        let chat = try await ana.say("me llamo Kanarie, mi pedido kanarie-1 no llega")
        let id: JSONValue = .string(chat)
        let luis = try await fixture.connect(.commercial, "luis")
        #expect(
            await ana.send("chat:escalate", ["chatId": id, "reason": "kanarie quiere hablar", "summary": "kanarie"])
                .isOK)
        try await fixture.dispatch()
        #expect(await luis.send("chat:join", ["chatId": id]).isOK)
        #expect(await luis.send("message:send", ["chatId": id, "content": "Hola, Kanarie"]).isOK)
        #expect(
            await luis.send("message:send", ["chatId": id, "content": "kanarie es clienta", "private": true]).isOK)
        #expect(
            await luis.send(
                "chat:update",
                ["chatId": id, "updates": ["tags": ["kanarie"], "metadata": ["mail": .string(Self.subject)]]]
            ).isOK)
        let sup = try await fixture.connect(.supervisor, "sup")
        #expect(await sup.send("supervisor:monitor", ["chatId": id]).isOK)
        #expect(
            await sup.send(
                "agent:whisper", ["chatId": id, "to": "luis", "content": "cuidado con kanarie"]
            ).isOK)
        let bot = try await fixture.connect(.ai, "bot-1", takesChats: false)
        await bot.send(
            "notification:send",
            ["type": "vip", "target": "supervisors", "data": ["chatId": id, "who": .string(Self.subject)]])
        try await Self.passOn(fixture, id, luis, sup)
        #expect(await luis.send("chat:close", ["chatId": id]).isOK)
        #expect(
            await ana.send("csat:submit", ["chatId": id, "score": 5, "comment": "gracias, firmado kanarie"]).isOK)
        // A new one, open while they are forgotten.
        await ana.send("chat:create", ["firstMessage": "soy kanarie otra vez", "metadata": ["from": "kanarie"]])
        return (chat, ana)
    }

    /// Luis's chat goes to Beto and back, by every way on which somebody can say something about it.
    private static func passOn(
        _ fixture: EventsFixture, _ chat: JSONValue, _ luis: TestClient, _ sup: TestClient
    ) async throws {
        let beto = try await fixture.connect(.commercial, "beto")
        let summary: JSONValue = "kanarie pide un reembolso"
        #expect(
            await luis.send(
                "chat:transfer",
                ["chatId": chat, "to": ["commercialId": "beto"], "summary": summary, "reason": "kanarie insiste"]
            ).isOK)
        #expect(await beto.send("chat:reject", ["chatId": chat, "reason": "kanarie no es lo mío"]).isOK)
        let metadata: JSONValue = ["escalatedBy": "kanarie", "escalationReason": "kanarie grita"]
        #expect(
            await sup.send(
                "chat:assign", ["chatId": chat, "commercialId": "beto", "force": true, "metadata": metadata]
            ).isOK)
        #expect(
            await beto.send(
                "chat:transfer", ["chatId": chat, "to": ["queue": "default"], "reason": "kanarie quiere a luis"]
            ).isOK)
        #expect(await sup.send("chat:assign", ["chatId": chat, "commercialId": "luis", "force": true]).isOK)
    }

    /// Every row of every table as text, as the owner of the tables sees it.
    static func everything(_ fixture: EventsFixture) async throws -> [String: String] {
        let owner = try await fixture.ownerDatabase()
        let tables = try await owner.transaction(.none) { sql in
            try sql.query(
                """
                select c.relname, query_to_xml(format('select t::text from %I t', c.relname), false, false, '')::text
                from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
                """
            ).map { (try $0.text(0), try $0.text(1).lowercased()) }
        }
        await owner.shutDown()
        return Dictionary(uniqueKeysWithValues: tables)
    }

    @Test func nothingOfThemIsLeftInAnyTable() async throws {
        try await EventsFixture.with { fixture in
            let (chat, ana) = try await Self.conversation(fixture)
            let other = try await fixture.connect(.visitor, "berta")
            let others = try await other.say("yo sigo aquí")
            let before = try await Self.everything(fixture)
            let places = before.filter { $0.value.contains(Self.canary) }.keys.sorted()
            #expect(
                Set(places).isSuperset(of: [
                    "assignments", "audit", "chats", "messages", "notes", "notifications", "outbox", "presence_leases",
                    "visitor_sessions", "visitors", "webhook_deliveries",
                ]), "the test would prove nothing: \(places)")
            let rows = try await fixture.chat(chat)

            let keeper = PrivacyKeeper(
                database: fixture.services.database, registry: fixture.services.registry, logger: TestDatabase.silence)
            try await keeper.look()
            #expect(ana.socket.received("session:kicked").isEmpty)
            let erase = EraseVisitor(visitor: Self.subject, by: Self.admin)
            let done = try #require(try await erase(Self.changes(fixture), in: "default"))
            #expect(done.text.contains("\"chats\": 2"), "\(done.text)")
            try await keeper.look()
            #expect(ana.socket.received("session:kicked").count == 1 && other.socket.received("session:kicked").isEmpty)

            for (table, text) in try await Self.everything(fixture) {
                #expect(
                    !text.contains(Self.canary),
                    "\(table): \(text.split(separator: "\n").first { $0.contains(Self.canary) } ?? "")")
            }
            // Numbers and times stay, without a gap; so does everybody else.
            let after = try await fixture.chat(chat)
            #expect(after.seq == rows.seq && after.noteSeq == rows.noteSeq && after.closedAt == rows.closedAt)
            #expect(after.visitorID.hasPrefix("erased-"))
            let pages = try await fixture.services.database.transaction(.workspace("default")) { sql in
                (
                    try Messages.page(sql, after, .newest, limit: 50, budget: 1 << 20).messages,
                    try Messages.page(
                        sql, Chats.find(sql, "default", others) ?? after, .newest, limit: 50, budget: 1 << 20
                    )
                    .messages
                )
            }
            #expect(pages.0.map(\.seq) == Array(1...after.seq) && pages.0.allSatisfy { $0.content == Privacy.sentinel })
            #expect(pages.1.map(\.content) == ["yo sigo aquí"])
            let score = try await fixture.services.database.transaction(.workspace("default")) { sql in
                try sql.query("select csat_score from chats where csat_at is not null").map { try $0.int(0) }
            }
            #expect(score == [5])
            // Once more is somebody whom nobody knows.
            #expect(try await erase(Self.changes(fixture), in: "default") == nil)
            #expect(try await EraseVisitor(visitor: "berta", by: Self.admin)(Self.changes(fixture), in: "other") == nil)
        }
    }

    @Test func whoWasSomebodyElseBeforeIsForgottenWhole() async throws {
        try await EventsFixture.with { fixture in
            let anonymous = try await fixture.connect(.visitor, "anon-kanarie", isAnonymous: true)
            _ = try await anonymous.say("soy kanarie")
            #expect(await anonymous.send("visitor:identify", ["token": "visitor:ana-kanarie"]).isOK)
            let erase = EraseVisitor(visitor: "anon-kanarie", by: Self.admin)
            let done = try #require(try await erase(Self.changes(fixture), in: "default"))
            #expect(done.text.contains("\"identities\": 2"))
            // What voids their earlier tokens has to go on naming them.
            for (table, text) in try await Self.everything(fixture) where table != "revocations" {
                #expect(!text.contains(Self.canary), "\(table)")
            }
        }
    }

    @Test func whatIsKnownIsHandedOutAndTheAuditSaysSo() async throws {
        try await EventsFixture.with { fixture in
            let (chat, _) = try await Self.conversation(fixture)
            let export = ExportVisitor(visitor: Self.subject, by: Self.admin)
            let text = try #require(try await export(fixture.services.database, in: "default")).text
            let json = try JSONReader.decode(text)
            #expect(json[dynamic: "visitor"][dynamic: "id"].string == Self.subject)
            for known in [
                "me llamo Kanarie, mi pedido kanarie-1 no llega", "Hola, Kanarie", "kanarie es clienta",
                "cuidado con kanarie", "gracias, firmado kanarie", "soy kanarie otra vez",
                "https://shop.example/kanarie", "kanarie/1.0", "chat.monitored", "vip",
                #""summary": "kanarie pide un reembolso""#, #""endReason": "kanarie quiere a luis""#,
            ] { #expect(text.contains(known), "\(known)") }
            #expect(json[dynamic: "chats"].array?.count == 2)
            let entries = try await fixture.services.database.transaction(.workspace("default")) {
                try Audit.entries($0, "default", .init(action: "visitor.exported"))
            }
            #expect(entries.map(\.actor) == ["dpo"])
            let reads = try await fixture.services.database.transaction(.workspace("default")) {
                try Audit.entries($0, "default", .init(chatID: chat, actor: "sup"))
            }
            #expect(reads.contains { $0.action == "chat.monitored" })
            #expect(
                try await ExportVisitor(visitor: "nobody", by: Self.admin)(fixture.services.database, in: "default")
                    == nil)
            #expect(
                try await ExportVisitor(visitor: Self.subject, by: Self.admin)(fixture.services.database, in: "other")
                    == nil)
        }
    }

    /// Who looks into a chat that is not theirs is noted, once per chat and connection; who has it is not.
    @Test func readingAForeignChatIsNoted() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let luis = try await fixture.connect(.commercial, "luis")
            let chat = try await visitor.say("hola")
            await visitor.send("chat:escalate", ["chatId": .string(chat)])
            try await fixture.dispatch()
            try #require(try await fixture.chat(chat).assignedTo == "luis")
            let berta = try await fixture.connect(.commercial, "berta")
            let sup = try await fixture.connect(.supervisor, "sup")
            await luis.send("chat:join", ["chatId": .string(chat)])
            await luis.send("chat:history", ["chatId": .string(chat)])
            await visitor.send("chat:history", ["chatId": .string(chat)])
            for _ in 1...3 { await berta.send("chat:history", ["chatId": .string(chat)]) }
            await sup.send("chat:join", ["chatId": .string(chat)])
            await sup.send("chat:history", ["chatId": .string(chat)])
            let reads = try await fixture.services.database.transaction(.workspace("default")) {
                try Audit.entries($0, "default", .init(chatID: chat, action: "chat.read")).map(\.actor)
            }
            #expect(reads == ["sup", "berta"])
        }
    }

    // MARK: Consent

    @Test(
        arguments: [
            (false, nil, true), (false, false, true), (true, nil, false), (true, false, false), (true, true, true),
        ] as [(Bool, Bool?, Bool)])
    func noPageIsStoredWithoutConsentWhereItIsDemanded(_ demanded: Bool, _ consent: Bool?, _ isStored: Bool)
        async throws
    {
        try await EventsFixture.with { fixture in
            let file = "privacy: {pageConsent: \(demanded ? "required" : "assumed")}"
            try await ApplyWorkspaceTests.apply(file, to: fixture.services.database)
            try await fixture.presence.opened(
                PresenceKeeper.Connection(
                    id: "c", workspace: "default", participant: Participant(role: .visitor, id: "v"),
                    page: JSONText(#"{"url": "https://shop.example/kanarie"}"#), consent: consent))
            let stored = try await Self.everything(fixture).values.contains { $0.contains(Self.canary) }
            #expect(stored == isStored)
        }
    }

    @Test func consentOfAnotherTimeCounts() async throws {
        try await EventsFixture.with { fixture in
            try await ApplyWorkspaceTests.apply(
                "privacy: {pageConsent: required}", to: fixture.services.database)
            let visitor = try await fixture.connect(.visitor, "v")
            await visitor.send("visitor:consent", ["tracking": true])
            try await fixture.presence.opened(
                PresenceKeeper.Connection(
                    id: "c2", workspace: "default", participant: Participant(role: .visitor, id: "v"),
                    page: JSONText(#"{"url": "https://shop.example/kanarie"}"#)))
            #expect(try await Self.everything(fixture)["visitor_sessions"]?.contains(Self.canary) ?? false)
        }
    }

    // MARK: Commands

    @Test func theCommandsDoTheSame() async throws {
        try await TestDatabase.with { test in
            try await test.database.transaction(.workspace("default")) { sql in
                try Workspaces.ensure(sql, "default")
                try Visitors.upsert(sql, "default", "ana-kanarie", isVerified: true, name: "Kanarie")
                let new = NewChat(visitorID: "ana-kanarie", entry: .waiting(slackMilliseconds: 0))
                let chat = try Chats.createOrLockOpen(sql, "default", new).chat
                _ = try Messages.append(
                    sql, chat,
                    NewMessage(
                        sender: Participant(role: .visitor, id: "ana-kanarie"), type: .user, content: "kanarie"))
            }
            func run(_ arguments: String...) async throws -> GatewayProgram.Outcome {
                try await GatewayProgram.run(arguments + ["--database-url", test.url.description])
            }
            let export = try await run("privacy", "export", "ana-kanarie")
            #expect(export.status == 0 && export.output.contains("\"content\": \"kanarie\""))
            let erased = try await run("privacy", "erase", "ana-kanarie")
            #expect(erased.status == 0 && erased.output.contains("\"messages\": 1"))
            let again = try await run("privacy", "erase", "ana-kanarie")
            #expect(again.status != 0 && again.errors.contains("no such visitor"))
            let audit = try await run("audit", "--action", "visitor.", "--json")
            #expect(audit.output.contains("visitor.erased") && !audit.output.contains(Self.canary))
            #expect(try await run("privacy", "sweep").status == 0)
            #expect(try await run("webhook", "list").output == "")
            #expect(try await run("webhook", "redeliver", "--endpoint", "none").status != 0)
        }
    }

    /// A node gives no statement more than two seconds.
    @Test func theCommandsMayTakeLongerThanANode() async throws {
        try await TestDatabase.with { test in
            try await test.database.transaction(.workspace("default")) { sql in
                try Workspaces.ensure(sql, "default")
                try Visitors.upsert(sql, "default", "ana", isVerified: true)
            }
            try await test.run(
                """
                create function slow() returns trigger language plpgsql as
                    'begin perform pg_sleep(2.5); return new; end';
                create trigger slow before insert on audit for each row execute function slow();
                """)
            for command in ["export", "erase"] {
                let outcome = try await GatewayProgram.run([
                    "privacy", command, "ana", "--database-url", test.url.description,
                ])
                #expect(outcome.status == 0, "\(command): \(outcome.errors)")
            }
        }
    }
}
