import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Notes are a second stream, and no way leads from it to a visitor.
@Suite struct NoteTests {
    @Test func notesAreNumberedApart() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("uno")
            let ana = try await fixture.connect(.commercial, "ana")
            let first = await ana.send("message:send", ["chatId": .string(chat), "content": "n1", "type": "note"])
            #expect(first[dynamic: "noteSeq"] == 1)
            #expect(first[dynamic: "afterSeq"] == 1)
            #expect(first[dynamic: "seq"] == .null)
            _ = try await visitor.say("dos")
            let second = await ana.send("message:send", ["chatId": .string(chat), "content": "n2", "private": true])
            #expect(second[dynamic: "noteSeq"] == 2)
            #expect(second[dynamic: "afterSeq"] == 2)
            #expect(try await fixture.chat(chat).seq == 2)
            // Notes take nothing over.
            #expect(try await fixture.chat(chat).owner == nil)
        }
    }

    @Test func noVisitorSeesANoteByAnyWay() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let ana = try await fixture.connect(.commercial, "ana")
            await ana.send("chat:join", ["chatId": .string(chat)])
            await ana.send(
                "message:send", ["chatId": .string(chat), "content": "SECRETO", "type": "note", "clientMsgId": "n"])
            await bot.send("message:send", ["chatId": .string(chat), "content": "SECRETO", "private": true])
            await ana.send("typing:start", ["chatId": .string(chat), "preview": "SECRETO"])
            await ana.send(
                "chat:update",
                ["chatId": .string(chat), "updates": ["metadata": ["x": "SECRETO"], "tags": ["SECRETO"]]])

            let join = await visitor.send("chat:join", ["chatId": .string(chat), "afterNoteSeq": 0])
            #expect(join.isOK)
            for key in ["notes", "lastNoteSeq", "hasMoreNotes"] { #expect(join[dynamic: key] == .null) }
            _ = await visitor.send("chat:join", ["chatId": .string(chat), "afterSeq": 0])
            _ = await visitor.send("chat:history", ["chatId": .string(chat)])
            _ = await visitor.send("chat:history", ["chatId": .string(chat), "afterSeq": 0])
            _ = await visitor.send("chat:create", ["firstMessage": "otra"])
            _ = await visitor.send(
                "ping", ["timestamp": 1, "chats": .object(JSONObject([.init(key: chat, value: 0)]))])
            // Neither by the sender's client id, nor in another role's disguise.
            let disguised = await visitor.send(
                "message:send", ["chatId": .string(chat), "content": "x", "clientMsgId": "n", "type": "user"])
            #expect(disguised.isOK)
            let forbidden = await visitor.send(
                "message:send", ["chatId": .string(chat), "content": "x", "type": "note"])
            #expect(forbidden.errorCode == "forbidden")
            let again = try await fixture.connect(.visitor, "v")
            _ = await ana.send("chat:close", ["chatId": .string(chat)])
            // The repair finds nothing that would get out this way either.
            await fixture.relay.poll()
            await fixture.relay.poll()

            for client in [visitor, again] {
                for (event, body) in client.socket.received {
                    #expect(!body.description.contains("SECRETO"), "\(event)")
                    #expect(body[dynamic: "private"] != true, "\(event)")
                    #expect(!body.description.contains("oteSeq"), "\(event)")
                }
            }
            // The test would be worth nothing if nobody had got it.
            #expect(bot.socket.received("message:new").contains { $0[dynamic: "content"] == "SECRETO" })
            #expect(ana.socket.received("message:new").contains { $0[dynamic: "noteSeq"] == 2 })
        }
    }

    @Test func staffReplayNotes() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let ana = try await fixture.connect(.commercial, "ana")
            for index in 1...3 {
                await ana.send(
                    "message:send", ["chatId": .string(chat), "content": .string("n\(index)"), "type": "note"])
            }
            let boss = try await fixture.connect(.supervisor, "boss")
            let all = await boss.send("chat:join", ["chatId": .string(chat)])
            #expect(all[dynamic: "notes"].array?.map { $0[dynamic: "noteSeq"] } == [1, 2, 3])
            #expect(all[dynamic: "messages"].array?.count == 1)
            let rest = await boss.send("chat:join", ["chatId": .string(chat), "afterNoteSeq": 2])
            #expect(rest[dynamic: "notes"].array?.map { $0[dynamic: "noteSeq"] } == [3])
        }
    }
}
