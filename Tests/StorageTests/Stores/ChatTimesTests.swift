import Assignment
import StorageTestSupport
import Testing

@testable import Storage

/// The log of intervals, and what is reckoned from it.
@Suite struct ChatTimesTests {
    private typealias Kind = ChatTimes.Kind

    /// Every status that a chat may have, one after the other, by the store's own moves.
    private static func lead(_ tx: Transaction, _ start: ChatRow) throws -> ChatRow {
        var chat = try Chats.enqueue(
            tx, start, firstQueuedAt: start.readAt, routeKey: start.readAt, by: .system, reason: "escalated")
        let active = try #require(try StoreStage.assign(tx, chat, to: StoreStage.ana))
        chat = try Chats.pause(
            tx, active.chat, until: start.readAt.advanced(byMilliseconds: 60_000), by: StoreStage.ana, reason: "later")
        var live = try Assignments.reweigh(tx, active.assignment, .paused, weight: 0.25)
        _ = try Commercials.release(tx, "w", "ana", weight: 0.75)
        chat = try Chats.activate(tx, chat, owner: StoreStage.ana, by: .system, reason: "over")
        live = try Assignments.reweigh(tx, live, .active, weight: 1)
        _ = try #require(try Commercials.carry(tx, "w", "ana", weight: 0.75, aboveCap: false))
        chat = try Chats.wrapUp(tx, chat, reason: .resolved, by: StoreStage.ana)
        live = try Assignments.wrapUp(tx, live, milliseconds: 30_000)
        _ = try Assignments.end(tx, live, reason: "closed")
        _ = try Commercials.release(tx, "w", "ana", weight: 1)
        return try Chats.close(tx, chat, reason: .resolved, by: StoreStage.ana)
    }

    @Test func everyMoveIsLoggedAndNothingOverlaps() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let start = try await stage.chat(of: "v", .bot(StoreStage.bot, answerWithinMilliseconds: nil))
            let (chat, log) = try await stage.run { tx in
                let chat = try Self.lead(tx, start)
                return (chat, try ChatTimes.intervals(tx, chat))
            }
            #expect(chat.status == .closed)
            #expect(log.map(\.kind) == [.bot, .queue, .human, .paused, .human, .wrapup])
            #expect(
                log.map { $0.owner?.id } == ["bot-1", nil, "ana", "ana", "ana", "ana"])
            for (earlier, later) in zip(log, log.dropFirst()) { #expect(earlier.endedAt == later.startedAt) }
            #expect(log.allSatisfy { $0.endedAt != nil }, "a closed chat has no open interval")
        }
    }

    @Test func aStatementThatForgetsTheLogIsLoggedAllTheSame() async throws {
        try await StoreStage.with { stage in
            let chat = try await stage.chat(of: "v")
            let log = try await stage.run { tx in
                try tx.execute(
                    "update chats set status = 'offline' where workspace_id = 'w' and id = $1::uuid", [.text(chat.id)])
                return try ChatTimes.intervals(tx, chat)
            }
            #expect(log.map(\.kind) == [.queue, .offline])
            #expect(log.last?.endedAt == nil)
        }
    }

    /// Puts a log of our own in place of the real one: kinds with minutes from the beginning of the hour.
    private static func furnish(
        _ stage: StoreStage, _ chat: ChatRow, _ log: [(Kind, from: Int64, to: Int64)], answeredAt: Int64?,
        hour: Timestamp
    ) async throws -> ChatRow {
        @Sendable func at(_ minute: Int64) -> Timestamp { hour.advanced(byMilliseconds: minute * 60_000) }
        let owner = try await stage.test.ownerDatabase()
        try await owner.transaction(.none) { tx in
            try tx.execute("delete from chat_intervals where chat_id = $1::uuid", [.text(chat.id)])
            for entry in log {
                try tx.execute(
                    """
                    insert into chat_intervals (workspace_id, chat_id, kind, queue, epoch, started_at, ended_at)
                    values ('w', $1::uuid, $2, 'default', 1, $3::timestamptz, $4::timestamptz)
                    """,
                    [.text(chat.id), .text(entry.0.rawValue), .timestamp(at(entry.from)), .timestamp(at(entry.to))])
            }
            try tx.execute(
                "update chats set first_human_at = $2::timestamptz where id = $1::uuid",
                [.text(chat.id), .timestamp(answeredAt.map(at))])
        }
        await owner.shutDown()
        return try #require(try await stage.run { try Chats.find($0, "w", chat.id) })
    }

    @Test func botsAndClosedStretchesAreNobodysWait() async throws {
        try await StoreStage.with { stage in
            let hour = BusinessHoursTests.instant("2026-11-23T08:00:00Z")
            let log: [(Kind, from: Int64, to: Int64)] = [
                // Resolved by the bot, taken up again an hour later, handed over, answered after two minutes in the line
                // and one with the person.
                (.bot, 0, 10), (.bot, 70, 75), (.queue, 75, 77), (.human, 77, 87), (.paused, 87, 100),
                (.human, 100, 103),
                (.wrapup, 103, 104),
            ]
            let chat = try await Self.furnish(
                stage, stage.chat(of: "v"), log, answeredAt: 78, hour: hour)
            let times = try await stage.run { try ChatTimes.read($0, chat) }
            let minute: Int64 = 60_000
            #expect(times.humanResponse == 3 * minute)
            #expect(times.wait == 2 * minute)
            #expect(times.handle == 14 * minute)
            #expect(times.duration == (10 + 5 + 2 + 10 + 13 + 3) * minute)
            #expect(times.byKind[.bot] == 15 * minute)

            let unanswered = try await Self.furnish(
                stage, stage.chat(of: "w"), [(.bot, 0, 10), (.queue, 10, 20)], answeredAt: nil, hour: hour)
            let none = try await stage.run { try ChatTimes.read($0, unanswered) }
            #expect(none.humanResponse == nil && none.wait == 10 * minute && none.handle == 0)
        }
    }

    @Test func whatPassesWhileTheQueueIsClosedCountsNowhere() async throws {
        try await StoreStage.with { stage in
            // Open 9 to 14 and 16 to 19 in Madrid, an hour ahead in November: asked at 13:30 local, answered at 16:10.
            let hour = BusinessHoursTests.instant("2026-11-23T12:30:00Z")
            let chat = try await Self.furnish(
                stage, stage.chat(of: "v"), [(.queue, 0, 155), (.human, 155, 170)], answeredAt: 160, hour: hour)
            let times = try await stage.run { try ChatTimes.read($0, chat, within: BusinessHoursTests.shop) }
            let minute: Int64 = 60_000
            #expect(times.humanResponse == 40 * minute)
            #expect(times.wait == 35 * minute)
            #expect(times.handle == 15 * minute)
        }
    }
}
