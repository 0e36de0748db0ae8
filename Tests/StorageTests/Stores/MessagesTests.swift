import Assignment
import Storage
import StorageTestSupport
import Testing

@Suite struct MessagesTests {
    @Test func aMessageIsWrittenWithItsNumberAndItsEvent() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            try await stage.run { tx in
                let deadline = chat.readAt.advanced(byMilliseconds: 20_000)
                let (event, message, after) = try Messages.append(
                    tx, chat, .from("v", "¿Hay \"alguien\"? 👋", id: "m1", metadata: JSONText(#"{"b":1,"a":[2]}"#)),
                    botClock: .set(deadline))
                #expect(message.seq == 1 && after.seq == 1)
                #expect(after.eventNo == 1 && event.eventNo == 1)
                #expect(after.lastVisitorSeq == 1 && after.lastVisitorAt != nil)
                #expect(after.botDeadline == deadline)
                #expect(after.firstResponseAt == nil)
                #expect(after.version == chat.version && after.epoch == chat.epoch)
                #expect(event.body == .messagePosted(MessagePosted(message: message, chat: ChatSummary(after))))
                #expect(try Messages.find(tx, "w", message.id) == message)

                let answer = try Messages.append(
                    tx, after, .from(StoreStage.bot, "Soy un robot.", answering: 1), botClock: .clear)
                #expect(answer.message.seq == 2)
                #expect(answer.message.inReplyToSeq == 1)
                #expect(answer.chat.botPosts == 1)
                #expect(answer.chat.botDeadline == nil)
                #expect(answer.chat.firstResponseAt != nil && answer.chat.firstHumanAt == nil)
                #expect(try Messages.isAnswered(tx, answer.chat, bot: "bot-1", seq: 1))
                #expect(try !Messages.isAnswered(tx, answer.chat, bot: "bot-1", seq: 2))
                #expect(try !Messages.isAnswered(tx, answer.chat, bot: "bot-2", seq: 1))

                let next = try Messages.append(tx, answer.chat, .from("v", "gracias"))
                #expect(next.chat.botPosts == 0)
                #expect(
                    try Outbox.page(tx, "w", chatID: chat.id, after: 0, limit: 10)
                        == [event, answer.event, next.event])
            }
        }
    }

    @Test func aBotAnswersAMessageOnce() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            let answered = try await stage.run { tx in
                let asked = try Messages.append(tx, chat, .from("v", "hola")).chat
                return try Messages.append(tx, asked, .from(StoreStage.bot, "uno", answering: 1)).chat
            }
            let refusal = try await stage.refusal {
                try Messages.append($0, answered, .from(StoreStage.bot, "dos", answering: 1))
            }
            #expect(refusal?.constraint == "messages_one_answer")
            let unbound = try await stage.refusal { try Messages.append($0, answered, .from(StoreStage.bot, "tres")) }
            #expect(unbound == nil)
        }
    }

    @Test func aStaleEpochWritesNothing() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            try await stage.run { tx in
                let other = Participant(role: .ai, id: "bot-2")
                _ = try Chats.giveToBot(tx, chat, other, answerWithin: nil, by: .system, reason: "silent")
            }
            let refusal = try await stage.refusal { try Messages.append($0, chat, .from(StoreStage.bot, "tarde")) }
            #expect(refusal?.code == .contention)
            let page = try await stage.run { try Messages.page($0, chat, .newest, limit: 10) }
            #expect(page.messages.isEmpty)
        }
    }

    /// Many connections write to two chats at once: numbers are dense, in both streams and in the events.
    @Test func numbersAreGaplessUnderARace() async throws {
        try await StoreStage.with { stage in
            let chats = [
                try await stage.chat(of: "v1"), try await stage.chat(of: "v2"),
            ]
            try await withThrowingTaskGroup { group in
                for index in 0..<120 {
                    group.addTask {
                        let chat = chats[index % 2]
                        try await stage.run { tx in
                            let locked = try #require(try Chats.lock(tx, "w", chat.id))
                            if index % 3 == 0 {
                                let note = NewMessage(sender: StoreStage.ana, type: .note, content: "nota \(index)")
                                _ = try Notes.append(tx, locked, note)
                            } else {
                                _ = try Messages.append(tx, locked, .from(chat.visitorID, "hola \(index)"))
                            }
                            // Every fifth transaction fails after it took its numbers, and leaves no gap.
                            if index % 5 == 4 { throw Undone() }
                        }
                    }
                }
                while let result = await group.nextResult() {
                    if case .failure(let error) = result, !(error is Undone) { throw error }
                }
            }
            for chat in chats {
                try await stage.run { tx in
                    let now = try #require(try Chats.find(tx, "w", chat.id))
                    let messages = try Messages.page(tx, chat, .after(0), limit: 500).messages
                    #expect(messages.map(\.seq) == Array(1...now.seq))
                    let notes = try Notes.page(tx, chat, after: 0, for: .others, limit: 500).notes
                    #expect(notes.map(\.noteSeq) == Array(1...now.noteSeq))
                    let events = try Outbox.page(tx, "w", chatID: chat.id, after: 0, limit: 500)
                    #expect(events.map(\.eventNo) == (1...now.eventNo).map { $0 })
                    #expect(Int64(messages.count + notes.count) == now.eventNo && now.eventNo == 48)
                }
            }
        }
    }

    private struct Undone: Error {}

    @Test func aClientIdYieldsOneMessage() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v")
            try await stage.run { tx in
                let metadata = JSONText(#"{ "x": 1.0 }"#)
                let sent = NewMessage.from("v", "hola", id: "m1", metadata: metadata)
                #expect(try Messages.duplicate(tx, "w", sent, chatID: chat.id) == nil)
                let (_, stored, _) = try Messages.append(tx, chat, sent)
                #expect(try Messages.duplicate(tx, "w", sent, chatID: chat.id) == .same(.message(stored)))
                #expect(try Messages.duplicate(tx, "w", sent, chatID: nil) == .same(.message(stored)))
                #expect(try Messages.duplicate(tx, "w", sent, chatID: "nope") == nil)
                var other = sent
                other.content = "adiós"
                #expect(try Messages.duplicate(tx, "w", other, chatID: nil) == .conflict(.message(stored)))
                other = sent
                other.metadata = .emptyObject
                #expect(try Messages.duplicate(tx, "w", other, chatID: chat.id) == .conflict(.message(stored)))
                other = sent
                other.replyTo = stored.id
                #expect(try Messages.duplicate(tx, "w", other, chatID: chat.id) == .conflict(.message(stored)))
                other = sent
                other.clientMessageID = "m2"
                #expect(try Messages.duplicate(tx, "w", other, chatID: chat.id) == nil)
                other = sent
                other.clientMessageID = nil
                #expect(try Messages.duplicate(tx, "w", other, chatID: chat.id) == nil)
                #expect(try Messages.duplicate(tx, "w", .from("v2", "hola", id: "m1"), chatID: nil) == nil)
            }
        }
    }

    @Test func aNoteAndAMessageUnderOneClientIdConflict() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            try await stage.run { tx in
                let note = NewMessage(
                    sender: StoreStage.bot, type: .aiResponse, content: "hm", clientMessageID: "n1")
                let (_, stored, after) = try Notes.append(tx, chat, note)
                #expect((stored.noteSeq, stored.afterSeq) == (1, 0))
                #expect(try Notes.find(tx, "w", stored.id) == stored)
                let same = try Messages.duplicate(tx, "w", note, chatID: chat.id, isPrivate: true)
                #expect(same == .same(.note(stored)))
                #expect(try Messages.duplicate(tx, "w", note, chatID: chat.id) == .conflict(.note(stored)))
                let public1 = NewMessage(
                    sender: StoreStage.bot, type: .aiResponse, content: "hola", clientMessageID: "n2")
                let (_, message, last) = try Messages.append(tx, after, public1)
                let other = try Messages.duplicate(tx, "w", public1, chatID: nil, isPrivate: true)
                #expect(other == .conflict(.message(message)))
                let (_, second, _) = try Notes.append(
                    tx, last, NewMessage(sender: StoreStage.ana, type: .note, content: "después"))
                #expect((second.noteSeq, second.afterSeq) == (2, 1))
            }
        }
    }

    @Test func pagesAreAscendingAndSayWhetherThereIsMore() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v")
            try await stage.run { tx in
                var now = chat
                for number in 1...7 { now = try Messages.append(tx, now, .from("v", "m\(number)")).chat }
                func page(_ range: PageRange, _ limit: Int) throws -> ([Int64], Bool) {
                    let (messages, hasMore) = try Messages.page(tx, chat, range, limit: limit)
                    return (messages.map(\.seq), hasMore)
                }
                #expect(try page(.newest, 3) == ([5, 6, 7], true))
                #expect(try page(.newest, 7) == ([1, 2, 3, 4, 5, 6, 7], false))
                #expect(try page(.newest, 500) == ([1, 2, 3, 4, 5, 6, 7], false))
                #expect(try page(.after(0), 3) == ([1, 2, 3], true))
                #expect(try page(.after(4), 3) == ([5, 6, 7], false))
                #expect(try page(.after(7), 3) == ([], false))
                #expect(try page(.after(.max), 3) == ([], false))
                #expect(try page(.before(5), 3) == ([2, 3, 4], true))
                #expect(try page(.before(4), 3) == ([1, 2, 3], false))
                #expect(try page(.before(1), 3) == ([], false))
            }
        }
    }

    /// 8,000 characters that JSON writes as two bytes each: sixteen such messages would exceed 256 KiB.
    @Test func aPageEndsAtItsBudget() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v")
            try await stage.run { tx in
                let quotes = String(repeating: "\"", count: 8000)
                var now = chat
                for _ in 1...20 { now = try Messages.append(tx, now, .from("v", quotes)).chat }
                let newest = try Messages.page(tx, chat, .newest, limit: 500)
                #expect(newest.messages.map(\.seq) == Array(6...20))
                #expect(newest.hasMore)
                let oldest = try Messages.page(tx, chat, .after(0), limit: 500)
                #expect(oldest.messages.map(\.seq) == Array(1...15))
                #expect(oldest.hasMore)
                let tight = try Messages.page(tx, chat, .after(3), limit: 500, budget: 10)
                #expect(tight.messages.map(\.seq) == [4], "at least one")
                #expect(tight.hasMore)
                let last = try Messages.page(tx, chat, .after(19), limit: 500, budget: 10)
                #expect(last.messages.map(\.seq) == [20] && !last.hasMore)
            }
        }
    }
}
