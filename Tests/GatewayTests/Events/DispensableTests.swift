import Assignment
import SocketIO
import Testing

@testable import Gateway

/// What is told at most once spares whoever is behind; what has to arrive spares nobody.
@Suite struct DispensableTests {
    @Test func onlyWhatNothingHangsOnIsDispensable() async throws {
        try await EventsFixture.with { fixture in
            let sara = try await fixture.connect(.supervisor, "sara")
            let bot = try await fixture.connect(.ai, "bot")
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat: JSONValue = .string(try await visitor.say("hola"))
            await visitor.send("visitor:consent", ["tracking": true])
            #expect(await visitor.send("visitor:action", ["action": "click"]).isOK)
            #expect(await visitor.send("typing:start", ["chatId": chat]).isOK)
            #expect(await visitor.send("typing:stop", ["chatId": chat]).isOK)
            #expect(
                await bot.send(
                    "message:delta", ["chatId": chat, "streamId": "s", "index": 0, "text": "Un momento"]
                ).isOK)
            #expect(await visitor.send("message:cancel", ["chatId": chat, "streamId": "s"]).isOK)
            #expect(await visitor.send("chat:escalate", ["chatId": chat]).isOK)
            try await fixture.dispatch()
            #expect(await ana.send("chat:join", ["chatId": chat]).isOK)
            #expect(await sara.send("chat:join", ["chatId": chat]).isOK)
            #expect(await sara.send("chat:leave", ["chatId": chat]).isOK)
            #expect(await ana.send("message:send", ["chatId": chat, "content": "Soy Ana"]).isOK)
            #expect(
                fixture.hub.dispensable == [
                    "typing:start", "typing:stop", "visitor:action", "message:delta", "chat:participant",
                ])
            #expect(fixture.hub.certain.isDisjoint(with: fixture.hub.dispensable))
            #expect(fixture.hub.certain.isSuperset(of: ["message:new", "message:cancel", "message:failed"]))
        }
    }
}
