import Assignment
import Storage
import Testing

@testable import Gateway

/// Chats that sleep, on real rows: what they count, and how they wake.
@Suite struct SnoozeTests {
    private static func active(_ fixture: AssignmentFixture, cap: Int = 2) async throws -> String {
        try await fixture.connect(.commercial, "ana", cap: cap)
        let id = try await fixture.chat("v")
        #expect(try await fixture.dispatchAll() == 1)
        return id
    }

    private static func snooze(_ id: String, _ fixture: AssignmentFixture) async throws -> ChatRow {
        try await fixture.run { transaction in
            let until = try Workspaces.now(transaction.sql).advanced(byMilliseconds: 3_600_000)
            return try SnoozeChat(
                principal: fixture.principal(.commercial, "ana"), chatID: id, until: until
            ).run(transaction)
        }
    }

    @Test func aSleepingChatCountsAQuarterAndStaysWithItsPerson() async throws {
        try await AssignmentFixture.alone { fixture in
            let id = try await Self.active(fixture)
            let before = try await fixture.read(id)
            let asleep = try await Self.snooze(id, fixture)
            #expect(asleep.status == .paused && asleep.assignedTo == "ana" && asleep.epoch == before.epoch)
            #expect(asleep.lookAt == asleep.snoozeUntil)
            #expect(try await fixture.commercial("ana")?.load == 0.25)
            // The time is not over.
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).status == .paused)

            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            let awake = try await fixture.read(id)
            #expect(awake.status == .active && awake.assignedTo == "ana" && awake.epoch == before.epoch)
            #expect(awake.snoozeUntil == nil)
            #expect(try await fixture.commercial("ana")?.load == 1)
        }
    }

    @Test func whoIsAwayGetsNoneBackAndThePlaceIsKept() async throws {
        try await AssignmentFixture.alone { fixture in
            let id = try await Self.active(fixture)
            let first = try await fixture.read(id).firstQueuedAt
            let asleep = try await Self.snooze(id, fixture)
            // Their grace passes; the chat sleeps on.
            await fixture.presence.closed("socket-commercial-ana")
            try await fixture.run { try $0.sql.execute("update commercials set grace_until = clock_timestamp()") }
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).status == .paused)

            try await fixture.letTimePass()
            // Another node sweeps: nothing of this was in the memory of the first.
            try await fixture.secondSweeper().sweep()
            let waiting = try await fixture.read(id)
            #expect(waiting.status == .waiting && waiting.owner == nil && waiting.epoch == asleep.epoch + 1)
            #expect(waiting.firstQueuedAt == first)
            #expect(try await fixture.commercial("ana")?.load == 0)
        }
    }

    @Test func withoutRoomItGoesBackToTheLine() async throws {
        try await AssignmentFixture.alone { fixture in
            let id = try await Self.active(fixture, cap: 1)
            _ = try await Self.snooze(id, fixture)
            // Three quarters are free; no whole chat fits.
            let second = try await fixture.chat("w")
            #expect(try await fixture.dispatchAll() == 0)
            try await fixture.run { _ = try Commercials.setCap($0.sql, fixture.workspace, "ana", 2) }
            #expect(try await fixture.dispatchAll() == 1)
            try await fixture.run { _ = try Commercials.setCap($0.sql, fixture.workspace, "ana", 1) }
            #expect(try await fixture.read(second).assignedTo == "ana")
            // They ask for it themselves, and have no room.
            let resume = ResumeChat(principal: fixture.principal(.commercial, "ana"), chatID: id)
            let refusal = await #expect(throws: DomainRefusal.self) { try await fixture.run(resume.run) }
            #expect(refusal?.code == .capacityFull)
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).status == .waiting)
            #expect(try await fixture.commercial("ana")?.load == 1)
        }
    }

    @Test func twoSweepersWakeItOnce() async throws {
        try await AssignmentFixture.alone { fixture in
            let id = try await Self.active(fixture)
            _ = try await Self.snooze(id, fixture)
            try await fixture.letTimePass()
            let second = fixture.secondSweeper()
            async let one: Void = fixture.sweeper.sweep()
            async let two: Void = second.sweep()
            _ = try await (one, two)
            let wakings = fixture.events.count {
                if case .chatUpdated(let updated) = $0 { updated.changes.text.contains("snooze_over") } else { false }
            }
            #expect(wakings == 1)
            #expect(try await fixture.read(id).status == .active)
        }
    }
}
