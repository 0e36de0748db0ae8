import Assignment
import Glibc
import SocketIO
import Storage
import Testing

@testable import Gateway

@Suite struct JoinTests {
    @Test func aJoinReplaysWhatWasAskedFor() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("1")
            for index in 2...5 { _ = try await visitor.say("\(index)") }
            func join(_ fields: JSONObject) async -> JSONValue {
                var payload = fields
                payload["chatId"] = .string(chat)
                return await visitor.send("chat:join", .object(payload))
            }
            func seqs(_ ack: JSONValue) -> [Int] {
                ack[dynamic: "messages"].array?.compactMap { $0[dynamic: "seq"].int } ?? []
            }

            let all = await join([:])
            #expect(seqs(all) == [1, 2, 3, 4, 5])
            #expect(all[dynamic: "lastSeq"] == 5)
            #expect(all[dynamic: "hasMore"] == false)
            let newest = await join(["limit": 2])
            #expect(seqs(newest) == [4, 5])
            #expect(newest[dynamic: "hasMore"] == true)
            let next = await join(["afterSeq": 1, "limit": 2])
            #expect(seqs(next) == [2, 3])
            #expect(next[dynamic: "hasMore"] == true)
            let rest = await join(["afterSeq": 3])
            #expect(seqs(rest) == [4, 5])
            #expect(rest[dynamic: "hasMore"] == false)
            #expect(seqs(await join(["afterSeq": 99])).isEmpty)
            #expect(await join(["afterSeq": -1]).errorCode == "bad_payload")

