import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Wrap-up, snooze and opening hours as clients meet them.
@Suite struct WrapUpTests {
    private static func apply(_ yaml: String, to fixture: EventsFixture) async throws {
        try await ApplyWorkspaceTests.apply(yaml, to: fixture.services.database)
    }

    private static func load(_ fixture: EventsFixture) async throws -> Double? {
        try await fixture.services.change(in: "default") { try Commercials.find($0.sql, "default", "ana")?.load }.value
    }

    private static func letDeadlinesCome(_ fixture: EventsFixture) async throws {
        try await fixture.sql("update assignments set deadline = clock_timestamp() where ended_at is null")
        try await fixture.sql("update chats set look_at = clock_timestamp() where look_at is not null")
    }

    @Test func theSlotStaysUntilTheTimeIsOver() async throws {
        try await EventsFixture.with { fixture in
            try await Self.apply("queues: [{name: default, wrapUp: 60s}]", to: fixture)
            let ana = try await fixture.connect(.commercial, "ana")
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            await ana.send("message:send", ["chatId": .string(chat), "content": "hecho"])
            let ack = await ana.send("chat:close", ["chatId": .string(chat)])
            #expect(ack[dynamic: "status"] == "wrapup")
            #expect(ack[dynamic: "wrapUpUntil"].string != nil)
            // For the visitor it is over, and nothing else happened.
            #expect(visitor.socket.received("chat:closed").map { $0[dynamic: "reason"] } == ["resolved"])
            #expect(visitor.socket.received("chat:updated").isEmpty)
            let again = try await fixture.connect(.visitor, "v")
            #expect(again.socket.received("session").first?[dynamic: "chats"] == [])
            let joined = await again.send("chat:join", ["chatId": .string(chat)])
            #expect(joined[dynamic: "chat"][dynamic: "status"] == "closed")
            // Staff see what it is; the slot is held; no public word any more, but notes.
            #expect(boss.socket.received("chat:closed").isEmpty)
            #expect(boss.socket.received("chat:updated").last?[dynamic: "changes"][dynamic: "status"] == "wrapup")
            #expect(try await Self.load(fixture) == 1)
            let late = await ana.send("message:send", ["chatId": .string(chat), "content": "otra"])
            #expect(late.errorCode == "bad_state")
            #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "n", "private": true]).isOK)

            try await Self.letDeadlinesCome(fixture)
            // Another node does what is due.
            let second = try await fixture.secondNode()
            try await second.sweeper.sweep()
            #expect(try await fixture.chat(chat).status == .closed)
            #expect(try await Self.load(fixture) == 0)
            await fixture.relay.poll()
            await fixture.relay.poll()
            #expect(boss.socket.received("chat:closed").count == 1)
            #expect(visitor.socket.received("chat:closed").count == 1, "told once")
        }
    }

    @Test func closingAgainEndsItAndAVisitorMayComeBack() async throws {
        try await EventsFixture.with { fixture in
            try await Self.apply("queues: [{name: default, wrapUp: 60s}]", to: fixture)
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            await ana.send("chat:close", ["chatId": .string(chat), "reason": "spam"])
            let closed = await ana.send("chat:close", ["chatId": .string(chat)])
            #expect(closed == ["ok": true, "status": "closed"])
            #expect(try await fixture.chat(chat).closeReason == .spam, "the reason that the visitor was told")
            #expect(await ana.send("chat:close", ["chatId": .string(chat)])[dynamic: "already"] == true)

            // Taken up again, wrapped up again: the visitor's words end that, and begin the chat anew.
            #expect(try await visitor.say("una cosa más") == chat)
            try await fixture.dispatch()
            await ana.send("chat:close", ["chatId": .string(chat)])
            #expect(await visitor.send("chat:escalate", ["chatId": .string(chat)]).errorCode == "bad_state")
            let ack = await visitor.send("message:send", ["chatId": .string(chat), "content": "y otra"])
            #expect(ack[dynamic: "chatId"] == .string(chat))
            #expect(try await fixture.chat(chat).status == .waiting)
            #expect(try await Self.load(fixture) == 0)

            try await fixture.dispatch()
            await ana.send("chat:close", ["chatId": .string(chat)])
            let created = await visitor.send("chat:create", [:])
            #expect(created[dynamic: "chatId"] != .string(chat))
            let id = try #require(created[dynamic: "chatId"].string)
            #expect(try await fixture.chat(id).previousChatID == chat)
        }
    }

