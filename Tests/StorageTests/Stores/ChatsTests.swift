import Assignment
import Storage
import StorageTestSupport
import Testing

@Suite struct ChatsTests {
    @Test func ofManyAtOnceOneBeginsTheChat() async throws {
        try await StoreStage.with { stage in
            try await stage.run { try Visitors.upsert($0, "w", "v", isVerified: false) }
            let outcomes = try await withThrowingTaskGroup(of: (String, Bool).self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await stage.run { tx in
                            let new = NewChat(visitorID: "v", entry: .waiting(slackMilliseconds: 300_000))
                            let (chat, isNew) = try Chats.createOrLockOpen(tx, "w", new)
                            return (chat.id, isNew)
                        }
                    }
                }
                var outcomes: [(String, Bool)] = []
                for try await outcome in group { outcomes.append(outcome) }
                return outcomes
            }
            #expect(Set(outcomes.map(\.0)).count == 1)
            #expect(outcomes.filter(\.1).count == 1)
        }
    }

    @Test func aNewChatIsAsItWasAskedFor() async throws {
        try await StoreStage.with { stage in
            let bot = try await stage.chat(of: "v1", .bot(StoreStage.bot, answerWithinMilliseconds: 20_000))
            #expect(bot.status == .bot)
            #expect(bot.owner == StoreStage.bot)
            #expect(bot.assignedTo == nil)
            #expect(bot.triedBots == ["bot-1"])
            #expect(bot.botDeadline == bot.createdAt.advanced(byMilliseconds: 20_000))
            #expect((bot.epoch, bot.version, bot.seq) == (1, 1, 0))
            let waiting = try await stage.chat(of: "v2", .waiting(slackMilliseconds: 300_000))
            #expect(waiting.owner == nil)
            #expect(waiting.firstQueuedAt == waiting.createdAt)
            #expect(waiting.routeKey == waiting.createdAt.advanced(byMilliseconds: 300_000))
            let opening = waiting.createdAt.advanced(byMilliseconds: 3_600_000)
            let offline = try await stage.chat(of: "v3", .offline(nextOpenAt: opening))
            #expect(offline.status == .offline)
            #expect(offline.routeKey == nil)
            #expect(offline.firstQueuedAt == offline.createdAt)
            #expect((offline.nextOpenAt, offline.lookAt) == (opening, opening))
            let again = try await stage.run { try Chats.find($0, "w", waiting.id) }
            #expect(again?.id == waiting.id)
            let foreign = try await stage.run(.workspace("other")) { try Chats.lock($0, "other", waiting.id) }
            #expect(foreign == nil)
            for id in ["", "nope", waiting.id.uppercased(), waiting.id + " ", "{\(waiting.id)}"] {
                let found = try await stage.run { try Chats.lock($0, "w", id) }
                #expect(found == nil, "\(id)")
            }
        }
    }

    @Test func ownersCountTheEpochAndLeaveAnAuditRow() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let started = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: 20_000))
            try await stage.run { tx in
                let first = started.createdAt
                let waiting = try Chats.enqueue(
                    tx, started, firstQueuedAt: first, routeKey: first.advanced(byMilliseconds: 60_000), by: .system,
                    reason: "escalated")
                #expect(waiting.owner == nil)
                #expect((waiting.epoch, waiting.version) == (2, 2))
                #expect(waiting.botDeadline == nil)
                #expect(waiting.queuedAt != nil)
                let (active, assignment) = try #require(try StoreStage.assign(tx, waiting, to: StoreStage.ana))
                #expect(active.assignedTo == "ana")
                #expect(active.owner == StoreStage.ana)
                #expect(active.epoch == 3)
                #expect(active.firstQueuedAt == first, "a requeue will need its old place")
                #expect(active.queuedAt == nil)
                #expect(active.waitedMilliseconds >= 0)
                _ = try Assignments.end(tx, assignment, reason: "closed")
                _ = try Commercials.release(tx, "w", "ana", weight: assignment.weight)
                let closed = try Chats.close(tx, active, reason: .resolved, by: StoreStage.ana)
                #expect(closed.owner == nil)
                #expect(closed.closedBy == Participant(role: .commercial, id: "ana"))
                #expect(closed.closeReason == .resolved)
                #expect(closed.epoch == 4)
                let reopened = try Chats.giveToBot(
                    tx, closed, StoreStage.bot, answerWithin: 1000, by: .system, reason: "reopened")
                #expect(reopened.epoch == 5)
                #expect(reopened.closedAt == nil && reopened.closedBy == nil && reopened.closeReason == nil)
                #expect(reopened.triedBots == ["bot-1"])
                let audit = try tx.query(
                    "select action, detail ->> 'epoch' from audit where chat_id = $1::uuid order by id",
                    [.text(started.id)])
                #expect(try audit.map { try $0.text(1) } == ["1", "2", "3", "4", "5"])
            }
        }
    }

    @Test func aDecisionOnAnOldEpochChangesNothing() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            try await stage.run { tx in
                let other = Participant(role: .ai, id: "bot-2")
                let passed = try Chats.giveToBot(tx, chat, other, answerWithin: nil, by: .system, reason: "silent")
                #expect(passed.triedBots == ["bot-1", "bot-2"])
            }
            let refusal = try await stage.refusal {
                try Chats.close($0, chat, reason: .resolved, by: StoreStage.bot)
            }
            #expect(refusal?.code == .contention)
            let fields = try await stage.refusal { try Chats.update($0, chat, ChatChanges(priority: .high)) }
            #expect(fields?.code == .contention)
        }
    }

    @Test func fieldsMergeAndCountTheVersion() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v", metadata: JSONText(#"{"a":{"b":1,"c":2},"d":[1]}"#))
            try await stage.run { tx in
                let patch = JSONText(#"{"a":{"b":null,"e":{"f":true}},"d":[2,3]}"#)
                let changed = try Chats.update(
                    tx, chat,
                    ChatChanges(
                        priority: .urgent, language: "es", aiStatus: "processing", tags: ["urgente"],
                        metadataPatch: patch, routeKey: chat.createdAt, escalationReason: "asked"))
                #expect(changed.version == chat.version + 1)
                #expect(changed.epoch == chat.epoch)
                #expect(changed.priority == .urgent)
                #expect(changed.queue == "default")
                #expect(changed.tags == ["urgente"])
                #expect(changed.aiStatus == "processing")
                #expect(changed.routeKey == chat.createdAt)
                #expect(changed.escalationReason == "asked" && changed.escalatedAt != nil)
                let same = try tx.query(
                    #"select $1::jsonb = '{"a":{"c":2,"e":{"f":true}},"d":[2,3]}'"#, [.text(changed.metadata.text)]
                ).first?.bool(0)
                #expect(same == true, "\(changed.metadata)")
                let untouched = try Chats.update(tx, changed, ChatChanges())
                #expect(untouched.tags == ["urgente"] && untouched.metadata == changed.metadata)
            }
            let large = JSONText(#"{"x":"\#(String(repeating: "y", count: 16_384))"}"#)
            let refusal = try await stage.refusal { tx in
                let locked = try #require(try Chats.lock(tx, "w", chat.id))
                return try Chats.update(tx, locked, ChatChanges(metadataPatch: large))
            }
            #expect(refusal?.constraint == "chats_metadata_size")
        }
    }

    @Test func theFirstTypingAloneMovesTheBotsDeadline() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: 20_000))
            try await stage.run { tx in
                let stranger = try Chats.extendBotDeadline(tx, "w", chat.id, bot: "bot-2", byMilliseconds: 40_000)
                #expect(stranger == nil)
                let moved = try Chats.extendBotDeadline(tx, "w", chat.id, bot: "bot-1", byMilliseconds: 40_000)
                #expect(moved == chat.createdAt.advanced(byMilliseconds: 60_000))
                let again = try Chats.extendBotDeadline(tx, "w", chat.id, bot: "bot-1", byMilliseconds: 40_000)
                #expect(again == nil)
                #expect(try Chats.dueBots(tx).isEmpty)
                let locked = try #require(try Chats.lock(tx, "w", chat.id))
                #expect(locked.botDeadlineMoved)
                try tx.execute("update chats set bot_deadline = clock_timestamp()")
                #expect(try Chats.dueBots(tx).map(\.id) == [chat.id])
                try tx.execute("update chats set bot_deadline = null")
                #expect(try Chats.dueBots(tx).isEmpty)
            }
        }
    }

    @Test func theLineIsOrderedByRouteKey() async throws {
        try await StoreStage.with { stage in
            let low = try await stage.chat(of: "v1", .waiting(slackMilliseconds: 1_200_000))
            let normal = try await stage.chat(of: "v2", .waiting(slackMilliseconds: 300_000))
            let urgent = try await stage.chat(of: "v3", .waiting(slackMilliseconds: 0))
            _ = try await stage.chat(of: "v4", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            try await stage.run { tx in
                let heads = try Dispatch.heads(tx, "w", queue: "default")
                #expect(heads.map(\.id) == [urgent.id, normal.id, low.id])
                #expect(try Dispatch.heads(tx, "w", queue: "default", limit: 1).map(\.id) == [urgent.id])
                #expect(try Chats.position(tx, of: low) == 3)
                #expect(try Chats.position(tx, of: urgent) == 1)
                let queues = try Dispatch.waitingQueues(tx)
                #expect(queues.count == 1 && queues[0].workspace == "w" && queues[0].waiting == 3)
            }
        }
    }

    @Test func listsShowWhatSomebodyHasOpen() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let mine = try await stage.chat(of: "v1")
            let line = try await stage.chat(of: "v2")
            try await stage.run { tx in
                let chat = try #require(try Chats.lock(tx, "w", mine.id))
                let written = try Messages.append(tx, chat, .from("v1", "hola")).chat
                let active = try #require(try StoreStage.assign(tx, written, to: StoreStage.ana)).chat
                let mark = try Chats.markRead(tx, active, by: StoreStage.ana, seq: 99)
                #expect(mark.readSeq == 1 && mark.moved, "nobody reads beyond the last message")
                let again = try Chats.markRead(tx, active, by: StoreStage.ana, seq: 0)
                #expect(again.readSeq == 1 && !again.moved)
                let owned = try Chats.owned(tx, "w", by: StoreStage.ana)
                #expect(owned.map(\.chat.id) == [mine.id])
                #expect(owned.map(\.readSeq) == [1])
                #expect(try Chats.owned(tx, "w", by: StoreStage.beto).isEmpty)
                #expect(try Chats.open(tx, "w", ofVisitor: "v2").map(\.chat.id) == [line.id])
                let all = try Chats.open(tx, "w", inQueues: nil, readBy: StoreStage.beto)
                #expect(all.map(\.chat.id) == [line.id, mine.id], "newest first")
                #expect(all.map(\.readSeq) == [0, 0])
                #expect(try Chats.open(tx, "w", inQueues: ["sales"], readBy: StoreStage.beto).isEmpty)
                #expect(try Chats.open(tx, "w", inQueues: ["default"], readBy: StoreStage.beto, limit: 1).count == 1)
            }
        }
    }

    @Test func theLastClosedChatCountsWithinItsWindow() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v")
            try await stage.run { tx in
                #expect(try Chats.lockOpen(tx, "w", visitor: "v")?.id == chat.id)
                #expect(try Chats.lockLastClosed(tx, "w", visitor: "v", within: 1_000_000) == nil)
                _ = try Chats.close(tx, chat, reason: .abandoned, by: .system)
                #expect(try Chats.lockOpen(tx, "w", visitor: "v") == nil)
                #expect(try Chats.lockLastClosed(tx, "w", visitor: "v", within: 1_000_000)?.id == chat.id)
                #expect(try Chats.lockLastClosed(tx, "w", visitor: "v", within: 0) == nil)
                #expect(try Chats.lastClosedID(tx, "w", visitor: "v") == chat.id)
                #expect(try Visitors.chatCount(tx, "w", "v") == 1)
            }
        }
    }
}
