import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// A whisper reaches one person and the supervisors, and no way leads from it to anybody else.
@Suite struct WhisperTests {
    private static let secret = "SUSURRO"

    /// Ana has the visitor's chat; Luis of the same queue reads along, and so does a bot.
    private struct Scene {
        let visitor: TestClient
        let ana: TestClient
        let luis: TestClient
        let bot: TestClient
        let boss: TestClient
        let chat: String

        init(_ fixture: EventsFixture) async throws {
            self.ana = try await fixture.connect(.commercial, "ana")
            self.visitor = try await fixture.connect(.visitor, "v")
            self.chat = try await self.visitor.say("hola")
            try await fixture.dispatch()
            self.luis = try await fixture.connect(.commercial, "luis")
            self.bot = try await fixture.connect(.ai, "bot")
            self.boss = try await fixture.connect(.supervisor, "boss")
            for client in [self.luis, self.bot] {
                guard await client.send("chat:join", ["chatId": .string(self.chat)]).isOK else {
                    throw TestFailure("no way in")
                }
            }
        }

        func whisper(_ text: String = WhisperTests.secret, id: String? = nil) async -> JSONValue {
            var payload: JSONObject = ["chatId": .string(self.chat), "content": .string(text)]
            payload.set("clientMsgId", id)
            return await self.boss.send("agent:whisper", .object(payload))
        }
    }

    @Test func onlyTheAssigneeAndSupervisorsReadIt() async throws {
        try await EventsFixture.with { fixture in
            let scene = try await Scene(fixture)
            let admin = try await fixture.connect(.admin, "chief")
            #expect(await admin.send("supervisor:monitor", ["chatId": .string(scene.chat)]).isOK)
            let absent = try await fixture.connect(.supervisor, "absent")
            let ack = await scene.whisper(id: "w")
            #expect(ack.isOK)
            #expect(ack[dynamic: "noteSeq"] == 1)
            #expect(ack[dynamic: "afterSeq"] == 1)
            #expect(ack[dynamic: "seq"] == .null)
            let heard = try #require(scene.ana.socket.received("message:new").last)
            #expect(heard[dynamic: "type"] == "whisper")
            #expect(heard[dynamic: "to"] == "ana")
            #expect(heard[dynamic: "private"] == true)
            #expect(heard[dynamic: "sender"][dynamic: "id"] == "boss")
            #expect(admin.socket.received("message:new").last?[dynamic: "content"] == .string(Self.secret))
            // A second try is the same whisper, and a note is none.
            #expect(await scene.whisper(id: "w")[dynamic: "duplicate"] == true)
            let disguised = await scene.boss.send(
                "message:send",
                ["chatId": .string(scene.chat), "content": .string(Self.secret), "type": "note", "clientMsgId": "w"])
            #expect(disguised.errorCode == "conflict")

            // By no way to anybody else, however they ask.
            let second = try await fixture.connect(.visitor, "v")
            for client in [scene.visitor, second, scene.luis, scene.bot] {
                for payload: JSONValue in [
                    ["chatId": .string(scene.chat)], ["chatId": .string(scene.chat), "afterSeq": 0],
                    ["chatId": .string(scene.chat), "afterNoteSeq": 0, "limit": 1],
                ] {
                    #expect(await client.send("chat:join", payload).isOK)
                }
                #expect(await client.send("chat:history", ["chatId": .string(scene.chat)]).isOK)
            }
            _ = await scene.luis.send(
                "message:send",
                [
                    "chatId": .string(scene.chat), "content": "x", "type": "note",
                    "replyTo": ack[dynamic: "messageId"],
                ])
            await fixture.relay.poll()
            await fixture.relay.poll()
            for client in [scene.visitor, second, scene.luis, scene.bot, absent] {
                for (event, body) in client.socket.received {
                    #expect(!body.description.contains(Self.secret), "\(event)")
                    #expect(!body.description.contains("whisper"), "\(event)")
                }
            }
            // Those who may read it find it again.
            for client in [scene.ana, scene.boss, admin] {
                let notes = await client.send("chat:join", ["chatId": .string(scene.chat)])[dynamic: "notes"].array
                #expect(notes?.contains { $0[dynamic: "content"] == .string(Self.secret) } == true)
            }
        }
    }

