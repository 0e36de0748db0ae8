import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// What a bot suggests to the one who has the chat: about the last word, and answered once.
@Suite struct SuggestionTests {
    private static func suggest(
        _ bot: TestClient, _ chat: String, id: String = "a", forSeq: Int? = nil
    ) async -> JSONValue {
        var payload: JSONObject = [
            "chatId": .string(chat), "commercialId": "ana", "suggestions": [["id": .string(id), "text": "Dígale…"]],
        ]
        if let forSeq { payload["forSeq"] = .int(forSeq) }
        return await bot.send("assistance:suggestions", .object(payload))
    }

    private static func answer(_ who: TestClient, _ chat: String, _ id: String, _ outcome: String) async -> JSONValue {
        await who.send(
            "assistance:feedback",
            ["chatId": .string(chat), "suggestionId": .string(id), "outcome": .string(outcome)])
    }

    @Test func theyAreAboutTheVisitorsLastWord() async throws {
        try await EventsFixture.with { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            let bot = try await fixture.connect(.ai, "bot", takesChats: false)
            #expect(await Self.suggest(bot, chat)[dynamic: "forSeq"] == 1)
            #expect(ana.socket.received("assistance:suggestions").last?[dynamic: "forSeq"] == 1)
            _ = try await visitor.say("¿cuánto cuesta?")
            let stale = await Self.suggest(bot, chat, id: "b", forSeq: 1)
            #expect(stale[dynamic: "stale"] == true)
            #expect(stale[dynamic: "delivered"] == false)
            #expect(await Self.suggest(bot, chat, id: "c", forSeq: 3).errorField == "forSeq")
            #expect(await Self.suggest(bot, chat, id: "d", forSeq: 2)[dynamic: "delivered"] == true)
            #expect(ana.socket.received("assistance:suggestions").count == 2)
            // What nobody was given, nobody can say anything of.
            for id in ["b", "c", "e"] { #expect(await Self.answer(ana, chat, id, "used").errorCode == "not_found") }
            #expect(visitor.socket.received("assistance:suggestions").isEmpty)
        }
    }

    @Test func whatIsSaidOfOneIsSaidOnce() async throws {
        try await EventsFixture.with { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            let luis = try await fixture.connect(.commercial, "luis")
            #expect(await luis.send("commercial:status", ["status": "busy"]).isOK)
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            let bot = try await fixture.connect(.ai, "bot", takesChats: false)
            #expect(await Self.suggest(bot, chat)[dynamic: "delivered"] == true)
            #expect(await Self.answer(luis, chat, "a", "used").errorCode == "not_found")
            #expect(await Self.answer(ana, chat, "a", "edited").isOK)
            #expect(await Self.answer(ana, chat, "a", "edited")[dynamic: "duplicate"] == true)
            #expect(await Self.answer(ana, chat, "a", "used").errorCode == "conflict")
            let heard = bot.socket.received("assistance:feedback")
            #expect(heard.count == 1)
            #expect(heard.first?[dynamic: "botId"] == "bot")
            #expect(heard.first?[dynamic: "forSeq"] == 1)
            // Given once more, it is another one.
            #expect(await Self.suggest(bot, chat).isOK)
            #expect(await Self.answer(ana, chat, "a", "ignored").isOK)
        }
    }
}
