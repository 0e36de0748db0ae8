import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Messages over real PostgreSQL: who hears them, in which order, and how often.
@Suite struct MessageTests {
    /// Row D20: when something was said is what the database's clock says, whatever the client believes.
    @Test func aClientsTimeIsNobodysTime() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let database = fixture.services.database
            let before = try await database.transaction(.workspace("default")) { try Workspaces.now($0) }
            let long = JSONValue.string("2001-01-01T00:00:00.000Z")
            let ack = await visitor.send(
                "message:send", ["content": "hola", "timestamp": long, "createdAt": long, "created_at": long, "ts": 1])
            let id = try #require(ack[dynamic: "messageId"].string)
            let (after, message) = try await database.transaction(.workspace("default")) { sql in
                (try Workspaces.now(sql), try Messages.find(sql, "default", id))
            }
            let created = try #require(message?.createdAt)
            #expect(before <= created && created <= after)
            #expect(ack[dynamic: "timestamp"] == .time(created))
            #expect(bot.socket.received("message:new").first?[dynamic: "timestamp"] == .time(created))
        }
    }

    @Test func aFirstMessageOpensAChatWithABot() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let idle = try await fixture.connect(.ai, "analyst", takesChats: false)
            let visitor = try await fixture.connect(.visitor, "v")
            let ack = await visitor.send("message:send", ["content": "hola", "type": "agent", "sender": "me"])
            #expect(ack[dynamic: "seq"] == 1)
            let chat = try #require(ack[dynamic: "chatId"].string)
            for listener in [bot, idle] {
                let created = try #require(listener.socket.received("chat:created").first)
                #expect(created[dynamic: "owner"] == ["role": "ai", "id": "bot"])
                #expect(created[dynamic: "firstMessage"] == "hola")
                let message = try #require(listener.socket.received("message:new").first)
                #expect(message[dynamic: "type"] == "user")
                #expect(message[dynamic: "sender"][dynamic: "id"] == "v")
                #expect(
                    message[dynamic: "chat"] == [
                        "assignedTo": .null, "status": "bot", "epoch": 1, "priority": "normal",
                    ])
            }
            // The visitor hears of the chat, not of the message that they sent.
            #expect(visitor.socket.received.map(\.event) == ["session", "chat:created", "ack"])
            #expect(visitor.socket.received("chat:created").first?[dynamic: "firstMessage"] == .null)
            #expect(try await fixture.chat(chat).botDeadline != nil)

            let answer = await bot.send(
                "message:send",
                ["chatId": .string(chat), "content": "hola!", "type": "ai-response", "inReplyToSeq": 1])
            #expect(answer[dynamic: "seq"] == 2)
            #expect(try await fixture.chat(chat).botDeadline == nil)
            #expect(visitor.socket.received("message:new").first?[dynamic: "inReplyToSeq"] == 1)
            let second = await bot.send(
                "message:send", ["chatId": .string(chat), "content": "otra", "type": "ai-response", "inReplyToSeq": 1])
            #expect(second.errorCode == "conflict")
            let other = await idle.send(
                "message:send", ["chatId": .string(chat), "content": "yo", "type": "ai-response"])
            #expect(other.errorCode == "not_owner")
        }
    }

    @Test func withoutABotTheVisitorWaits() async throws {
        try await EventsFixture.with { fixture in
            _ = try await fixture.connect(.ai, "reader", scopes: [.analytics])
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            #expect(try await fixture.chat(chat).status == .waiting)
            #expect(visitor.socket.received("chat:queued").first?[dynamic: "position"] == 1)
            #expect(visitor.socket.received("chat:queued").first?[dynamic: "agentsOnline"] == 0)
        }
    }

    @Test func theSameClientIDIsOneMessage() async throws {
        try await EventsFixture.with { fixture in
            let one = try await fixture.connect(.visitor, "v")
            let two = try await fixture.connect(.visitor, "v")
            let acks = await withTaskGroup(of: JSONValue.self) { group in
                for index in 0..<40 {
                    let client = index.isMultiple(of: 2) ? one : two
                    group.addTask { await client.send("message:send", ["content": "hola", "clientMsgId": "m"]) }
                }
                return await group.reduce(into: [JSONValue]()) { $0.append($1) }
            }
            #expect(Set(acks.map { $0[dynamic: "messageId"] }).count == 1)
            #expect(acks.allSatisfy { $0.isOK && $0[dynamic: "seq"] == 1 })
            #expect(acks.filter { $0[dynamic: "duplicate"] != true }.count == 1)
            let chat = try #require(acks[0][dynamic: "chatId"].string)
            #expect(try await fixture.chat(chat).seq == 1)
            let other = await one.send("message:send", ["content": "otra cosa", "clientMsgId": "m"])
            #expect(other.errorCode == "conflict")
            // Also where the chat is closed by now: the check comes before reopening.
            let admin = try await fixture.connect(.admin, "root")
            #expect(await admin.send("chat:close", ["chatId": .string(chat)]).isOK)
            let again = await two.send("message:send", ["content": "hola", "clientMsgId": "m"])
            #expect(again[dynamic: "duplicate"] == true)
            #expect(try await fixture.chat(chat).status == .closed)
        }
    }

    @Test func everySocketButTheSendersHearsAMessageOnce() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let botTwin = try await fixture.connect(.ai, "bot")
            let tab = try await fixture.connect(.visitor, "v")
            let otherTab = try await fixture.connect(.visitor, "v")
            let chat = try await tab.say("uno")
            await bot.send("message:send", ["chatId": .string(chat), "content": "dos"])
            _ = await otherTab.send("message:send", ["content": "tres", "clientMsgId": "c3"])
            #expect(tab.seqs == [1, 2, 3])
            #expect(otherTab.seqs == [1, 2, 3])
            #expect(bot.seqs == [1, 2, 3])
            // A bot never hears itself, on no socket.
            #expect(botTwin.seqs == [1, 3])
            #expect(tab.socket.received("message:new").last?[dynamic: "clientMsgId"] == "c3")
        }
    }

    /// Many senders at once: on every socket ack, `message:new` and nothing else count 1, 2, 3, …
    @Test func acksStandInTheirPlace() async throws {
        try await EventsFixture.with { fixture in
            let first = try await fixture.connect(.visitor, "v")
            let chat = try await first.say("0")
            var tabs = [first]
            for _ in 0..<3 { tabs.append(try await fixture.connect(.visitor, "v")) }
            for tab in tabs { tab.socket.forget() }
            await withDiscardingTaskGroup { group in
                for tab in tabs {
                    group.addTask {
                        for _ in 0..<15 { await tab.send("message:send", ["chatId": .string(chat), "content": "x"]) }
                    }
                }
            }
            let expected = Array<Int64>(2...61)
            for tab in tabs { #expect(tab.seqs == expected) }
            #expect(try await fixture.chat(chat).seq == 61)
        }
    }

    @Test func aVisitorIsSlowedDown() async throws {
        try await EventsFixture.with(configure: { $0.limits.enabled = true }) { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            var refused: JSONValue?
            for index in 0..<40 where refused == nil {
                let ack = await visitor.send("message:send", ["content": .string("\(index)")])
                if !ack.isOK { refused = ack }
            }
            #expect(refused?.errorCode == "rate_limited")
            #expect(refused?[dynamic: "error"][dynamic: "retryAfterMs"].int ?? 0 > 0)
        }
    }

    @Test func aBotStopsAfterFiveMessages() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            for _ in 0..<5 {
                #expect(await bot.send("message:send", ["chatId": .string(chat), "content": "x"]).isOK)
            }
            #expect(
                await bot.send("message:send", ["chatId": .string(chat), "content": "x"]).errorCode == "rate_limited")
            _ = try await visitor.say("sigue")
            #expect(await bot.send("message:send", ["chatId": .string(chat), "content": "x"]).isOK)
        }
    }

    @Test func aPersonTakesOverByAnswering() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let ana = try await fixture.connect(.commercial, "ana")
            let luis = try await fixture.connect(.commercial, "luis")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let ack = await ana.send("message:send", ["chatId": .string(chat), "content": "Soy Ana"])
            #expect(ack.isOK)
            #expect(
                visitor.socket.received("chat:assigned") == [
                    [
                        "chatId": .string(chat), "commercialId": "ana", "commercialName": "Ana",
                        "assignedAt": visitor.socket.received("chat:assigned")[0][dynamic: "assignedAt"], "epoch": 2,
                    ]
                ])
            #expect(await bot.send("message:send", ["chatId": .string(chat), "content": "x"]).errorCode == "not_owner")
            #expect(
                await luis.send("message:send", ["chatId": .string(chat), "content": "x"]).errorCode == "not_owner")
            // The assignee hears the chat without having joined; a colleague of the queue only how it stands.
            _ = try await visitor.say("gracias")
            #expect(ana.socket.received("message:new").last?[dynamic: "content"] == "gracias")
            #expect(luis.socket.received("message:new").isEmpty)
            #expect(luis.socket.received("chat:updated").last?[dynamic: "changes"][dynamic: "assignedTo"] == "ana")
            let stale = await ana.send("message:send", ["chatId": .string(chat), "content": "x", "epoch": 1])
            #expect(stale.errorCode == "stale_epoch")
        }
    }

    @Test func aSupervisorSpeaksOnlyAfterBarging() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let boss = try await fixture.connect(.supervisor, "boss")
            #expect(
                await boss.send("message:send", ["chatId": .string(chat), "content": "x"]).errorCode == "forbidden")
            #expect(await boss.send("chat:join", ["chatId": .string(chat), "mode": "barge"]).isOK)
            #expect(await boss.send("message:send", ["chatId": .string(chat), "content": "x"]).isOK)
            #expect(try await fixture.chat(chat).owner == nil)
        }
    }

    @Test func readMarksNeverGoBackNorBeyond() async throws {
        try await EventsFixture.with { fixture in
            let tab = try await fixture.connect(.visitor, "v")
            let other = try await fixture.connect(.visitor, "v")
            let chat = try await tab.say("uno")
            _ = try await tab.say("dos")
            #expect(await tab.send("message:read", ["chatId": .string(chat), "seq": 99])[dynamic: "readSeq"] == 2)
            #expect(await tab.send("message:read", ["chatId": .string(chat), "seq": 1])[dynamic: "readSeq"] == 2)
            #expect(other.socket.received("message:receipt").count == 1)
            #expect(tab.socket.received("message:receipt").isEmpty)
        }
    }

    @Test func whatIsRepliedToIsInTheChat() async throws {
        try await EventsFixture.with { fixture in
            let stranger = try await fixture.connect(.visitor, "s")
            let foreign = await stranger.send("message:send", ["content": "hola"])[dynamic: "messageId"]
            let visitor = try await fixture.connect(.visitor, "v")
            let own = await visitor.send("message:send", ["content": "hola"])[dynamic: "messageId"]
            #expect(await visitor.send("message:send", ["content": "a", "replyTo": own]).isOK)
            #expect(await visitor.send("message:send", ["content": "a", "replyTo": foreign]).errorCode == "not_found")
        }
    }
}
