import Assignment
import Dispatch
import StorageTestSupport
import Testing

@testable import Storage

@Suite struct OutboxTests {
    @Test func eventsOfAChatAreNumberedInTheirOrder() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v")
            try await stage.run { tx in
                let bodies: [DomainEvent.Body] = [
                    .chatReopened(ChatReopened(chat, by: StoreStage.ana)),
                    .messageRead(MessageRead(reader: StoreStage.ana, readSeq: 3, at: chat.readAt)),
                    .visitorOffline(VisitorOffline(visitorID: "v", sessionID: "2")),
                ]
                let events = try Outbox.append(tx, "w", chatID: chat.id, bodies)
                #expect(events.map(\.eventNo) == [1, 2, 3])
                #expect(events.map(\.body) == bodies)
                let more = try Outbox.append(tx, "w", chatID: chat.id, [bodies[0]])
                #expect(more.map(\.eventNo) == [4])
                #expect(try Outbox.append(tx, "w", chatID: chat.id, []) == [])
                #expect(try Outbox.page(tx, "w", chatID: chat.id, after: 1, limit: 2) == Array(events[1...]))
                #expect(try Outbox.page(tx, "w", chatID: "x", after: 0, limit: 2) == [])
                #expect(try Chats.find(tx, "w", chat.id)?.eventNo == 4)
                let loose = try Outbox.append(tx, "w", [bodies[2], bodies[2]])
                #expect(loose.allSatisfy { $0.chatID == nil && $0.eventNo == nil })
            }
            let unknown = try await stage.refusal {
                try Outbox.append(
                    $0, "w", chatID: "00000000-0000-0000-0000-000000000000",
                    [.visitorOffline(VisitorOffline(visitorID: "v", sessionID: "2"))])
            }
            #expect(unknown?.code == .unexpected)
        }
    }

    /// A transaction that takes its place in the outbox early and commits late is neither stepped over nor waited for.
    @Test func whatCommitsLateIsNotMissed() async throws {
        try await StoreStage.with { stage in
            let start = try await stage.run(.workspaces(["w"])) { try Outbox.present($0) }
            let late = try await stage.chat(of: "late")
            let early = try await stage.chat(of: "early")
            let body = DomainEvent.Body.chatReopened(ChatReopened(late, by: .system))
            let hasWritten = Gate()
            let mayCommit = Gate()
            async let slow: Void = stage.run { tx in
                _ = try Outbox.append(tx, "w", chatID: late.id, [body])
                hasWritten.open()
                mayCommit.wait()
            }
            await hasWritten.opened()
            try await stage.run { _ = try Outbox.append($0, "w", chatID: early.id, [body]) }
            let (meanwhile, middle) = try await stage.run { try Outbox.page($0, after: start, limit: 10) }
            #expect(meanwhile.map(\.chatID) == [early.id], "nobody waits for a slow transaction")
            mayCommit.open()
            try await slow
            let (rest, next) = try await stage.run { try Outbox.page($0, after: middle, limit: 10) }
            #expect(rest.map(\.chatID) == [late.id])
            let (none, _) = try await stage.run { try Outbox.page($0, after: next, limit: 10) }
            #expect(none.isEmpty)
            let (foreign, _) = try await stage.run(.workspace("other")) { try Outbox.page($0, after: start, limit: 10) }
            #expect(foreign.isEmpty)
        }
    }

    /// Pages of one reading go up to one snapshot: what commits meanwhile comes after them, wherever its ids lie.
    @Test func pagesAreNeitherTornNorRepeated() async throws {
        try await StoreStage.with { stage in
            let start = try await stage.run { try Outbox.present($0) }
            let late = try await stage.chat(of: "late")
            let chat = try await stage.chat(of: "v")
            let body = DomainEvent.Body.chatReopened(ChatReopened(late, by: .system))
            let hasWritten = Gate()
            let mayCommit = Gate()
            async let slow: Void = stage.run { tx in
                _ = try Outbox.append(tx, "w", chatID: late.id, [body])
                hasWritten.open()
                mayCommit.wait()
            }
            await hasWritten.opened()
            for _ in 0..<5 { try await stage.run { _ = try Outbox.append($0, "w", chatID: chat.id, [body]) } }
            let (first, second) = try await stage.run { try Outbox.page($0, after: start, limit: 2) }
            mayCommit.open()
            try await slow
            try await stage.run { _ = try Outbox.append($0, "w", chatID: chat.id, [body]) }
            var numbers = first.map(\.eventNo)
            var chats = first.map(\.chatID)
            var cursor = second
            var pages = 0
            repeat {
                let from = cursor
                let (events, next) = try await stage.run { try Outbox.page($0, after: from, limit: 2) }
                numbers += events.map(\.eventNo)
                chats += events.map(\.chatID)
                cursor = next
                pages += 1
            } while pages < 6
            #expect(chats == [chat.id, chat.id, chat.id, chat.id, chat.id, late.id, chat.id])
            #expect(numbers == [1, 2, 3, 4, 5, 1, 6])
        }
    }

    @Test func pagesBringMessagesAndNotesWithThem() async throws {
        try await StoreStage.with { stage in
            let start = try await stage.run { try Outbox.present($0) }
            let chat = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            let written = try await stage.run { tx in
                let first = try Messages.append(tx, chat, .from("v", "hola"))
                let second = try Notes.append(
                    tx, first.chat, NewMessage(sender: StoreStage.bot, type: .note, content: "nota"))
                let third = try Outbox.append(
                    tx, "w", chatID: chat.id, [.chatReopened(ChatReopened(second.chat, by: .system))])
                return [first.event, second.event] + third
            }
            let (events, _) = try await stage.run { try Outbox.page($0, after: start, limit: 10) }
            #expect(events == written)
        }
    }

    @Test func aKindOfANewerNodeIsPassedOver() async throws {
        try await StoreStage.with { stage in
            let start = try await stage.run { try Outbox.present($0) }
            try await stage.run {
                _ = try $0.execute("insert into outbox (workspace_id, kind) values ('w', 'somethingNew')")
            }
            let (events, next) = try await stage.run { try Outbox.page($0, after: start, limit: 10) }
            #expect(events.isEmpty && next != start)
        }
    }

    @Test func oldEventsArePruned() async throws {
        try await StoreStage.with { stage in
            try await stage.run { tx in
                let body = DomainEvent.Body.visitorOffline(VisitorOffline(visitorID: "v", sessionID: "1"))
                _ = try Outbox.append(tx, "w", [body, body, body])
                #expect(try Outbox.prune(tx, olderThan: 60_000) == 0)
                #expect(try Outbox.prune(tx, olderThan: 0, limit: 2) == 2)
                #expect(try Outbox.prune(tx, olderThan: 0) == 1)
            }
        }
    }

    /// Every kind comes back from the outbox as it went in.
    @Test func everyKindMakesTheRoundTrip() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let chat = try await stage.chat(of: "v")
            let bodies = try await stage.run { tx in
                let visitor = try Visitors.upsert(tx, "w", "v", isVerified: true, name: "Vera")
                let session = try Visitors.openSession(tx, "w", visitor: "v").session
                let (active, assignment) = try #require(try StoreStage.assign(tx, chat, to: StoreStage.ana))
                let ana = try #require(try Commercials.find(tx, "w", "ana"))
                let notification = try #require(
                    try Notifications.store(
                        tx, "w",
                        .init(
                            type: "sentiment_alert", severity: "high", target: .queue("default"), chatID: chat.id,
                            data: JSONText(#"{"a": "\"ñ\""}"#), sender: StoreStage.bot, ttlMilliseconds: 1000)
                    ).stored)
                return Self.bodies(
                    chat: active, visitor: visitor, session: session, assignment: assignment, commercial: ana,
                    notification: notification)
            }
            let events = try await stage.run { try Outbox.append($0, "w", chatID: chat.id, bodies) }
            #expect(Set(try bodies.map { try $0.stored().kind }).count == 21)
            let read = try await stage.run { try Outbox.page($0, "w", chatID: chat.id, after: 0, limit: 100) }
            for (written, found) in zip(events, read) { #expect(written == found) }
            #expect(read.count == bodies.count)
        }
    }

    private static func bodies(
        chat: ChatRow, visitor: VisitorRow, session: VisitorSessionRow, assignment: AssignmentRow,
        commercial: CommercialRow, notification: NotificationRow
    ) -> [DomainEvent.Body] {
        [
            .chatCreated(ChatCreated(chat, visitor: visitor, firstMessage: "hola \"a\"\n\u{1F44B}")),
            .chatAssigned(ChatAssigned(assignment, chat: chat, commercial: commercial, previousCommercialID: "beto")),
            .chatOffered(
                ChatOffered(
                    assignmentID: assignment.id, commercialID: "ana", deadline: chat.readAt, reason: nil,
                    preview: "…", summary: nil, chat: chat)),
            .offerEnded(
                OfferEnded(
                    assignmentID: assignment.id, commercialID: "ana", outcome: .expired, reason: nil, chat: chat)),
            .chatUpdated(
                ChatUpdated(changes: JSONText(#"{"tags":["a"]}"#), chat: chat, by: .system, previousQueue: "ventas")),
            .chatQueued(
                ChatQueued(
                    chat: chat, position: 2, agentsOnline: 1, wait: .init(p50Seconds: 30, p90Seconds: 90),
                    nextOpenAt: chat.readAt, reason: "asked", previousCommercialID: "beto")),
            .moodChanged(MoodChanged(Mood(before: 0.5, told: nil, hearing: -0.75))),
            .turnBegan(
                TurnBegan(
                    chat: chat, bot: "bot-1", reason: "handed_back", human: .init(fromSeq: 2, toSeq: 5), note: "…")),
            .chatClosed(
                ChatClosed(
                    closedBy: StoreStage.ana, reason: .resolved, closedAt: chat.readAt, visitorID: "v",
                    queue: "default", epoch: 3, version: 4, lastOwner: StoreStage.ana, durationSeconds: 60,
                    firstResponseSeconds: nil, waitSeconds: 5, handleSeconds: 50, messages: 7,
                    priority: .high)),
            .chatWrappedUp(
                ChatWrappedUp(
                    chat, closedBy: StoreStage.ana, reason: .resolved, closedAt: chat.readAt, wrapUpUntil: chat.readAt,
                    csatURL: "https://a.example")),
            .satisfactionRequested(
                SatisfactionRequested(expiresAt: chat.readAt, commercialName: "Ana", url: nil)),
            .promiseReported(
                PromiseReported(
                    SLAClockRow(
                        id: assignment.id, chatID: chat.id, kind: .nextResponse, policy: "p", limitMilliseconds: 1,
                        countsBusinessHours: false, warnBeforeMilliseconds: 0, startedAt: chat.readAt),
                    isBreach: true, dueAt: chat.readAt, chat: chat)),
            .visitorIdentified(
                VisitorIdentified(visitorID: "v", previousVisitorID: "a", name: nil, chats: 2)),
            .chatReopened(ChatReopened(chat, by: .system)),
            .participantChanged(ParticipantChanged(participant: StoreStage.ana, change: .joined, mode: "normal")),
            .messageRead(MessageRead(reader: StoreStage.ana, readSeq: 1, at: chat.readAt)),
            .commercialStatusChanged(CommercialStatusChanged(commercial)),
            .visitorOnline(VisitorOnline(session, visitor: visitor, previousChats: 1)),
            .visitorOffline(VisitorOffline(visitorID: "v", sessionID: session.id)),
            .notificationRaised(NotificationRaised(notification)),
            .flowTriggered(
                FlowTriggered(
                    flowID: session.id, visitorID: "v", chatID: nil, strategy: "s", probability: 0.25,
                    action: "invite", by: StoreStage.bot, queue: "default")),
        ]
    }
}

/// Opened once; waited for by a connection's thread or by a task.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let (stream, continuation) = AsyncStream<Void>.makeStream()

    func open() {
        self.semaphore.signal()
        self.continuation.finish()
    }

    func opened() async {
        for await _ in self.stream {}
    }

    /// Blocks: only for the thread of a pooled connection.
    func wait() {
        self.semaphore.wait()
    }
}
