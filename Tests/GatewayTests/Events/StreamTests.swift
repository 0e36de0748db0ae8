import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Answers that come piece by piece: who sees them, and that they end with the right to write them.
@Suite struct StreamTests {
    private static func delta(
        _ bot: TestClient, _ chat: String, _ index: Int, _ text: String = "x", stream: String = "s",
        done: Bool = false
    ) async -> JSONValue {
        await bot.send(
            "message:delta",
            [
                "chatId": .string(chat), "streamId": .string(stream), "index": .int(index), "text": .string(text),
                "done": .bool(done),
            ])
    }

    private static func pieces(_ client: TestClient) -> [String] {
        client.socket.received("message:delta").compactMap { $0[dynamic: "text"].string }
    }

    private static func failures(_ client: TestClient) -> [JSONValue] {
        client.socket.received("message:failed").map { $0[dynamic: "reason"] }
    }

    @Test func aStreamEndsInItsMessage() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let stranger = try await fixture.connect(.visitor, "stranger")
            let boss = try await fixture.connect(.supervisor, "boss")
            let chat = try await visitor.say("hola")
            #expect(await boss.send("supervisor:monitor", ["chatId": .string(chat)]).isOK)
            #expect(await Self.delta(bot, chat, 0, "Bue").isOK)
            // Who comes in the middle gets what follows, and the message.
            let late = try await fixture.connect(.visitor, "v")
            #expect(await Self.delta(bot, chat, 1, "nos ").isOK)
            #expect(await Self.delta(bot, chat, 1, "nos ")[dynamic: "duplicate"] == true)
            let gap = await Self.delta(bot, chat, 3, "?")
            #expect(gap.errorCode == "conflict")
            #expect(gap[dynamic: "error"][dynamic: "details"][dynamic: "expected"] == 2)
            #expect(await Self.delta(bot, chat, 2, "días", done: true).isOK)
            #expect(await Self.delta(bot, chat, 3, "más").errorCode == "bad_state")
            // Nothing of it is stored yet.
            #expect(try await fixture.chat(chat).seq == 1)
            let sent = await bot.send(
                "message:send",
                ["chatId": .string(chat), "content": "Buenos días", "turnId": "1.1", "streamId": "s"])
            #expect(sent[dynamic: "seq"] == 2)
            #expect(await Self.delta(bot, chat, 4).errorCode == "bad_state")
            for client in [visitor, boss] { #expect(Self.pieces(client) == ["Bue", "nos ", "días"]) }
            #expect(Self.pieces(late) == ["nos ", "días"])
            for client in [visitor, late, boss] {
                #expect(client.socket.received("message:new").last?[dynamic: "streamId"] == "s")
                #expect(Self.failures(client).isEmpty)
            }
            #expect(Self.pieces(stranger).isEmpty && Self.pieces(bot).isEmpty)
            let history = await late.send("chat:history", ["chatId": .string(chat)])[dynamic: "messages"].array
            #expect(history?.map { $0[dynamic: "content"] } == ["hola", "Buenos días"])
            #expect(history?.last?[dynamic: "streamId"] == "s")
            // The next turn has a stream of its own.
            _ = try await visitor.say("¿y?")
            #expect(await Self.delta(bot, chat, 0, stream: "t").isOK)
        }
    }

    @Test func onlyWhoHasTheChatStreams() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let other = try await fixture.connect(.ai, "other", takesChats: false)
            let reader = try await fixture.connect(.ai, "reader", scopes: [.analytics])
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            #expect(await Self.delta(other, chat, 0).errorCode == "not_owner")
            #expect(await Self.delta(reader, chat, 0).errorCode == "forbidden")
            #expect(await Self.delta(visitor, chat, 0).errorCode == "forbidden")
            #expect(await Self.delta(bot, chat, 0).isOK)
            // Nor does anybody else end it, or go on with it.
            #expect(await Self.delta(other, chat, 0, stream: "theirs").errorCode == "not_owner")
            #expect(await Self.delta(other, chat, 1).errorCode == "conflict")
            #expect(await Self.delta(bot, chat, 1).isOK)
            #expect(Self.pieces(visitor).count == 2)
            #expect(Self.failures(visitor).isEmpty)
        }
    }

    @Test func theVisitorStopsIt() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let stranger = try await fixture.connect(.visitor, "stranger")
            let chat = try await visitor.say("hola")
            #expect(await Self.delta(bot, chat, 0).isOK)
            let cancel: JSONValue = ["chatId": .string(chat), "streamId": "s"]
            #expect(await stranger.send("message:cancel", cancel).errorCode == "not_found")
            #expect(await ana.send("message:cancel", cancel).errorCode == "not_owner")
            #expect(await visitor.send("message:cancel", cancel)[dynamic: "cancelled"] == true)
            #expect(await visitor.send("message:cancel", cancel)[dynamic: "cancelled"] == false)
            let heard = try #require(bot.socket.received("message:cancel").first)
            #expect(heard[dynamic: "streamId"] == "s")
            #expect(heard[dynamic: "reason"] == "cancelled")
            #expect(heard[dynamic: "by"] == ["role": "visitor"])
            #expect(Self.failures(visitor) == ["cancelled"])
            #expect(await Self.delta(bot, chat, 1).errorCode == "bad_state")
            #expect(await Self.delta(bot, chat, 0).errorCode == "bad_state")
            #expect(Self.pieces(visitor).count == 1)
            // What it has may still be said, and another stream begin.
            #expect(await bot.send("message:send", ["chatId": .string(chat), "content": "x", "streamId": "s"]).isOK)
            #expect(await Self.delta(bot, chat, 0, stream: "t").isOK)
        }
    }

    /// Whoever takes the chat, and however: nothing of the stream comes after the news of it.
    @Test func aTakeOverEndsIt() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let boss = try await fixture.connect(.supervisor, "boss")
            for round in 0..<10 {
                let visitor = try await fixture.connect(.visitor, "v\(round)")
                let chat = try await visitor.say("hola")
                #expect(await Self.delta(bot, chat, 0).isOK)
                let taken = Task { await boss.send("supervisor:takeover", ["chatId": .string(chat)]) }
                for index in 1..<20 { _ = await Self.delta(bot, chat, index) }
                #expect(await taken.value.isOK)
                #expect(await Self.delta(bot, chat, 20).errorCode == "bad_state")
                #expect(await Self.delta(bot, chat, 0, stream: "t").errorCode == "not_owner")
                #expect(Self.failures(visitor) == ["taken_over"])
                let events = visitor.socket.received.map(\.event)
                let news = try #require(events.firstIndex(of: "chat:assigned"))
                #expect(!events[news...].contains("message:delta"))
                #expect(
                    bot.socket.received("message:cancel").last?[dynamic: "reason"] == "taken_over")
            }
        }
    }

    @Test func itHasBounds() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let long = String(repeating: "ñ", count: 2000)
            for index in 0..<4 { #expect(await Self.delta(bot, chat, index, long).isOK) }
            #expect(await Self.delta(bot, chat, 4, "x").errorCode == "too_large")
            #expect(await Self.delta(bot, chat, 4, long + "x").errorField == "text")
            // Its deadline moved once, as for typing.
            #expect(try await fixture.chat(chat).botDeadlineMoved)
        }
    }

    @Test func tooManyPiecesAtOnceAreRefused() throws {
        let board = StreamBoard()
        let chat = ChatKey(workspace: "w", chat: "c")
        let stream = StreamBoard.Stream(id: "s", bot: Participant(role: .ai, id: "b"), socket: "1")
        let start = ContinuousClock.now
        _ = try board.begin(stream, in: chat, now: start)
        try board.confirm(stream, in: chat, epoch: 1)
        var relayed = 0
        func send(_ index: Int, at now: ContinuousClock.Instant) throws(EventError) {
            _ = try board.deliver(
                stream, in: chat, index: Int64(index), scalars: 1, isDone: false, now: now
            ) { relayed += 1 }
        }
        for index in 0..<60 { try send(index, at: start) }
        let refusal = #expect(throws: EventError.self) { try send(60, at: start) }
        #expect(refusal?.code == .rateLimited)
        try send(60, at: start + .milliseconds(50))
        #expect(relayed == 61)
    }

    /// The chat changes hands while the right to stream is being judged.
    @Test func aRightThatWasLostMeanwhileIsNone() throws {
        let board = StreamBoard()
        let chat = ChatKey(workspace: "w", chat: "c")
        let stream = StreamBoard.Stream(id: "s", bot: Participant(role: .ai, id: "b"), socket: "1")
        _ = try board.begin(stream, in: chat)
        #expect(board.end(in: chat, before: 2) == nil)
        let refusal = #expect(throws: EventError.self) { try board.confirm(stream, in: chat, epoch: 1) }
        #expect(refusal?.code == .staleEpoch)
        board.abandon(stream, in: chat)
        // What was judged after the change stands, and ends with the connection.
        _ = try board.begin(stream, in: chat)
        _ = board.end(in: chat, before: 2)
        try board.confirm(stream, in: chat, epoch: 2)
        #expect(board.end(in: chat, before: 2) == nil)
        #expect(board.endAll(socket: "1").map(\.stream) == [stream])
        #expect(board.endAll(socket: "1").isEmpty)
    }
}