            let before = await visitor.send("chat:history", ["chatId": .string(chat), "beforeSeq": 4, "limit": 2])
            #expect(seqs(before) == [2, 3])
            #expect(before[dynamic: "hasMore"] == true)
        }
    }

    /// Sockets that join while others write: after the ack every message above `lastSeq` once, in order, none below; and
    /// nothing of the chat before.
    @Test(arguments: 0..<4) func aJoinIsABarrier(seed: Int) async throws {
        try await EventsFixture.with { fixture in
            let writers = try await [fixture.connect(.visitor, "v"), fixture.connect(.visitor, "v")]
            let chat = try await writers[0].say("start")
            var joiners: [TestClient] = []
            for index in 0..<6 { joiners.append(try await fixture.connect(.supervisor, "boss\(index)")) }
            let listener = try await fixture.connect(.ai, "listener", takesChats: false)
            let total = 60
            let acks = await withTaskGroup(of: (Int, JSONValue)?.self) { group in
                for writer in writers {
                    group.addTask {
                        for _ in 0..<(total / 2) {
                            let ack = await writer.send("message:send", ["chatId": .string(chat), "content": "x"])
                            #expect(ack.isOK, "\(ack)")
                        }
                        return nil
                    }
                }
                for (index, joiner) in joiners.enumerated() {
                    group.addTask {
                        // Each at another point of the stream, without a clock: after so many messages.
                        while listener.seqs.count < (index + seed) * 6 + 1 {
                            try? await Task.sleep(for: .milliseconds(1))
                        }
                        return (index, await joiner.send("chat:join", ["chatId": .string(chat)]))
                    }
                }
                return await group.reduce(into: [Int: JSONValue]()) { if let (index, ack) = $1 { $0[index] = ack } }
            }
            for (index, joiner) in joiners.enumerated() {
                let ack = try #require(acks[index])
                let lastSeq = try #require(ack[dynamic: "lastSeq"].int)
                let replay = ack[dynamic: "messages"].array?.compactMap { $0[dynamic: "seq"].int }
                #expect(replay == Array(1...lastSeq))
                let events = joiner.socket.received.filter { $0.event == "message:new" || $0.event == "ack" }
                #expect(events.first?.event == "ack")
                let live = events.dropFirst().compactMap { $0.body[dynamic: "seq"].int }
                #expect(live == Array((lastSeq + 1)..<(total + 2)), "joined at \(lastSeq)")
            }
        }
    }

    @Test func aMonitorIsInvisible() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let ana = try await fixture.connect(.commercial, "ana")
            await ana.send("chat:join", ["chatId": .string(chat)])
            let boss = try await fixture.connect(.supervisor, "boss")
            await boss.send("chat:join", ["chatId": .string(chat), "mode": "monitor"])
            await boss.send("typing:start", ["chatId": .string(chat)])
            await boss.send("message:read", ["chatId": .string(chat), "seq": 1])
            #expect(ana.socket.received("chat:participant").isEmpty)
            #expect(visitor.socket.received.allSatisfy { $0.event != "typing:start" && $0.event != "message:receipt" })
            let join = await ana.send("chat:join", ["chatId": .string(chat)])
            #expect(!join[dynamic: "participants"].description.contains("boss"))
            await boss.send("chat:join", ["chatId": .string(chat), "mode": "barge"])
            #expect(ana.socket.received("chat:participant").last?[dynamic: "participant"][dynamic: "id"] == "boss")
            #expect(await ana.send("chat:join", ["chatId": .string(chat), "mode": "monitor"]).errorCode == "forbidden")
        }
    }

    @Test func whoGoesOnUnseenHasLeft() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let ana = try await fixture.connect(.commercial, "ana")
            await ana.send("chat:join", ["chatId": .string(chat)])
            let boss = try await fixture.connect(.supervisor, "boss")
            await boss.send("chat:join", ["chatId": .string(chat)])
            await boss.send("chat:join", ["chatId": .string(chat), "mode": "monitor"])
            #expect(ana.socket.received("chat:participant").map { $0[dynamic: "action"] } == ["joined", "left"])
            // A second, unseen window does not keep the seen one in the chat.
            let other = try await fixture.connect(.supervisor, "boss")
            await other.send("chat:join", ["chatId": .string(chat)])
            await other.send("chat:leave", ["chatId": .string(chat)])
            #expect(ana.socket.received("chat:participant").last?[dynamic: "action"] == "left")
        }
    }

    @Test func whoMayOnlyWriteNotesIsNotSeenByTheVisitor() async throws {
        try await EventsFixture.with { fixture in
            let owner = try await fixture.connect(.ai, "owner")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let other = try await fixture.connect(.ai, "other")
            let boss = try await fixture.connect(.supervisor, "boss")
            let ana = try await fixture.connect(.commercial, "ana")
            await ana.send("chat:join", ["chatId": .string(chat)])
            await boss.send("chat:join", ["chatId": .string(chat)])
            for client in [other, boss] {
                await client.send("typing:start", ["chatId": .string(chat), "preview": "x"])
                await client.send("message:read", ["chatId": .string(chat), "seq": 1])
            }
            let join = await visitor.send("chat:join", ["chatId": .string(chat)])
            #expect(join[dynamic: "typing"].array?.isEmpty == true)
            for client in [other, boss] { await client.send("typing:stop", ["chatId": .string(chat)]) }
            let events: Set = ["typing:start", "typing:stop", "message:receipt"]
            #expect(visitor.socket.received.allSatisfy { !events.contains($0.event) })
            for event in events { #expect(ana.socket.received(event).count == 2, "\(event)") }
            // Previews too are told at intervals, not as fast as somebody types.
            for _ in 0..<50 { await owner.send("typing:start", ["chatId": .string(chat), "preview": "y"]) }
            #expect(visitor.socket.received("typing:start").count < 50)
            await boss.send("chat:join", ["chatId": .string(chat), "mode": "barge"])
            await boss.send("typing:start", ["chatId": .string(chat)])
            #expect(visitor.socket.received("typing:start").last?[dynamic: "actor"][dynamic: "id"] == "boss")
        }
    }

    @Test func aVisitorLearnsWhoHasTheChatOnlyFromItsAssignment() async throws {
        try await EventsFixture.with { fixture in
            _ = try await fixture.connect(.ai, "bot")
            _ = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            _ = try await visitor.say("hola")
            let ack = await visitor.send("chat:escalate")
            #expect(ack[dynamic: "status"] == "active")
            #expect(ack.object?["commercialId"] == nil && ack.object?["assignmentId"] == nil)
        }
    }

    @Test func leavingIsHearingNothing() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let boss = try await fixture.connect(.supervisor, "boss")
            await boss.send("chat:join", ["chatId": .string(chat)])
            _ = try await visitor.say("uno")
            #expect(await boss.send("chat:leave", ["chatId": .string(chat)]).isOK)
            _ = try await visitor.say("dos")
            #expect(boss.socket.received("message:new").map { $0[dynamic: "content"] } == ["uno"])
        }
    }

    /// A message whose receivers are known already comes before the answer to who leaves at that moment, not behind it.
    @Test func theAnswerIsTheLastThatWhoLeavesHears() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let boss = try await fixture.connect(.supervisor, "boss")
            await boss.send("chat:join", ["chatId": .string(chat)])
            boss.socket.forget()
            let (holds, held) = AsyncStream.makeStream(of: Void.self)
            let room = Room.chatPublic("default", chat)
            fixture.hub.hold("message:new") {
                held.yield()
                // Until they have left the room, and a moment longer, in which an answer would come too early.
                for _ in 0..<300 where boss.socket.isIn(room) { usleep(10_000) }
                usleep(100_000)
            }
            async let said = visitor.say("uno")
            for await _ in holds { break }
            let answer = await boss.send("chat:leave", ["chatId": .string(chat)])
            _ = try await said
            #expect(answer.isOK)
            #expect(
                boss.socket.received.map(\.event).filter { $0 == "message:new" || $0 == "ack" } == [
                    "message:new", "ack",
                ])
        }
    }

    /// Bots hear of every chat without joining, until they leave it.
    @Test func botsHearWhoTypes() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let away = try await fixture.connect(.ai, "away", takesChats: false)
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            #expect(await away.send("chat:leave", ["chatId": .string(chat)]).isOK)
            await visitor.send("typing:start", ["chatId": .string(chat), "preview": "¿y"])
            await visitor.send("typing:stop", ["chatId": .string(chat)])
            #expect(bot.socket.received("typing:start").map { $0[dynamic: "preview"] } == ["¿y"])
            #expect(bot.socket.received("typing:stop").count == 1)
            #expect(away.socket.received.allSatisfy { !$0.event.hasPrefix("typing:") })
        }
    }

    @Test func typingIsToldOnceAndNotToOneself() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            let deadline = try #require(try await fixture.chat(chat).botDeadline)
            for _ in 0..<50 { await bot.send("typing:start", ["chatId": .string(chat), "typerId": "somebody"]) }
            let told = visitor.socket.received("typing:start")
            #expect(told.count == 1)
            #expect(told.first?[dynamic: "actor"][dynamic: "id"] == "bot")
            #expect(bot.socket.received("typing:start").isEmpty)
            // The bot is at work: once, it has three times as long.
            let moved = try #require(try await fixture.chat(chat).botDeadline)
            #expect(moved.milliseconds(since: deadline) == 40_000)
            await bot.send("typing:stop", ["chatId": .string(chat)])
            #expect(visitor.socket.received("typing:stop").count == 1)
            await bot.send("typing:start", ["chatId": .string(chat)])
            #expect(try await fixture.chat(chat).botDeadline == moved)
            let eventNo = try await fixture.chat(chat).eventNo
            await visitor.send("typing:start", ["chatId": .string(chat)])
            #expect(try await fixture.chat(chat).eventNo == eventNo)
        }
    }
}
