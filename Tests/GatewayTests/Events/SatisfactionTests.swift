import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Visitors say how it was.
@Suite struct SatisfactionTests {
    /// A chat in which ana answered, closed by her.
    private static func closed(
        _ fixture: EventsFixture, _ visitor: TestClient, _ ana: TestClient, reason: String = "resolved"
    ) async throws -> String {
        let chat = try await visitor.say("hola")
        await ana.send("message:send", ["chatId": .string(chat), "content": "hecho"])
        let ack = await ana.send("chat:close", ["chatId": .string(chat), "reason": .string(reason)])
        #expect(ack.isOK)
        return chat
    }

    private static func apply(_ yaml: String, to fixture: EventsFixture) async throws {
        try await ApplyWorkspaceTests.apply(yaml, to: fixture.services.database)
    }

    @Test func aVisitorIsAskedOnceAndAnswersOnce() async throws {
        try await EventsFixture.with { fixture in
            try await Self.apply("csat: {window: 1d, url: \"https://shop.example/csat/{chatId}\"}", to: fixture)
            let ana = try await fixture.connect(.commercial, "ana")
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await Self.closed(fixture, visitor, ana)
            let request = try #require(visitor.socket.received("csat:request").first)
            #expect(request[dynamic: "chatId"] == .string(chat))
            #expect(request[dynamic: "commercialName"] == "Ana")
            #expect(request[dynamic: "csatUrl"] == .string("https://shop.example/csat/\(chat)"))
            #expect(visitor.socket.received("chat:closed").last?[dynamic: "csatUrl"] == request[dynamic: "csatUrl"])
            #expect(ana.socket.received("csat:request").isEmpty && boss.socket.received("csat:request").isEmpty)
            // Who was away is asked on coming back.
            let later = try await fixture.connect(.visitor, "v")
            #expect(later.socket.received("csat:request").map { $0[dynamic: "chatId"] } == [.string(chat)])

            func submit(_ client: TestClient, _ fields: JSONObject) async -> JSONValue {
                var payload: JSONObject = ["chatId": .string(chat)]
                for member in fields.members { payload[member.key] = member.value }
                return await client.send("csat:submit", .object(payload))
            }
            for score in [0, 6, 3.5, "5", .null] as [JSONValue] {
                #expect(await submit(visitor, ["score": score]).errorField == "score")
            }
            let stranger = try await fixture.connect(.visitor, "stranger")
            #expect(await submit(stranger, ["score": 1]).errorCode == "not_found")
            #expect(await submit(ana, ["score": 5]).errorCode == "forbidden")
            let ack = await submit(visitor, ["score": 4, "comment": "rápido"])
            #expect(ack == ["ok": true, "score": 4])
            #expect(await submit(visitor, ["score": 4, "comment": "rápido"])[dynamic: "duplicate"] == true)
            #expect(await submit(visitor, ["score": 1]).errorCode == "conflict")
            let told = boss.socket.received("chat:updated").last?[dynamic: "changes"][dynamic: "csat"]
            #expect(told?[dynamic: "score"] == 4 && told?[dynamic: "comment"] == "rápido")
            let joined = await boss.send("chat:join", ["chatId": .string(chat)])
            #expect(joined[dynamic: "chat"][dynamic: "csat"][dynamic: "score"] == 4)
            let own = await visitor.send("chat:join", ["chatId": .string(chat)])
            #expect(own[dynamic: "chat"][dynamic: "csat"] == .null)
            // Nothing of it goes round to other visitors' sockets, nor is anybody asked again.
            #expect(stranger.socket.received("chat:updated").isEmpty)
            let again = try await fixture.connect(.visitor, "v")
            #expect(again.socket.received("csat:request").isEmpty)
            _ = try await visitor.say("gracias")
            await ana.send("message:send", ["chatId": .string(chat), "content": "a usted"])
            await ana.send("chat:close", ["chatId": .string(chat)])
            #expect(visitor.socket.received("csat:request").count == 1)
        }
    }

    @Test func onlyWhoTalkedWithAPersonToTheEndIsAsked() async throws {
        try await EventsFixture.with { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            // The workspace has not said that it wants to know.
            let chat = try await Self.closed(fixture, visitor, ana)
            let submit: JSONValue = ["chatId": .string(chat), "score": 5]
            #expect(await visitor.send("csat:submit", submit).errorCode == "bad_state")
            try await Self.apply("csat: {}", to: fixture)
            let spam = try await fixture.connect(.visitor, "spammer")
            _ = try await Self.closed(fixture, spam, ana, reason: "spam")
            let alone = try await fixture.connect(.visitor, "alone")
            let unanswered = try await alone.say("hola")
            let boss = try await fixture.connect(.admin, "boss")
            await boss.send("chat:close", ["chatId": .string(unanswered)])
            #expect(spam.socket.received("csat:request").isEmpty)
            #expect(alone.socket.received("csat:request").isEmpty)
            #expect(visitor.socket.received("csat:request").isEmpty)
        }
    }

    @Test func theWindowCloses() async throws {
        try await EventsFixture.with { fixture in
            try await Self.apply("csat: {window: 1d}\nqueues: [{name: default, wrapUp: 60s}]", to: fixture)
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await Self.closed(fixture, visitor, ana)
            // With the beginning of the wrap-up, and not again with its end.
            #expect(visitor.socket.received("csat:request").count == 1)
            await ana.send("chat:close", ["chatId": .string(chat)])
            #expect(visitor.socket.received("csat:request").count == 1)
            try await fixture.sql("update chats set csat_until = clock_timestamp() - interval '1 s'")
            let late = await visitor.send("csat:submit", ["chatId": .string(chat), "score": 5])
            #expect(late.errorCode == "bad_state")
            let later = try await fixture.connect(.visitor, "v")
            #expect(later.socket.received("csat:request").isEmpty)
        }
    }
}
