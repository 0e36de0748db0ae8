import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// What bots whisper to commercials, and what those make of it.
@Suite struct AssistanceTests {
    private static func suggestions(_ chat: String, to commercial: String, forSeq: Int64? = nil) -> JSONValue {
        var payload: JSONObject = [
            "chatId": .string(chat), "commercialId": .string(commercial),
            "suggestions": [["id": "s1", "text": "Diga que sí", "confidence": 0.8, "sources": ["faq"]]],
        ]
        payload.set("forSeq", forSeq)
        return .object(payload)
    }

    @Test func onlyWhoHasTheChatHearsSuggestions() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "coach", takesChats: false)
            let visitor = try await fixture.connect(.visitor, "v")
            let ana = try await fixture.connect(.commercial, "ana")
            let luis = try await fixture.connect(.commercial, "luis")
            let boss = try await fixture.connect(.supervisor, "boss")
            let chat = try await visitor.say("¿hacen envíos?")
            // Nobody has it yet.
            #expect(
                await bot.send("assistance:suggestions", Self.suggestions(chat, to: "ana")).errorCode == "not_owner")
            #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "Soy Ana"]).isOK)
            #expect(
                await bot.send("assistance:suggestions", Self.suggestions(chat, to: "ana", forSeq: 1))
                    == ["ok": true, "delivered": true, "forSeq": 1])
            let whisper = try #require(ana.socket.received("assistance:suggestions").first)
            #expect(whisper[dynamic: "suggestions"].array?.first?[dynamic: "text"] == "Diga que sí")
            #expect(whisper[dynamic: "private"] == true && whisper[dynamic: "forSeq"] == 1)
            #expect(
                await bot.send("assistance:suggestions", Self.suggestions(chat, to: "luis")).errorCode == "not_owner")

            // The visitor has written since: what answers the older message comes too late.
            _ = try await visitor.say("¿y cuánto cuestan?")
            #expect(
                await bot.send("assistance:suggestions", Self.suggestions(chat, to: "ana", forSeq: 1))
                    == ["ok": true, "delivered": false, "stale": true])
            #expect(
                await bot.send("assistance:suggestions", Self.suggestions(chat, to: "ana", forSeq: 3))
                    == ["ok": true, "delivered": true, "forSeq": 3])
            #expect(ana.socket.received("assistance:suggestions").count == 2)
            for other in [luis, boss, visitor] { #expect(other.socket.received("assistance:suggestions").isEmpty) }

            // The chat changes hands: it is another one's to hear.
            #expect(await boss.send("chat:assign", ["chatId": .string(chat), "commercialId": "luis"]).isOK)
            #expect(
                await bot.send("assistance:suggestions", Self.suggestions(chat, to: "ana", forSeq: 3)).errorCode
                    == "not_owner")
        }
    }

    @Test func whatIsNotPrivateIsNoSuggestion() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "coach", takesChats: false)
            var payload = Self.suggestions(EventSample.unknownChat, to: "ana").object ?? [:]
            payload["private"] = false
            let ack = await bot.send("assistance:suggestions", .object(payload))
            #expect(ack.errorCode == "bad_payload" && ack.errorField == "private")
        }
    }

    @Test func feedbackReachesTheBots() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "coach", takesChats: false)
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "Soy Ana"]).isOK)
            #expect(await bot.send("assistance:suggestions", Self.suggestions(chat, to: "ana")).isOK)
            let ack = await ana.send(
                "assistance:feedback",
                ["chatId": .string(chat), "suggestionId": "s1", "outcome": "edited", "finalText": "Sí, claro"])
            #expect(ack.isOK)
            #expect(
                bot.socket.received("assistance:feedback").map(\.content) == [
                    [
                        "chatId": .string(chat), "suggestionId": "s1", "outcome": "edited", "commercialId": "ana",
                        "botId": "coach", "forSeq": 1, "finalText": "Sí, claro",
                    ]
                ])
            #expect(visitor.socket.received("assistance:feedback").isEmpty)
        }
    }

    // MARK: What a visitor does on the site

    @Test func ofManyActionsFiveASecondAreRelayed() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "oracle")
            let visitor = try await fixture.connect(.visitor, "v")
            await visitor.send("visitor:consent", ["tracking": true])
            let start = ContinuousClock.now
            for index in 0..<40 {
                // Dropped is not refused: a page need not know how busy it is.
                #expect(await visitor.send("visitor:action", ["action": "scroll", "value": .int(index)]).isOK)
            }
            let seconds = Int((ContinuousClock.now - start).components.seconds) + 1
            let relayed = bot.socket.received("visitor:action").compactMap { $0[dynamic: "value"].number?.exactInt64 }
            #expect(relayed.prefix(5) == [0, 1, 2, 3, 4])
            #expect(relayed.count <= 5 * seconds)
        }
    }

    @Test func theSecondBeginsWithItsFirstAction() {
        let hub = TestHub()
        let session = Session(
            principal: Principal(
                workspace: "default", role: .visitor, subject: "v", name: nil, scopes: [], expiry: nil,
                credential: .token(id: nil)),
            socket: hub.makeSocket("s"))
        let start = ContinuousClock.now
        let relayed = [0, 100, 200, 300, 999, 999, 1000, 1001, 1999, 1999, 1999, 1999, 2000].map { milliseconds in
            session.mayRelayAction(now: start + .milliseconds(milliseconds))
        }
        #expect(relayed == [true, true, true, true, true, false, true, true, true, true, true, false, true])
    }
}