    @Test func whoGetsTheChatLaterDoesNotReadIt() async throws {
        try await EventsFixture.with { fixture in
            let scene = try await Scene(fixture)
            #expect(await scene.whisper().isOK)
            let given = await scene.boss.send(
                "chat:assign", ["chatId": .string(scene.chat), "commercialId": "luis", "force": true])
            #expect(given[dynamic: "status"] == "active")
            let join = await scene.luis.send("chat:join", ["chatId": .string(scene.chat)])
            #expect(join[dynamic: "notes"] == [])
            #expect(join[dynamic: "hasMoreNotes"] == false)
            #expect(await scene.whisper("otro").isOK)
            #expect(scene.luis.socket.received("message:new").last?[dynamic: "content"] == "otro")
            #expect(scene.ana.socket.received("message:new").last?[dynamic: "content"] == .string(Self.secret))
        }
    }

    @Test func itNeedsSomebodyToHearIt() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let boss = try await fixture.connect(.supervisor, "boss")
            let whisper: JSONValue = ["chatId": .string(chat), "content": "x"]
            #expect(await boss.send("agent:whisper", whisper).errorCode == "bad_state")
            // Nobody whispers to themselves.
            #expect(await boss.send("supervisor:takeover", ["chatId": .string(chat)]).isOK)
            #expect(await boss.send("agent:whisper", whisper).errorCode == "bad_state")
            #expect(await boss.send("chat:close", ["chatId": .string(chat)]).isOK)
            #expect(await boss.send("agent:whisper", whisper).errorCode == "bad_state")
            let sent = await boss.send("message:send", ["chatId": .string(chat), "content": "x", "type": "whisper"])
            #expect(sent.errorField == "type")
            #expect(try await fixture.chat(chat).noteSeq == 0)
        }
    }

    /// Every act of a supervisor has its row: who, what, which chat.
    @Test func everyActIsInTheAudit() async throws {
        try await EventsFixture.with { fixture in
            let scene = try await Scene(fixture)
            let chat: JSONValue = .string(scene.chat)
            #expect(await scene.boss.send("supervisor:monitor", ["chatId": chat]).isOK)
            #expect(scene.ana.socket.received("chat:participant").allSatisfy { $0[dynamic: "mode"] == "normal" })
            // Once more is no other act.
            #expect(await scene.boss.send("chat:join", ["chatId": chat, "mode": "monitor"]).isOK)
            let silent = await scene.boss.send("message:send", ["chatId": chat, "content": "no"])
            #expect(silent.errorCode == "forbidden")
            #expect(await scene.boss.send("supervisor:barge", ["chatId": chat]).isOK)
            #expect(scene.ana.socket.received("chat:participant").last?[dynamic: "mode"] == "barge")
            #expect(await scene.boss.send("message:send", ["chatId": chat, "content": "Soy la jefa"]).isOK)
            #expect(scene.visitor.socket.received("message:new").last?[dynamic: "content"] == "Soy la jefa")
            #expect(await scene.whisper().isOK)
            let forced = await scene.boss.send(
                "chat:assign", ["chatId": chat, "commercialId": "luis", "force": true])
            #expect(forced.isOK)
            #expect(await scene.boss.send("supervisor:takeover", ["chatId": chat]).isOK)
            #expect(
                await scene.boss.send("chat:assign", ["chatId": chat, "commercialId": "ana", "force": true]).isOK)
            #expect(await scene.boss.send("chat:close", ["chatId": chat]).isOK)
            let acts = try await fixture.services.database.transaction(.workspace("default")) { sql in
                try sql.query(
                    """
                    select action, detail::text from audit
                    where actor_id = 'boss' and actor_role = 'supervisor' and chat_id = $1::uuid
                        and action <> 'chat.moved'
                    order by id
                    """, [.text(scene.chat)]
                ).map { (try $0.text(0), try $0.text(1)) }
            }
            #expect(
                acts.map(\.0) == [
                    "chat.monitored", "chat.barged", "chat.whispered", "chat.forced", "chat.taken_over", "chat.forced",
                    "chat.force_closed",
                ])
            #expect(!acts.contains { $0.1.contains(Self.secret) })
        }
    }
}
