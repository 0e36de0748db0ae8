import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Whose turn it is, that nobody speaks twice in one, and how a chat comes back to a bot.
@Suite struct TurnTests {
    private static func turns(_ client: TestClient) -> [JSONValue] { client.socket.received("bot:turn") }

    private static func post(_ bot: TestClient, _ chat: String, _ turn: JSONValue, _ text: String = "hola") async
        -> JSONValue
    {
        await bot.send("message:send", ["chatId": .string(chat), "content": .string(text), "turnId": turn])
    }

    // MARK: Turns

    @Test func everyWordOfTheVisitorsIsOneTurn() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let twin = try await fixture.connect(.ai, "bot")
            let other = try await fixture.connect(.ai, "other", takesChats: false)
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let turn = try #require(Self.turns(bot).first)
            #expect(turn[dynamic: "turnId"] == "1.1")
            #expect(turn[dynamic: "epoch"] == 1)
            #expect(turn[dynamic: "seq"] == 1)
            #expect(turn[dynamic: "reason"] == "message")
            #expect(Self.turns(twin).count == 1)
            #expect(Self.turns(other).isEmpty && Self.turns(visitor).isEmpty)
            // Both of its processes answer; one does.
            let first = await Self.post(bot, chat, turn[dynamic: "turnId"])
            #expect(first[dynamic: "seq"] == 2)
            #expect(await Self.post(twin, chat, turn[dynamic: "turnId"]).errorCode == "conflict")
            // The same by the other name of it.
            let same = await bot.send(
                "message:send", ["chatId": .string(chat), "content": "otra", "inReplyToSeq": 1])
            #expect(same.errorCode == "conflict")
            _ = try await visitor.say("gracias")
            #expect(Self.turns(bot).last?[dynamic: "turnId"] == "1.3")
            #expect(await Self.post(twin, chat, "1.3").isOK)
        }
    }

    @Test(arguments: [
        "", "1", "1.", ".1", "1.1.1", "01.1", "+1.1", "0.1", "1.0", "a.b", "-1.1", "1.99999999999999999999",
    ])
    func whatIsNoTurnIsRefused(text: String) async throws {
        #expect(TurnID(text) == nil)
        #expect(throws: EventError.self) {
            try MessageSend(Payload(["content": "a", "turnId": .string(text)]))
        }
    }

    @Test func aTurnSaysWhatElseIsSaid() throws {
        for (field, value) in [("epoch", 2), ("inReplyToSeq", 2)] {
            let error = #expect(throws: EventError.self) {
                try MessageSend(Payload(["content": "a", "turnId": "1.1", field: .int(Int64(value))]))
            }
            #expect(error?.details["field"] == .string(field))
        }
        let send = try MessageSend(Payload(["content": "a", "turnId": "3.7", "epoch": 3]))
        #expect(send.epoch == 3 && send.inReplyToSeq == 7)
    }

    @Test func aBotThatComesBackIsToldWhoWaits() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let again = try await fixture.connect(.ai, "bot")
            #expect(Self.turns(again).map { $0[dynamic: "reason"] } == ["connected"])
            #expect(await Self.post(bot, chat, "1.1").isOK)
            #expect(Self.turns(try await fixture.connect(.ai, "bot")).isEmpty)
        }
    }

    /// Words that call a person are nothing for a bot to answer: its post would be refused.
    @Test func whoCallsAPersonBeginsNoTurn() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "vera")
            let begun = await visitor.send("message:send", ["content": "¿Dónde está mi pedido?"])
            let chat = try #require(begun[dynamic: "chatId"].string)
            #expect(Self.turns(bot).map { $0[dynamic: "turnId"] } == ["1.1"])
            _ = await visitor.send(
                "message:send", ["chatId": .string(chat), "content": "Quiero hablar con una persona"])
            // It reads what was said and that the chat waits, and is not asked to answer.
            #expect(bot.socket.received("message:new").last?[dynamic: "seq"] == 2)
            #expect(Self.turns(bot).count == 1)
            #expect(try await fixture.chat(chat).status == .waiting)
            // What another node reads of it says the same.
            let stored = try await fixture.services.database.transaction(.workspace("default")) { sql in
                try Outbox.page(sql, "default", chatID: chat, after: 0, limit: 100)
            }
            let bots = stored.compactMap { event -> String?? in
                if case .messagePosted(let posted) = event.body { .some(posted.chat.bot) } else { nil }
            }
            #expect(bots == ["bot", nil])
        }
    }

    /// However two processes of a bot and a person meet: one answer a turn, and none after the person has the chat.
    @Test func turnsHoldWhereManyMeet() async throws {
        try await EventsFixture.with { fixture in
            let one = try await fixture.connect(.ai, "bot")
            let two = try await fixture.connect(.ai, "bot")
            let boss = try await fixture.connect(.supervisor, "boss")
            for round in 0..<12 {
                let visitor = try await fixture.connect(.visitor, "v\(round)")
                let chat = try await visitor.say("hola")
                let first = Task { await Self.post(one, chat, "1.1", "uno") }
                let second = Task { await Self.post(two, chat, "1.1", "dos") }
                let taken = Task { await boss.send("supervisor:takeover", ["chatId": .string(chat)]) }
                let third = Task {
                    await one.send("message:send", ["chatId": .string(chat), "content": "tres", "epoch": 1])
                }
                let answers = [await first.value, await second.value]
                #expect(answers.count { $0.isOK } <= 1, "\(answers)")
                #expect(await taken.value.isOK)
                _ = await third.value
                #expect(await Self.post(two, chat, "1.1", "tarde").errorCode == "not_owner")
                let history = await boss.send("chat:history", ["chatId": .string(chat)])[dynamic: "messages"].array
                let inTurn = (history ?? []).filter { $0[dynamic: "inReplyToSeq"] == 1 }
                #expect(inTurn.count <= 1)
                #expect((history ?? []).allSatisfy { $0[dynamic: "content"] != "tarde" })
            }
        }
    }

    /// What the code above believes does not matter: the schema refuses it.
    @Test func theDatabaseHoldsTheFence() async throws {
        try await EventsFixture.with { fixture in
            _ = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let boss = try await fixture.connect(.supervisor, "boss")
            let id = try await visitor.say("hola")
            let before = try await fixture.chat(id)
            #expect(await boss.send("supervisor:takeover", ["chatId": .string(id)]).isOK)
            let after = try await fixture.chat(id)
            for (chat, constraint) in [(before, nil), (after, "messages_bot_owns")] as [(ChatRow, String?)] {
                let error = await #expect(throws: StorageError.self) {
                    try await fixture.services.database.transaction(.workspace("default")) { sql in
                        _ = try Messages.append(
                            sql, chat,
                            NewMessage(sender: Participant(role: .ai, id: "bot"), type: .aiResponse, content: "tarde"))
                    }
                }
                #expect(error?.constraint == constraint)
            }
            #expect(try await fixture.chat(id).seq == 1)
        }
    }

    // MARK: Back to a bot

    @Test func aPersonGivesAChatBack() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            #expect(await Self.post(bot, chat, "1.1").isOK)
            #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "Soy Ana"]).isOK)
            _ = try await visitor.say("¿cuándo llega?")
            let ack = await ana.send("chat:handback", ["chatId": .string(chat), "note": "Quiere saber cuándo llega."])
            #expect(ack[dynamic: "status"] == "bot")
            #expect(ack[dynamic: "botId"] == "bot")
            #expect(ack[dynamic: "epoch"] == 3)
            let turn = try #require(Self.turns(bot).last)
            #expect(turn[dynamic: "turnId"] == "3.4")
            #expect(turn[dynamic: "reason"] == "handed_back")
            #expect(turn[dynamic: "human"] == ["fromSeq": 3, "toSeq": 4])
            #expect(turn[dynamic: "note"] == "Quiere saber cuándo llega.")
            #expect(visitor.socket.received("chat:updated").last?[dynamic: "changes"] == ["status": "bot"])
            // It may have to wait for nobody; the slot is free, and she hears nothing more of it.
            #expect(await ana.send("commercial:status", ["status": "available"])[dynamic: "load"] == 0)
            #expect(await Self.post(bot, chat, "3.4", "Mañana.").isOK)
            #expect(ana.socket.received("message:new").last?[dynamic: "content"] != "Mañana.")
            #expect(
                await ana.send("message:send", ["chatId": .string(chat), "content": "x", "epoch": 2]).errorCode
                    == "stale_epoch")
            // Who reads later finds the stretch among the notes.
            let notes = await bot.send("chat:join", ["chatId": .string(chat)])[dynamic: "notes"].array ?? []
            let mark = try #require(notes.first { $0[dynamic: "type"] == "system" })
            #expect(mark[dynamic: "metadata"][dynamic: "kind"] == "human_stretch")
            #expect(mark[dynamic: "metadata"][dynamic: "fromSeq"] == 3)
            #expect(notes.contains { $0[dynamic: "content"] == "Quiere saber cuándo llega." })
            // Nothing of that is the visitor's.
            for (event, body) in visitor.socket.received {
                #expect(!body.description.contains("human_stretch") && !body.description.contains("Quiere"), "\(event)")
            }
        }
    }

    @Test func whoMayGiveAChatBack() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let ana = try await fixture.connect(.commercial, "ana")
            let luis = try await fixture.connect(.commercial, "luis")
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let handback: JSONValue = ["chatId": .string(chat)]
            #expect(await ana.send("chat:handback", handback).errorCode == "not_owner")
            #expect(await visitor.send("chat:handback", handback).errorCode == "forbidden")
            #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "Soy Ana"]).isOK)
            for client in [luis, bot] {
                #expect(await client.send("chat:handback", handback).errorCode == "not_owner")
            }
            #expect(
                await boss.send("chat:handback", ["chatId": .string(chat), "botId": "nadie"]).errorCode == "not_found")
            #expect(await boss.send("chat:handback", handback).isOK)
            // Twice is once.
            let epoch = try await fixture.chat(chat).epoch
            #expect(
                await boss.send("chat:handback", ["chatId": .string(chat), "botId": "bot"])[dynamic: "epoch"]
                    == .int(epoch))
            #expect(ana.socket.received("chat:updated").last?[dynamic: "changes"][dynamic: "status"] == "bot")
            #expect(await boss.send("chat:close", handback).isOK)
            #expect(await boss.send("chat:handback", handback).errorCode == "bad_state")
        }
    }

    @Test func withoutABotThereIsNobodyToGiveItTo() async throws {
        try await EventsFixture.with { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            #expect(await ana.send("chat:handback", ["chatId": .string(chat)]).errorCode == "no_agents")
            #expect(try await fixture.chat(chat).assignedTo == "ana")
        }
    }

    // MARK: Loops

    @Test func botsThatPassAChatToAndFroEndWithPeople() async throws {
        try await EventsFixture.with { fixture in
            let bots = ["uno": try await fixture.connect(.ai, "uno"), "dos": try await fixture.connect(.ai, "dos")]
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            var handovers = 0
            while let owner = try await fixture.chat(chat).owner, handovers < 20 {
                let ack = await bots[owner.id]?.send("chat:handback", ["chatId": .string(chat)])
                #expect(ack?.isOK == true)
                handovers += 1
            }
            // Three times to another bot, and the fourth time to the line.
            #expect(handovers == 4)
            let end = try await fixture.chat(chat)
            #expect(end.status == .waiting)
            #expect(end.escalationReason == "bot_loop")
        }
    }

    @Test func botsThatAnswerEachOthersNotesStop() async throws {
        try await EventsFixture.with { fixture in
            let bots = [try await fixture.connect(.ai, "uno"), try await fixture.connect(.ai, "dos")]
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            var written = 0
            for turn in 0..<30 {
                let ack = await bots[turn % 2].send(
                    "message:send", ["chatId": .string(chat), "content": "¿y tú?", "private": true])
                guard ack.isOK else {
                    #expect(ack.errorCode == "rate_limited")
                    break
                }
                written += 1
            }
            #expect(written == BotTurn.maximumNotes)
            _ = try await visitor.say("¿hola?")
            let ack = await bots[0].send("message:send", ["chatId": .string(chat), "content": "sí", "private": true])
            #expect(ack.isOK)
        }
    }
}
