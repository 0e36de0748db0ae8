import Assignment
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// What is over its time goes, and nothing else.
@Suite struct RetentionTests {
    /// A chat of Ana's that Luis has closed, in a workspace that keeps texts for a millisecond.
    private static func closedChat(
        _ fixture: EventsFixture, workspace: String = "default"
    ) async throws -> (chat: String, ana: TestClient, luis: TestClient) {
        try await fixture.services.database.transaction(.workspace(workspace)) { sql in
            try Retention.set(sql, workspace, [.messages: 1])
        }
        let luis = try await fixture.connect(.commercial, "luis", workspace: workspace)
        let ana = try await fixture.connect(.visitor, "ana", workspace: workspace)
        let chat = try await ana.say("hola")
        try await fixture.dispatch(workspace: workspace)
        #expect(await luis.send("message:send", ["chatId": .string(chat), "content": "Hola, Ana"]).isOK)
        #expect(await luis.send("chat:close", ["chatId": .string(chat)]).isOK)
        return (chat, ana, luis)
    }

    private static func texts(_ fixture: EventsFixture, workspace: String = "default") async throws -> [String] {
        try await fixture.services.database.transaction(.workspace(workspace)) { sql in
            try sql.query("select content from messages order by seq").map { try $0.text(0) }
        }
    }

    @Test func whatIsOverItsTimeGoesAndTheRestStays() async throws {
        try await EventsFixture.with { fixture in
            let (chat, _) = try await PrivacyTests.conversation(fixture)
            let database = fixture.services.database
            try await fixture.sql("update visitor_sessions set closed_at = clock_timestamp()")
            try await database.transaction(.workspace("default")) { sql in
                try sql.execute(
                    "update webhook_deliveries set delivered_at = clock_timestamp() where kind = 'messagePosted'")
            }
            let day: Int64 = 86_400_000
            let all = Dictionary(uniqueKeysWithValues: Retention.Class.allCases.map { ($0, day) })
            try await database.transaction(.workspace("default")) { try Retention.set($0, "default", all) }
            #expect(try await PrivacyKeeper.sweep("default", of: database) == [:], "nothing is a day old")

            try await database.transaction(.workspace("default")) { sql in
                try Retention.set(sql, "default", all.mapValues { _ in 1 })
            }
            let removed = try await PrivacyKeeper.sweep("default", of: database)
            #expect(removed[.messages] == 1 && removed[.notes] == 1 && removed[.pageViews] == 1)
            for one in [Retention.Class.audit, .outbox, .deliveries] { #expect(removed[one, default: 0] > 0, "\(one)") }
            #expect(try await PrivacyKeeper.sweep("default", of: database) == [:], "it is done")
            let texts = try await database.transaction(.workspace("default")) { sql in
                try sql.query("select content from messages order by created_at").map { try $0.text(0) }
            }
            #expect(texts.last == "soy kanarie otra vez", "an open chat keeps its words")
            #expect(texts.dropLast().allSatisfy { $0 == Privacy.sentinel } && texts.count >= 3)
            let said = try await database.transaction(.workspace("default")) { sql in
                try sql.query(
                    """
                    select count(*) from assignments
                    where reason is not null or summary is not null or end_reason like '%kanarie%'
                    """
                ).map { try $0.int(0) }
            }
            #expect(said == [0])
            #expect(try await fixture.chat(chat).status == .closed)
        }
    }

    /// What was said before and what is said now are two things in a chat that is opened again.
    @Test func aChatThatIsOpenedAgainKeepsItsWordsUntilItsTimeIsOverAgain() async throws {
        try await EventsFixture.with { fixture in
            let (chat, visitor, luis) = try await Self.closedChat(fixture)
            let database = fixture.services.database
            #expect(try await PrivacyKeeper.sweep("default", of: database)[.messages] == 1)
            #expect(try await Self.texts(fixture).allSatisfy { $0 == Privacy.sentinel })

            #expect(try await visitor.say("otra vez yo") == chat)
            #expect(try await PrivacyKeeper.sweep("default", of: database)[.messages] == nil)
            #expect(try await Self.texts(fixture).contains("otra vez yo"))
            try await fixture.dispatch()
            #expect(await luis.send("chat:close", ["chatId": .string(chat)]).isOK)
            #expect(try await PrivacyKeeper.sweep("default", of: database)[.messages] == 1)
            #expect(try await Self.texts(fixture).allSatisfy { $0 == Privacy.sentinel })
        }
    }

    @Test func aCommentThatComesLateGoesAsWell() async throws {
        try await EventsFixture.with { fixture in
            try await ApplyWorkspaceTests.apply("csat: {window: 1h}", to: fixture.services.database)
            let (chat, visitor, _) = try await Self.closedChat(fixture)
            let database = fixture.services.database
            #expect(try await PrivacyKeeper.sweep("default", of: database)[.messages] == 1)
            #expect(
                await visitor.send(
                    "csat:submit", ["chatId": .string(chat), "score": 4, "comment": "gracias, firmado Ana"]
                ).isOK)
            #expect(try await PrivacyKeeper.sweep("default", of: database)[.messages] == 1)
            let left = try await database.transaction(.workspace("default")) { sql in
                try sql.query("select csat_score, csat_comment is null from chats").map {
                    "\(try $0.int(0)) \(try $0.bool(1))"
                }
            }
            #expect(left == ["4 true"])
            #expect(try await PrivacyKeeper.sweep("default", of: database)[.messages] == nil)
        }
    }

