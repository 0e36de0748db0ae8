import Assignment
import Dispatch
import StorageTestSupport
import Testing

@testable import Storage

/// Batches on real PostgreSQL: what a statement stores, what it leaves alone, and what a bad row costs.
@Suite struct MessageWriterTests {
    final class Ticket: WriterTicket {
        let resume: @Sendable (PlainOutcome) -> Void
        init(_ resume: @escaping @Sendable (PlainOutcome) -> Void) { self.resume = resume }
    }

    /// A writer whose outcomes are awaited.
    struct Writer: Sendable {
        let writer: MessageWriter

        init(_ stage: StoreStage, connections: Int = 2) async throws {
            self.writer = MessageWriter(
                stage.test.database, connections: connections, logger: TestDatabase.silence
            ) { written in
                for (ticket, outcome) in written { (ticket as? Ticket)?.resume(outcome) }
            }
            try await self.writer.start(timeout: .seconds(60))
        }

        func write(_ message: PlainMessage) async -> PlainOutcome {
            await withCheckedContinuation { continuation in
                self.writer.write(message, ticket: Ticket { continuation.resume(returning: $0) })
            }
        }

        /// All at once, in this order.
        func write(_ messages: [PlainMessage]) async -> [PlainOutcome] {
            await withTaskGroup(of: (Int, PlainOutcome).self) { group in
                var outcomes: [Int: PlainOutcome] = [:]
                let (stream, continuation) = AsyncStream.makeStream(of: (Int, PlainOutcome).self)
                for (index, message) in messages.enumerated() {
                    self.writer.write(message, ticket: Ticket { continuation.yield((index, $0)) })
                }
                for await (index, outcome) in stream {
                    outcomes[index] = outcome
                    if outcomes.count == messages.count { break }
                }
                return messages.indices.compactMap { outcomes[$0] }
            }
        }
    }

    static func plain(
        _ chat: ChatRow, _ content: String, from sender: Participant? = nil, id: String? = nil, epoch: Int64? = nil,
        answering seq: Int64? = nil, metadata: JSONText = .emptyObject, needsHistory: Bool = false
    ) -> PlainMessage {
        let sender = sender ?? Participant(role: .visitor, id: chat.visitorID, name: "Vera")
        let type: MessageType = sender.role == .visitor ? .user : sender.role == .ai ? .aiResponse : .agent
        return PlainMessage(
            workspaceID: chat.workspaceID, chatID: chat.id,
            message: NewMessage(
                sender: sender, type: type, content: content, clientMessageID: id, inReplyToSeq: seq,
                metadata: metadata),
            epoch: epoch, needsHistory: needsHistory, answerTimeoutMilliseconds: 20_000)
    }

    /// A chat whose visitor has said something already, as every chat's visitor has but for a moment.
    static func chat(
        _ stage: StoreStage, _ visitor: String, _ entry: NewChat.Entry = .waiting(slackMilliseconds: 0)
    ) async throws -> ChatRow {
        let chat = try await stage.chat(of: visitor, entry)
        try await stage.run { tx in
            try tx.execute("update chats set mood = 0 where id = $1::uuid", [.text(chat.id)])
        }
        return chat
    }

    static func event(_ outcome: PlainOutcome) throws -> DomainEvent {
        guard case .stored(let event) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        return event
    }

    struct Unexpected: Error { let outcome: String }

    // MARK: What is stored

