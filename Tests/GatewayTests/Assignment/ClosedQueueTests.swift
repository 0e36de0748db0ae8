import Assignment
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// A queue that is closed and overflows to one that is not: its chats wait for those who are there.
@Suite struct ClosedQueueTests {
    /// Hours that are closed from yesterday on for so many days.
    private static func closed(for days: Int64, _ fixture: AssignmentFixture) async throws -> String {
        let now = try await fixture.run { try Workspaces.now($0.sql) }
        let today = now.microseconds / 86_400_000_000
        let days = (-1...days).map { CivilDate(dayNumber: today + $0).description }
        return """
            {timezone: UTC, weekly: {mon-sun: ["00:00-24:00"]}, holidays: [\(days.joined(separator: ", "))]}
            """
    }

    private static func apply(
        _ own: String, support: String, to fixture: AssignmentFixture
    ) async throws {
        try await ApplyWorkspaceTests.apply(
            """
            queues:
              - {name: support, hours: \(support)}
              - name: default
                hours: \(own)
                overflow: [{after: 5m, queues: [support]}, {after: 20m, offline: true}]
            commercials:
              - {id: sue, cap: 1, queues: {support: 1}}
              - {id: ana, cap: 9}
            """, to: fixture.database, workspace: fixture.workspace)
    }

    private static let always = "{timezone: UTC, weekly: {mon-sun: [\"00:00-24:00\"]}}"

    private static func escalated(_ visitor: String, _ fixture: AssignmentFixture) async throws -> ChatRow {
        let id = try await fixture.chat(visitor, bot: "robbie")
        let escalate = EscalateChat(
            principal: fixture.principal(.ai, "robbie"), chatID: id, reason: nil, summary: nil, trigger: nil)
        try await fixture.run { _ = try escalate.run($0) }
        return try await fixture.read(id)
    }

    @Test func itsChatsGoToWhoIsThere() async throws {
        try await AssignmentFixture.alone { fixture in
            let (two, four) = (try await Self.closed(for: 2, fixture), try await Self.closed(for: 4, fixture))
            try await Self.apply(four, support: Self.always, to: fixture)
            for id in ["sue", "ana"] { try await fixture.connect(.commercial, id) }
            // Nobody waits five minutes for people who are at home, and nobody at home is given anything.
            let first = try await Self.escalated("v1", fixture)
            #expect(first.status == .waiting)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(first.id).assignedTo == "sue")
            // Who is there is full: the line stands, also for the sweeper, and nothing is said of an opening.
            let second = try await Self.escalated("v2", fixture)
            #expect(try await fixture.dispatchAll() == 0)
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(second.id).status == .waiting)
            let answer = try await fixture.run { try RoutingAnswer.read($0, chatID: second.id) }
            #expect(answer.fields(isFull: false)["nextOpenAt"] == nil)
            #expect(answer.position == 1)
            // Support goes home as well: nobody comes before the first of the two opens.
            try await Self.apply(four, support: two, to: fixture)
            try await fixture.sweeper.sweep()
            let left = try await fixture.read(second.id)
            #expect(left.status == .offline)
            let today = left.readAt.microseconds / 86_400_000_000
            #expect(left.nextOpenAt == Timestamp(microseconds: (today + 3) * 86_400_000_000))
            #expect(try await Self.escalated("v3", fixture).status == .offline)
            // It opens again.
            try await Self.apply(four, support: Self.always, to: fixture)
            try await fixture.run { transaction in
                try transaction.sql.execute("update chats set look_at = clock_timestamp() where status = 'offline'")
            }
            try await fixture.sweeper.sweep()
            let back = try await fixture.read(second.id)
            #expect(back.status == .waiting && back.firstQueuedAt == second.firstQueuedAt)
            try await fixture.run { transaction in
                _ = try transaction.close(transaction.lock(first.id), reason: .resolved, by: .system)
            }
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(second.id).assignedTo == "sue")
        }
    }

    /// Beginning a chat, taking one up again and being sent back to the line follow the same rule; the visitor who waits
    /// too long leaves word all the same.
    @Test func everyWayIntoTheLineKnowsIt() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply(try await Self.closed(for: 4, fixture), support: Self.always, to: fixture)
            let visitor = fixture.principal(.visitor, "v1")
            let begun = try await fixture.run { transaction in
                try VisitorChats(transaction: transaction, visitor: visitor, configuration: fixture.configuration)
                    .begin(.init(firstMessage: nil)).chat
            }
            #expect(begun.status == .waiting)
            let reopened = try await fixture.run { transaction in
                let closed = try transaction.close(transaction.lock(begun.id), reason: .resolved, by: .system)
                return try VisitorChats(
                    transaction: transaction, visitor: visitor, configuration: fixture.configuration
                ).reopen(closed, by: visitor.participant)
            }
            #expect(reopened.status == .waiting)
            try await fixture.connect(.commercial, "sue")
            #expect(try await fixture.dispatchAll() == 1)
            let back = try await fixture.run { transaction in
                try transaction.handBack(transaction.lock(begun.id), by: .system, reason: "released")
            }
            #expect(back.status == .waiting)
            await fixture.presence.closed("socket-commercial-sue")
            try await fixture.run { transaction in
                try transaction.sql.execute("update chats set queued_at = queued_at - interval '20 minutes'")
            }
            #expect(try await fixture.dispatchAll() == 0)
            #expect(try await fixture.read(begun.id).status == .offline)
        }
    }
}