    /// Two seconds are all that a node gives one statement, however long a chat is.
    @Test func aLongChatGoesInSteps() async throws {
        try await EventsFixture.with { fixture in
            _ = try await Self.closedChat(fixture)
            try await fixture.sql(
                """
                insert into messages (workspace_id, chat_id, seq, sender_role, sender_id, type, content)
                select c.workspace_id, c.id, c.seq + n, 'visitor', c.visitor_id, 'user', 'hola'
                from chats c, generate_series(1, 2500) n
                """)
            try await fixture.sql("update chats set seq = seq + 2500")
            let all = try await Self.texts(fixture).count
            var left: [Int] = []
            repeat {
                let count = try await fixture.services.database.transaction(.workspace("default")) {
                    try Retention.sweep($0, "default", .messages, keeping: 1)
                }
                #expect(count == 1)
                left.append(try await Self.texts(fixture).count { $0 != Privacy.sentinel })
            } while left.last != 0 && left.count < 5
            #expect(left == [all - 2000, 0])
        }
    }

    @Test func aWorkspaceThatFailsHoldsNoOtherUp() async throws {
        try await EventsFixture.with { fixture in
            _ = try await Self.closedChat(fixture)
            _ = try await Self.closedChat(fixture, workspace: "other")
            let owner = try await fixture.ownerDatabase()
            try await owner.transaction(.none) { sql in
                _ = try sql.execute(
                    """
                    create trigger stuck before update on messages for each row when (old.workspace_id = 'default')
                    execute function refuse('stuck', 'not now')
                    """)
            }
            await owner.shutDown()
            let keeper = PrivacyKeeper(
                database: fixture.services.database, registry: fixture.services.registry, logger: TestDatabase.silence)
            #expect(try await keeper.sweep()[.messages] == 1)
            #expect(try await Self.texts(fixture, workspace: "other").allSatisfy { $0 == Privacy.sentinel })
            #expect(try await Self.texts(fixture).contains("hola"))
        }
    }

    /// Whoever is forgotten is sent away while a sweep waits.
    @Test func aSweepThatTakesLongHoldsNothingElseUp() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "ana")
            let keeper = PrivacyKeeper(
                database: fixture.services.database, registry: fixture.services.registry, logger: TestDatabase.silence)
            try await keeper.look()
            let owner = try await fixture.ownerDatabase()
            let (locked, lock) = AsyncStream.makeStream(of: Void.self)
            let holding = Task {
                try await owner.transaction(.none) { sql in
                    try sql.execute("lock table retention_policies in access exclusive mode")
                    lock.yield()
                    try sql.query("select pg_sleep(8)")
                }
            }
            for await _ in locked { break }
            let running = Task { try await keeper.run() }
            // The first sweep has begun by now, and waits.
            try await Task.sleep(for: .seconds(1))
            let erase = EraseVisitor(visitor: "ana", by: PrivacyTests.admin)
            _ = try #require(try await erase(PrivacyTests.changes(fixture), in: "default"))
            for _ in 0..<400 where visitor.socket.received("session:kicked").isEmpty {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(visitor.socket.received("session:kicked").count == 1)
            running.cancel()
            try await running.value
            _ = try? await holding.value
            await owner.shutDown()
        }
    }

    @Test func aFileSaysHowLong() async throws {
        try await TestDatabase.with { test in
            let files: [(yaml: String, changes: [String])] = [
                ("retention: {messages: 365d, outbox: 2h}", ["+ retention: messages 31536000s, outbox 7200s"]),
                ("retention: {messages: 365d, outbox: 2h}", []),
                (
                    "retention: {messages: 30d}",
                    ["~ retention: messages 31536000s -> 2592000s, outbox 7200s -> (default)"]
                ),
                ("retention: {}", ["- retention"]),
                ("privacy: {pageConsent: required}", ["~ privacy: pageConsent required"]),
                ("privacy: {pageConsent: required}", []),
            ]
            for file in files {
                let changes = try await ApplyWorkspaceTests.apply(file.yaml, to: test.database)
                #expect(changes == file.changes)
            }
        }
    }

    @Test(arguments: [
        "retention: {words: 1d}", "retention: {outbox: 1m}", "retention: {outbox: 2d}", "retention: {audit: 0}",
        "privacy: {pageConsent: maybe}", "privacy: {}",
    ])
    func whatNobodyCouldFollowIsRefused(_ yaml: String) {
        #expect(throws: FileProblems.self) { try WorkspaceFile(parsing: yaml) }
    }
}
