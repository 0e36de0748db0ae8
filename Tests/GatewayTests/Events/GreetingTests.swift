import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// What somebody who comes back is told again, because it still stands.
@Suite struct GreetingTests {
    /// A page that is loaded anew knows nothing: without this its visitor would read that somebody is being looked for, where
    /// nobody is there.
    @Test func whoWaitsIsToldAgainHowTheyStand() async throws {
        try await EventsFixture.with { fixture in
            _ = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            #expect(try await fixture.connect(.visitor, "v").socket.received("chat:queued").isEmpty)
            #expect(await visitor.send("chat:escalate", ["chatId": .string(chat)]).isOK)
            let told = try #require(visitor.socket.received("chat:queued").last)
            #expect(told[dynamic: "position"] == 1)
            #expect(told[dynamic: "agentsOnline"] == 0)

            let again = try await fixture.connect(.visitor, "v").socket
            let events = again.received.map(\.event)
            #expect(events == ["session", "chat:queued"])
            let repeated = try #require(again.received("chat:queued").first)
            for field in ["chatId", "position", "agentsOnline", "etaSec", "p90Sec", "nextOpenAt"] {
                #expect(repeated[dynamic: field] == told[dynamic: field], "\(field)")
            }
            #expect(repeated[dynamic: "eventId"].string != nil && repeated[dynamic: "timestamp"].string != nil)
            #expect(try await fixture.connect(.visitor, "stranger").socket.received("chat:queued").isEmpty)

            // Once somebody has it there is nothing to tell.
            let ana = try await fixture.connect(.commercial, "ana")
            #expect(await ana.send("chat:assign", ["chatId": .string(chat), "commercialId": "ana"]).isOK)
            #expect(try await fixture.connect(.visitor, "v").socket.received("chat:queued").isEmpty)
        }
    }
}
