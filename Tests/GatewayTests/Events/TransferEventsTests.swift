import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Transfers, skills and waits as clients see them.
@Suite struct TransferEventsTests {
    private static func contents(_ client: TestClient) -> [JSONValue] {
        client.socket.received("message:new").map { $0[dynamic: "content"] }
    }

    /// Ana has a visitor's chat; Beto is there.
    private static func with(
        _ body: (_ fixture: EventsFixture, _ ana: TestClient, _ beto: TestClient, _ visitor: TestClient, String)
            async throws -> Void
    ) async throws {
        try await EventsFixture.with { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            let beto = try await fixture.connect(.commercial, "beto")
            try await body(fixture, ana, beto, visitor, chat)
        }
    }

    @Test func aColdTransferIsOfferedWithItsSummary() async throws {
        try await Self.with { fixture, ana, beto, visitor, chat in
            let ack = await ana.send(
                "chat:transfer",
                ["chatId": .string(chat), "to": ["commercialId": "beto"], "summary": "Pide un reembolso"])
            #expect(ack[dynamic: "status"] == "offered")
            #expect(ack[dynamic: "commercialId"] == "beto")
            let offer = try #require(beto.socket.received("chat:offer").first)
            #expect(offer[dynamic: "summary"] == "Pide un reembolso")
            #expect(offer[dynamic: "from"] == "ana" && offer[dynamic: "mode"] == "cold")
            #expect(offer[dynamic: "preview"] == "hola")
            let answer = await beto.send("chat:reject", ["chatId": .string(chat), "reason": "no es lo mío"])
            #expect(answer[dynamic: "status"] == "active")
            // Both hear what became of it, and it is Ana's again.
            #expect(ana.socket.received("chat:rescinded").count == 1)
            #expect(try await fixture.chat(chat).assignedTo == "ana")
            ana.socket.forget()
            _ = try await visitor.say("¿hola?")
            #expect(Self.contents(ana) == ["¿hola?"])
        }
    }

    @Test func afterAWarmTransferBothAreInTheRoom() async throws {
        try await Self.with { fixture, ana, beto, visitor, chat in
            let ack = await ana.send(
                "chat:transfer", ["chatId": .string(chat), "to": ["commercialId": "beto"], "mode": "warm"])
            let id = try #require(ack[dynamic: "assignmentId"].string)
            #expect(ack[dynamic: "status"] == "offered")
            // It is Ana's until then: she answers, and Beto may look.
            #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "Un momento"]).isOK)
            #expect(await beto.send("chat:join", ["chatId": .string(chat)]).isOK)
            let early = await beto.send("message:send", ["chatId": .string(chat), "content": "Soy Beto"])
            #expect(early.errorCode == "not_owner")
            #expect(await beto.send("chat:accept", ["assignmentId": .string(id)])[dynamic: "status"] == "active")
            #expect(visitor.socket.received("chat:assigned").last?[dynamic: "commercialId"] == "beto")
            #expect(await beto.send("message:send", ["chatId": .string(chat), "content": "Soy Beto"]).isOK)
            for client in [ana, beto] { client.socket.forget() }
            _ = try await visitor.say("gracias")
            #expect(Self.contents(ana) == ["gracias"])
            #expect(Self.contents(beto) == ["gracias"])
            let late = await ana.send("message:send", ["chatId": .string(chat), "content": "Soy Ana"])
            #expect(late.errorCode == "not_owner")
            #expect(try await fixture.chat(chat).assignedTo == "beto")
        }
    }

    @Test func aWarmTransferIsToldAgainToWhoConnects() async throws {
        try await Self.with { fixture, ana, _, _, chat in
            _ = await ana.send(
                "chat:transfer", ["chatId": .string(chat), "to": ["commercialId": "beto"], "mode": "warm"])
            let again = try await fixture.connect(.commercial, "beto")
            #expect(again.socket.received("chat:offer").map { $0[dynamic: "mode"] } == ["warm"])
        }
    }

    @Test func whoIsFullGetsNothing() async throws {
        try await Self.with { fixture, ana, _, _, chat in
            try await fixture.sql("update commercials set cap = 0 where id = 'beto'")
            for mode in ["cold", "warm"] {
                let ack = await ana.send(
                    "chat:transfer",
                    ["chatId": .string(chat), "to": ["commercialId": "beto"], "mode": .string(mode)])
                #expect(ack.errorCode == "capacity_full")
            }
            #expect(try await fixture.chat(chat).assignedTo == "ana")
        }
    }

    @Test(
        arguments: [
            ([:], "to"), (["commercialId": "beto", "queue": "default"], "to"),
        ] as [(JSONValue, String)])
    func aTransferGoesSomewhere(_ to: JSONValue, _ field: String) async throws {
        try await Self.with { _, ana, _, _, chat in
            let ack = await ana.send("chat:transfer", ["chatId": .string(chat), "to": to])
            #expect(ack.errorCode == "bad_payload")
            #expect(ack.errorField == field)
        }
    }

    @Test func aChatAsksForSkills() async throws {
        try await EventsFixture.with { fixture in
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let ack = await boss.send("chat:update", ["chatId": .string(chat), "updates": ["skills": ["invoices": 2]]])
            #expect(ack[dynamic: "applied"][dynamic: "skills"][dynamic: "invoices"] == 2)
            _ = try await fixture.connect(.commercial, "ana")
            try await fixture.dispatch()
            #expect(try await fixture.chat(chat).status == .waiting)
            #expect(await boss.send("chat:update", ["chatId": .string(chat), "updates": ["skills": [:]]]).isOK)
            try await fixture.dispatch()
            #expect(try await fixture.chat(chat).assignedTo == "ana")
        }
    }

    /// One slot, taken: the next one waits for one chat to end, of the five minutes that nothing speaks against.
    @Test func whoWaitsIsToldForHowLong() async throws {
        try await Self.with { fixture, _, beto, _, _ in
            try await fixture.sql("update commercials set cap = 1 where id = 'ana'")
            #expect(await beto.send("commercial:status", ["status": "away"]).isOK)
            let visitor = try await fixture.connect(.visitor, "w")
            _ = try await visitor.say("hola")
            let told = try #require(visitor.socket.received("chat:queued").first)
            // 300 s · ln 2 and 300 s · ln 10.
            #expect(told[dynamic: "position"] == 1)
            #expect(told[dynamic: "etaSec"] == 208)
            #expect(told[dynamic: "p90Sec"] == 691)
            let ack = await visitor.send("chat:escalate")
            #expect(ack[dynamic: "status"] == "queued")
            #expect(ack[dynamic: "etaSec"] == 208 && ack[dynamic: "p90Sec"] == 691)
        }
    }
}
