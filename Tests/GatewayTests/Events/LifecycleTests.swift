import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// The life of a chat over its events.
@Suite struct LifecycleTests {
    @Test func thereIsOneOpenChat() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let supervisor = try await fixture.connect(.supervisor, "boss")
            let first = await visitor.send("chat:create", ["priority": "high", "metadata": ["page": "/p"]])
            #expect(first[dynamic: "status"] == "waiting")
            #expect(first[dynamic: "existing"] == .null)
            let second = await visitor.send("chat:create", ["firstMessage": "hola", "clientMsgId": "m"])
            #expect(second[dynamic: "chatId"] == first[dynamic: "chatId"])
            #expect(second[dynamic: "existing"] == true)
            #expect(second[dynamic: "seq"] == 1)
            let again = await visitor.send("chat:create", ["firstMessage": "hola", "clientMsgId": "m"])
            #expect(again[dynamic: "duplicate"] == true)
            #expect(supervisor.socket.received("chat:created").count == 1)
        }
    }

    @Test func closingFreesAndIsOnceOnly() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let ana = try await fixture.connect(.commercial, "ana")
            let luis = try await fixture.connect(.commercial, "luis")
            let chat = try await visitor.say("hola")
            await ana.send("message:send", ["chatId": .string(chat), "content": "hola"])
            #expect(await luis.send("chat:close", ["chatId": .string(chat)]).errorCode == "not_owner")
            let closed = await ana.send("chat:close", ["chatId": .string(chat)])
            #expect(closed == ["ok": true, "status": "closed"])
            #expect(await ana.send("chat:close", ["chatId": .string(chat)])[dynamic: "already"] == true)
            #expect(visitor.socket.received("chat:closed").count == 1)
            #expect(visitor.socket.received("chat:closed")[0][dynamic: "metrics"] == .null)
            let full = try #require(ana.socket.received("chat:closed").first)
            #expect(full[dynamic: "metrics"][dynamic: "messages"] == 2)
            let load = try await fixture.services.change(in: "default") {
                try Commercials.find($0.sql, "default", "ana")?.load
            }.value
            #expect(load == 0)
            #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "x"]).errorCode == "bad_state")
        }
    }

    @Test func aVisitorsMessageReopensWithinTheWindow() async throws {
        try await EventsFixture.with { fixture in
            let admin = try await fixture.connect(.admin, "root")
            let tab = try await fixture.connect(.visitor, "v")
            let otherTab = try await fixture.connect(.visitor, "v")
            let chat = try await tab.say("uno")
            await admin.send("chat:close", ["chatId": .string(chat)])
            let ack = await tab.send("message:send", ["chatId": .string(chat), "content": "dos"])
            #expect(ack[dynamic: "chatId"] == .string(chat))
            #expect(ack[dynamic: "seq"] == 2)
            #expect(otherTab.seqs == [1, 2])

            await admin.send("chat:close", ["chatId": .string(chat)])
            try await fixture.sql(
                "update chats set closed_at = closed_at - interval '25 hours' where status = 'closed'")
            let next = try await tab.say("tres")
            #expect(next != chat)
            #expect(try await fixture.chat(next).previousChatID == chat)
            #expect(await tab.send("chat:reopen", ["chatId": .string(chat)]).errorCode == "bad_state")
            #expect(await admin.send("chat:reopen", ["chatId": .string(chat)]).errorCode == "conflict")
            await admin.send("chat:close", ["chatId": .string(next)])
            let reopened = await admin.send("chat:reopen", ["chatId": .string(chat)])
            #expect(reopened[dynamic: "status"] == "waiting")
        }
    }

    @Test func updatesAreAppliedByRole() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let boss = try await fixture.connect(.supervisor, "boss")
            let chat = try await visitor.say("hola")
            func update(_ client: TestClient, _ updates: JSONValue) async -> JSONValue {
                await client.send("chat:update", ["chatId": .string(chat), "updates": updates])
            }
            // As the sample client sends it.
            let sample = await update(bot, ["status": "processing", "tags": ["ai-processing"], "metadata": ["n": 30]])
            #expect(
                sample[dynamic: "applied"] == [
                    "aiStatus": "processing", "tags": ["ai-processing"], "metadata": ["n": 30],
                ])
            #expect(try await fixture.chat(chat).status == .bot)
            #expect(await update(bot, ["priority": "high"]).isOK)
            #expect(await update(bot, ["priority": "low"]).errorCode == "forbidden")
            #expect(await update(bot, ["removeTags": ["ai-processing"]]).errorCode == "forbidden")
            #expect(
                await update(bot, ["tags": ["urgente"]])[dynamic: "applied"] == ["tags": ["ai-processing", "urgente"]])
            #expect(await update(boss, ["tags": ["vip"]])[dynamic: "applied"] == ["tags": ["vip"]])
            let version = try await fixture.chat(chat).version
            let idle = await update(boss, ["tags": ["vip"], "priority": "high"])
            #expect(idle[dynamic: "applied"] == [:])
            #expect(try await fixture.chat(chat).version == version)
            #expect(await update(boss, ["status": "closed"]).errorCode == "bad_state")
            #expect(await update(boss, ["status": "wrapup"]).errorCode == "bad_state")
            #expect(await update(boss, ["status": "processing"]).errorField == "updates.status")
            #expect(await update(boss, ["queue": "nowhere"]).errorCode == "not_found")
            let stale = await boss.send(
                "chat:update", ["chatId": .string(chat), "updates": ["priority": "low"], "ifVersion": 1])
            #expect(stale.errorCode == "conflict")
            // Nothing of this is the visitor's.
            #expect(visitor.socket.received("chat:updated").isEmpty)
        }
    }

    @Test func anAngryVisitorReachesAPerson() async throws {
        try await EventsFixture.with { fixture in
            _ = try await fixture.connect(.ai, "bot")
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let ack = await visitor.send("message:send", ["content": "Quiero hablar con una persona"])
            #expect(ack[dynamic: "seq"] == 2)
            #expect(try await fixture.chat(chat).status == .waiting)
            try await fixture.dispatch()
            #expect(visitor.socket.received("chat:assigned").first?[dynamic: "commercialId"] == "ana")
            #expect(ana.socket.received("chat:assigned").first?[dynamic: "visitorId"] == "v")
            _ = try await visitor.say("hola Ana")
            #expect(ana.socket.received("message:new").last?[dynamic: "content"] == "hola Ana")
        }
    }
}