    @Test func aSleepingChatWakesAtTheVisitorsWord() async throws {
        try await EventsFixture.with { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            let luis = try await fixture.connect(.commercial, "luis")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            await ana.send("message:send", ["chatId": .string(chat), "content": "un momento"])
            func snooze(_ client: TestClient, _ until: JSONValue) async -> JSONValue {
                await client.send("chat:snooze", ["chatId": .string(chat), "until": until])
            }
            let now = try await fixture.services.change(in: "default") { try Workspaces.now($0.sql) }.value
            let soon = JSONValue.time(now.advanced(byMilliseconds: 3_600_000))
            #expect(await snooze(luis, soon).errorCode == "not_owner")
            #expect(await snooze(ana, "2020-01-01T00:00:00Z").errorField == "until")
            #expect(await snooze(ana, "2999-01-01T00:00:00Z").errorField == "until")
            #expect(await snooze(ana, "tomorrow").errorCode == "bad_payload")
            let ack = await snooze(ana, soon)
            #expect(ack[dynamic: "status"] == "paused" && ack[dynamic: "snoozeUntil"] == soon)
            #expect(visitor.socket.received("chat:updated").last?[dynamic: "changes"] == ["status": "paused"])
            #expect(try await Self.load(fixture) == 0.25)

            _ = try await visitor.say("¿sigues ahí?")
            #expect(try await fixture.chat(chat).status == .active)
            let reasons = ana.socket.received("chat:updated").map { $0[dynamic: "changes"][dynamic: "reason"] }
            #expect(reasons.contains("visitor_message"))
            #expect(try await Self.load(fixture) == 1)

            // By an update, and awake again by hand.
            let updated = await ana.send(
                "chat:update", ["chatId": .string(chat), "updates": ["snoozeUntil": soon, "tags": ["x"]]])
            #expect(updated[dynamic: "applied"] == ["tags": ["x"], "status": "paused", "snoozeUntil": soon])
            #expect(await luis.send("chat:resume", ["chatId": .string(chat)]).errorCode == "not_owner")
            #expect(await ana.send("chat:resume", ["chatId": .string(chat)])[dynamic: "status"] == "active")
            #expect(await ana.send("chat:resume", ["chatId": .string(chat)])[dynamic: "status"] == "active")
        }
    }

    @Test func outOfHoursAChatTakesMessagesAndWaitsForTheOpening() async throws {
        try await EventsFixture.with { fixture in
            let now = try await fixture.services.change(in: "default") { try Workspaces.now($0.sql) }.value
            let today = now.microseconds / 86_400_000_000
            let closed = (-1...2).map { CivilDate(dayNumber: today + $0).description }.joined(separator: ", ")
            let opening = Timestamp(microseconds: (today + 3) * 86_400_000_000)
            let hours = "timezone: UTC, weekly: {mon-sun: [\"00:00-24:00\"]}"
            try await Self.apply("queues: [{name: default, hours: {\(hours), holidays: [\(closed)]}}]", to: fixture)
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let created = await visitor.send("chat:create", ["firstMessage": "¿abren hoy?"])
            #expect(created[dynamic: "status"] == "offline")
            #expect(created[dynamic: "nextOpenAt"] == .time(opening))
            #expect(visitor.socket.received("chat:created").first?[dynamic: "nextOpenAt"] == .time(opening))
            let chat = try #require(created[dynamic: "chatId"].string)
            #expect(try await visitor.say("lo dejo escrito") == chat)
            // Nobody is given it, however often somebody looks.
            try await fixture.sql("update chats set look_at = clock_timestamp()")
            try await fixture.sweeper.sweep()
            try await fixture.dispatch()
            let waiting = try await fixture.chat(chat)
            #expect(waiting.status == .offline && waiting.lookAt == opening && waiting.seq == 2)

            // It opens earlier than was said.
            try await Self.apply("queues: [{name: default, hours: {\(hours)}}]", to: fixture)
            try await fixture.sweeper.sweep()
            let queued = try await fixture.chat(chat)
            #expect(queued.status == .waiting && queued.firstQueuedAt == queued.createdAt)
            #expect(visitor.socket.received("chat:queued").last?[dynamic: "position"] == 1)
            try await fixture.dispatch()
            #expect(ana.socket.received("chat:assigned").count == 1)

            // It closes while somebody waits.
            let other = try await fixture.connect(.visitor, "w")
            let second = try await other.say("hola")
            try await Self.apply("queues: [{name: default, hours: {\(hours), holidays: [\(closed)]}}]", to: fixture)
            try await fixture.sweeper.sweep()
            #expect(try await fixture.chat(second).status == .offline)
            #expect(
                other.socket.received("chat:updated").last?[dynamic: "changes"]
                    == ["status": "offline", "nextOpenAt": .time(opening)])
        }
    }
}