    @Test func aBatchIsStoredAsItWasSent() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage)
            var chats: [ChatRow] = []
            for number in 0..<30 { chats.append(try await Self.chat(stage, "v\(number)")) }
            let messages = chats.flatMap { chat in
                (1...3).map {
                    Self.plain(
                        chat, "¿Hay \"alguien\"? {,} \\ 👋 \($0)", id: "m\($0)",
                        metadata: JSONText(#"{"b":1,"a":[2]}"#))
                }
            }
            let outcomes = await writer.write(messages)
            for chat in chats {
                let events = try zip(messages, outcomes).filter { $0.0.chatID == chat.id }.map { try Self.event($0.1) }
                #expect(events.map(\.eventNo) == [1, 2, 3])
                let (page, stored, after) = try await stage.run { tx in
                    (
                        try Outbox.page(tx, "w", chatID: chat.id, after: 0, limit: 10),
                        try Messages.page(tx, chat, .after(0), limit: 10).messages,
                        try #require(try Chats.find(tx, "w", chat.id))
                    )
                }
                // What the relay got is what the outbox says.
                #expect(page == events)
                #expect(stored.map(\.seq) == [1, 2, 3])
                #expect(stored.map(\.clientMessageID) == ["m1", "m2", "m3"])
                #expect(stored.allSatisfy { $0.sender.name == "Vera" && $0.metadata.text == #"{"a": [2], "b": 1}"# })
                #expect(after.seq == 3 && after.eventNo == 3 && after.lastVisitorSeq == 3)
                #expect(after.lastVisitorAt == stored[2].createdAt)
                #expect(after.version == chat.version && after.firstResponseAt == nil)
            }
            await writer.writer.shutDown()
        }
    }

    @Test func aBotsChatKeepsItsClock() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage)
            let chat = try await Self.chat(stage, "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            func now() async throws -> ChatRow {
                try await stage.run { tx in try #require(try Chats.find(tx, "w", chat.id)) }
            }
            _ = try Self.event(await writer.write(Self.plain(chat, "hola")))
            let asked = try await now()
            let deadline = try #require(asked.botDeadline)
            #expect(deadline.milliseconds(since: try #require(asked.lastVisitorAt)) == 20_000)
            // The oldest unanswered message's deadline stands.
            _ = try Self.event(await writer.write(Self.plain(chat, "¿hola?")))
            #expect(try await now().botDeadline == deadline)
            _ = try Self.event(
                await writer.write(Self.plain(chat, "Buenas", from: StoreStage.bot, epoch: chat.epoch, answering: 2)))
            let answered = try await now()
            #expect(answered.botDeadline == nil && !answered.botDeadlineMoved)
            #expect(answered.botPosts == 1)
            #expect(answered.firstResponseAt != nil && answered.firstHumanAt == nil)
            _ = try Self.event(await writer.write(Self.plain(chat, "gracias")))
            #expect(try await now().botPosts == 0)
            await writer.writer.shutDown()
        }
    }

    @Test func aMoodMovesUntilItIsNews() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage, connections: 1)
            let (chat, other) = (try await Self.chat(stage, "v"), try await Self.chat(stage, "u"))
            func mood(_ id: String) async throws -> Mood.Told? {
                try await stage.run { tx in
                    let chat = try #require(try Chats.find(tx, "w", id))
                    return try Mood.Told(score: #require(chat.mood), label: #require(chat.toldMoodNews).label)
                }
            }
            let heard = [0.1, -0.3, 0.2, 0.05, -0.9, 0.1]
            let messages = heard.map { polarity in
                var message = Self.plain(chat, "\(polarity)")
                message.polarity = polarity
                return message
            }
            let outcomes = await writer.write(messages + [Self.plain(other, "hola")])
            // As the core says it: up to what is news, and nothing from there on.
            var (score, told): (Double, Mood.Told) = (0, .nothing)
            var isPlain = true
            for (polarity, outcome) in zip(heard, outcomes) {
                let next = Mood(before: score, told: told, hearing: polarity)
                isPlain = isPlain && !next.isNews
                if isPlain { (score, told) = (next.score, next.told) }
                if case .stored = outcome { #expect(isPlain) } else { #expect(!isPlain) }
            }
            #expect(!isPlain)
            let stored = try #require(try await mood(chat.id))
            #expect(abs(stored.score - score) < 1e-12 && stored.label == .neutral)
            #expect(try await mood(other.id)?.score == 0)
            await writer.writer.shutDown()
        }
    }

    // MARK: What is not plain

    @Test func whatIsNotPlainLeavesNoTraceAndHindersNobody() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage)
            try await stage.connect(StoreStage.ana)
            let good = try await Self.chat(stage, "good")
            let bots = try await Self.chat(stage, "bots", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            let waiting = try await Self.chat(stage, "waiting")
            let assigned = try await stage.run { tx in
                try #require(try StoreStage.assign(tx, waiting, to: StoreStage.ana)).chat
            }
            let closed = try await Self.chat(stage, "closed")
            try await stage.test.run(
                "update chats set status = 'closed', closed_at = now() where visitor_id = 'closed'")
            let stranger = Participant(role: .visitor, id: "stranger")
            let notPlain = [
                Self.plain(closed, "hola"), Self.plain(good, "hola", from: stranger),
                Self.plain(bots, "hola", needsHistory: true), Self.plain(bots, "hola", from: StoreStage.ana),
                Self.plain(assigned, "hola", from: StoreStage.beto),
                Self.plain(assigned, "hola", from: StoreStage.ana, epoch: assigned.epoch + 1),
                Self.plain(bots, "hola", from: StoreStage.bot, answering: 7),
            ]
            let outcomes = await writer.write(notPlain + [Self.plain(good, "bien")])
            for (message, outcome) in zip(notPlain, outcomes) {
                guard case .notPlain = outcome else {
                    Issue.record("\(message): \(outcome)")
                    continue
                }
            }
            #expect(try Self.event(outcomes[notPlain.count]).eventNo == 1)
            // The owner's own words, with the epoch as it is, are plain.
            let owners = await writer.write(
                Self.plain(assigned, "soy yo", from: StoreStage.ana, epoch: assigned.epoch))
            #expect(try Self.event(owners).eventNo != nil)
            let person = try await stage.run { tx in try #require(try Chats.find(tx, "w", assigned.id)) }
            #expect(person.firstHumanAt != nil && person.lastVisitorSeq == 0)
            let count = try await stage.run { try $0.query("select count(*) from messages").first?.int(0) }
            #expect(count == 2)
            await writer.writer.shutDown()
        }
    }

    @Test func aBotPostsFiveTimesAndAnswersOnce() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage)
            let chat = try await Self.chat(stage, "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            _ = try Self.event(await writer.write(Self.plain(chat, "hola")))
            let outcomes = await writer.write((1...7).map { Self.plain(chat, "\($0)", from: StoreStage.bot) })
            let stored = outcomes.filter { if case .stored = $0 { true } else { false } }
            #expect(stored.count == BotTurn.maximumPosts)
            let answers = await writer.write(
                (1...2).map { Self.plain(chat, "r\($0)", from: StoreStage.bot, answering: 1) })
            #expect(answers.filter { if case .stored = $0 { true } else { false } }.count == 1)
            await writer.writer.shutDown()
        }
    }

    @Test func aLockedChatIsLeftAloneAndItsNeighboursAreNot() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage)
            let (held, free) = (try await Self.chat(stage, "held"), try await Self.chat(stage, "free"))
            let (locked, isLocked) = AsyncStream<Void>.makeStream()
            let release = DispatchSemaphore(value: 0)
            let holder = Task {
                try await stage.run { tx in
                    _ = try Chats.lock(tx, "w", held.id)
                    isLocked.yield()
                    release.wait()
                }
            }
            for await _ in locked { break }
            let outcomes = await writer.write([Self.plain(held, "uno"), Self.plain(free, "dos")])
            guard case .notPlain = outcomes[0] else { throw Unexpected(outcome: "\(outcomes[0])") }
            #expect(try Self.event(outcomes[1]).eventNo == 1)
            release.signal()
            try await holder.value
            await writer.writer.shutDown()
        }
    }

    // MARK: Twice

    @Test func theSameClientIDIsOneMessageInABatchAndAcrossBatches() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage)
            let (chat, other) = (try await Self.chat(stage, "v"), try await Self.chat(stage, "u"))
            let same = Self.plain(chat, "hola", id: "m")
            var outcomes = await writer.write(Array(repeating: same, count: 20) + [Self.plain(other, "hola", id: "m")])
            let neighbour = try Self.event(outcomes.removeLast())
            #expect(neighbour.chatID == other.id)
            outcomes.append(await writer.write(same))
            let stored = try outcomes.compactMap { if case .stored = $0 { try Self.event($0) } else { nil } }
            #expect(stored.count == 1)
            guard case .messagePosted(let posted) = stored[0].body else { throw Unexpected(outcome: "\(stored)") }
            for outcome in outcomes {
                switch outcome {
                case .stored: break
                case .duplicate(let id, let seq, let at, _):
                    #expect(id == posted.message.id && seq == 1 && at == posted.message.createdAt)
                case .conflict, .notPlain, .failed:
                    Issue.record("\(outcome)")
                }
            }
            guard case .conflict = await writer.write(Self.plain(chat, "otra cosa", id: "m")) else {
                throw Unexpected(outcome: "no conflict")
            }
            let after = try await stage.run { tx in try #require(try Chats.find(tx, "w", chat.id)) }
            #expect(after.seq == 1 && after.eventNo == 1)
            await writer.writer.shutDown()
        }
    }

    @Test func whoNamesNoChatHasOneSetOfClientIDs() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage)
            let earlier = try await Self.chat(stage, "v")
            _ = try Self.event(await writer.write(Self.plain(earlier, "hola", id: "m")))
            try await stage.test.run("update chats set status = 'closed', closed_at = now()")
            let chat = try await Self.chat(stage, "v")
            var message = Self.plain(chat, "hola", id: "m")
            message.namesChat = false
            guard case .notPlain = await writer.write(message) else { throw Unexpected(outcome: "stored twice") }
            message.message.clientMessageID = "n"
            #expect(try Self.event(await writer.write(message)).chatID == chat.id)
            await writer.writer.shutDown()
        }
    }

    // MARK: What goes wrong

    @Test(arguments: [1, 2, 17, 64])
    func aBadRowCostsItselfOnly(size: Int) async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage, connections: 1)
            var messages: [PlainMessage] = []
            for number in 0..<size { messages.append(Self.plain(try await Self.chat(stage, "v\(number)"), "bien")) }
            // Longer than the schema takes: no client gets as far with it.
            let bad = size / 2
            messages[bad].message.content = String(repeating: "x", count: 8001)
            let outcomes = await writer.write(messages)
            for (index, outcome) in outcomes.enumerated() {
                switch outcome {
                case .stored where index != bad: break
                case .notPlain where index == bad: break
                default: Issue.record("\(index): \(outcome)")
                }
            }
            let count = try await stage.run { try $0.query("select count(*) from messages").first?.int(0) }
            #expect(count == Int64(size - 1))
            await writer.writer.shutDown()
        }
    }

    @Test func withoutAConnectionMessagesGoTheirOwnWay() async throws {
        try await StoreStage.with { stage in
            let chat = try await Self.chat(stage, "v")
            let writer = try await Writer(stage)
            await writer.writer.shutDown()
            guard case .notPlain = await writer.write(Self.plain(chat, "hola")) else {
                throw Unexpected(outcome: "stored by a writer that was shut down")
            }
        }
    }

    @Test func aHotChatIsGapless() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage)
            let chat = try await Self.chat(stage, "v")
            let outcomes = await writer.write((1...400).map { Self.plain(chat, "\($0)", id: "\($0)") })
            let numbers = try outcomes.map { try Self.event($0).eventNo }
            // In the order in which they were handed in.
            #expect(numbers == (1...400).map { Int64($0) })
            await writer.writer.shutDown()
        }
    }
}
