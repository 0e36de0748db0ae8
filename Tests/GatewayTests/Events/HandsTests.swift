import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// What begins and what ends when a chat changes hands, line or ears.
@Suite struct HandsTests {
    private static func contents(_ client: TestClient) -> [JSONValue] {
        client.socket.received("message:new").map { $0[dynamic: "content"] }
    }

    // MARK: Typing

    @Test func aChangeOfHandsEndsTyping() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let ana = try await fixture.connect(.commercial, "ana")
            let chat = try await visitor.say("hola")
            #expect(await bot.send("typing:start", ["chatId": .string(chat)]).isOK)
            #expect(visitor.socket.received("typing:stop").isEmpty)
            #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "Soy Ana"]).isOK)
            #expect(visitor.socket.received("typing:stop").map { $0[dynamic: "actor"][dynamic: "id"] } == ["bot"])
            #expect(await visitor.send("chat:join", ["chatId": .string(chat)])[dynamic: "typing"] == [])
            // Who types in the present epoch goes on doing so.
            #expect(await ana.send("typing:start", ["chatId": .string(chat)]).isOK)
            _ = try await visitor.say("gracias")
            #expect(visitor.socket.received("typing:stop").count == 1)
        }
    }

    @Test func aMessageEndsTheTypingOfWhoSentIt() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            #expect(await bot.send("typing:start", ["chatId": .string(chat)]).isOK)
            #expect(await bot.send("message:send", ["chatId": .string(chat), "content": "hola"]).isOK)
            let heard = visitor.socket.received.map(\.event).suffix(3)
            #expect(heard == ["typing:start", "typing:stop", "message:new"])
            #expect(bot.socket.received("typing:stop").isEmpty)
        }
    }

    // MARK: Who hears

    @Test func whoGivesAChatAwayHearsThatAndNothingAfter() async throws {
        try await EventsFixture.with { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            // She joins what is hers already; that does not outlast it.
            for client in [boss, ana] { #expect(await client.send("chat:join", ["chatId": .string(chat)]).isOK) }
            ana.socket.forget()
            #expect(await ana.send("chat:escalate", ["chatId": .string(chat)])[dynamic: "status"] == "queued")
            #expect(ana.socket.received("chat:queued").count == 1)
            _ = try await visitor.say("¿sigue ahí?")
            #expect(!Self.contents(ana).contains("¿sigue ahí?"))
            #expect(Self.contents(boss).contains("¿sigue ahí?"))
            let left = boss.socket.received("chat:participant").filter { $0[dynamic: "action"] == "left" }
            #expect(left.map { $0[dynamic: "participant"][dynamic: "id"] } == ["ana"])
            let present = await boss.send("chat:join", ["chatId": .string(chat)])[dynamic: "participants"].array ?? []
            #expect(present.map { $0[dynamic: "id"] } == ["v", "boss"])
            // The line is still hers to read, if she asks.
            #expect(await ana.send("chat:join", ["chatId": .string(chat)]).isOK)
            _ = try await visitor.say("¿hola?")
            #expect(Self.contents(ana).contains("¿hola?"))
        }
    }

    @Test func whoGoesAwayCanHandTheirChatsBack() async throws {
        try await EventsFixture.with { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            var visitors: [TestClient] = []
            for name in ["v", "w"] {
                let visitor = try await fixture.connect(.visitor, name)
                _ = try await visitor.say("hola")
                visitors.append(visitor)
            }
            try await fixture.dispatch()
            let ack = await ana.send("commercial:status", ["status": "away", "reason": "lunch", "drain": true])
            #expect(ack == ["ok": true, "effective": false, "load": 0, "cap": 5])
            for visitor in visitors {
                #expect(visitor.socket.received("chat:queued").count == 2)
                _ = try await visitor.say("¿hola?")
            }
            #expect(!Self.contents(ana).contains("¿hola?"))
            // Going away alone keeps what one has.
            #expect(await ana.send("commercial:status", ["status": "available"]).isOK)
            try await fixture.dispatch()
            #expect(await ana.send("commercial:status", ["status": "away"])[dynamic: "load"] == 2)
        }
    }

    @Test func aLineHearsWhatLeavesIt() async throws {
        try await EventsFixture.with { fixture in
            try await fixture.services.database.transaction(.workspace("default")) { sql in
                try Workspaces.ensureQueue(sql, "default", name: "ventas")
            }
            let luis = try await fixture.connect(.commercial, "luis")
            #expect(await luis.send("commercial:status", ["status": "busy"]).isOK)
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let boss = try await fixture.connect(.supervisor, "boss")
            for client in [boss, luis] { #expect(await client.send("chat:join", ["chatId": .string(chat)]).isOK) }
            luis.socket.forget()
            #expect(
                await boss.send("chat:update", ["chatId": .string(chat), "updates": ["queue": "ventas"]]).isOK)
            // He reads along: the full form is his. Then he has no right to it any more.
            #expect(luis.socket.received("chat:updated").map { $0[dynamic: "changes"][dynamic: "queue"] } == ["ventas"])
            let left = boss.socket.received("chat:participant").filter { $0[dynamic: "action"] == "left" }
            #expect(left.count == 1)
            _ = try await visitor.say("¿hola?")
            #expect(Self.contents(luis).isEmpty)
            #expect(await luis.send("chat:join", ["chatId": .string(chat)]).errorCode == "forbidden")

            // Who only sees the line hears it too, and where it went.
            #expect(
                await boss.send("chat:assign", ["chatId": .string(chat), "queue": "default"])[dynamic: "status"]
                    == "queued")
            luis.socket.forget()
            #expect(await boss.send("chat:assign", ["chatId": .string(chat), "queue": "ventas"]).isOK)
            let glance = try #require(luis.socket.received("chat:updated").first)
            #expect(
                glance[dynamic: "changes"] == [
                    "status": "waiting", "priority": "normal", "assignedTo": .null, "queue": "ventas",
                ])
            luis.socket.forget()
            #expect(
                await boss.send("chat:update", ["chatId": .string(chat), "updates": ["tags": ["vip"]]]).isOK)
            #expect(luis.socket.received.isEmpty)
        }
    }

    @Test func aLineHearsTheEndAndTheNewBeginningOfAChat() async throws {
        try await EventsFixture.with { fixture in
            let luis = try await fixture.connect(.commercial, "luis")
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            luis.socket.forget()
            #expect(await boss.send("chat:close", ["chatId": .string(chat)]).isOK)
            #expect(
                luis.socket.received("chat:updated").map { $0[dynamic: "changes"] } == [
                    ["status": "closed", "assignedTo": .null, "priority": "normal"]
                ])
            luis.socket.forget()
            #expect(await boss.send("chat:reopen", ["chatId": .string(chat)]).isOK)
            let changes = try #require(luis.socket.received("chat:updated").first)[dynamic: "changes"]
            #expect(changes[dynamic: "status"] == "waiting")
            #expect(changes[dynamic: "priority"] == "normal")
            #expect(changes.object?["assignedTo"] == .null)
        }
    }

    @Test func aBotThatLeavesHearsNothingUntilItJoins() async throws {
        try await EventsFixture.with { fixture in
            let owner = try await fixture.connect(.ai, "owner")
            let bot = try await fixture.connect(.ai, "analyst", takesChats: false)
            let twin = try await fixture.connect(.ai, "analyst", takesChats: false)
            let visitor = try await fixture.connect(.visitor, "v")
            let other = try await fixture.connect(.visitor, "w")
            let chat = try await visitor.say("uno")
            #expect(await bot.send("chat:leave", ["chatId": .string(chat)]).isOK)
            bot.socket.forget()
            _ = try await visitor.say("dos")
            #expect(await owner.send("chat:update", ["chatId": .string(chat), "updates": ["addTags": ["vip"]]]).isOK)
            #expect(bot.socket.received.isEmpty)
            // This socket, this chat, and no other.
            #expect(Self.contents(twin) == ["uno", "dos"])
            _ = try await other.say("otra cosa")
            #expect(Self.contents(bot) == ["otra cosa"])
            let ack = await bot.send("chat:join", ["chatId": .string(chat), "afterSeq": 1])
            #expect(ack[dynamic: "messages"].array?.map { $0[dynamic: "content"] } == ["dos"])
            _ = try await visitor.say("tres")
            #expect(Self.contents(bot) == ["otra cosa", "tres"])
        }
    }

    // MARK: Wishes that cannot be met yet

    @Test(arguments: [("skills", ["billing": 0])] as [(String, JSONValue)])
    func whatCannotBeSetIsRefused(_ field: String, _ value: JSONValue) async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let boss = try await fixture.connect(.supervisor, "boss")
            let ack = await boss.send(
                "chat:update",
                [
                    "chatId": .string(chat),
                    "updates": .object(
                        JSONObject([.init(key: "tags", value: ["a"]), .init(key: field, value: value)])),
                ])
            #expect(ack.errorCode == "bad_payload")
            #expect(ack.errorField?.hasPrefix("updates.\(field)") == true)
            #expect(try await fixture.chat(chat).tags.isEmpty)
        }
    }
}
