import Assignment
import Storage
import Testing

@testable import Gateway

/// Promises on real rows: started and stopped by the schema, worked out and reported by whichever node looks.
@Suite struct PromiseSweepTests {
    private static func apply(_ yaml: String, to fixture: AssignmentFixture) async throws {
        try await ApplyWorkspaceTests.apply(yaml, to: fixture.database, workspace: fixture.workspace)
    }

    private static func clocks(_ id: String, _ fixture: AssignmentFixture) async throws -> [SLAClockRow] {
        try await fixture.run { try SLAClocks.all($0.sql, of: $0.find(id)) }
    }

    private static func answer(_ id: String, _ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            _ = try Messages.append(
                transaction.sql, transaction.lock(id),
                NewMessage(sender: Participant(role: .commercial, id: "ana"), type: .agent, content: "voy"))
        }
    }

    /// Moves every running promise back by so many minutes.
    private static func letMinutesPass(_ minutes: Int64, _ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            try transaction.sql.execute(
                """
                update sla_clocks set
                    started_at = started_at - $1 * interval '1 minute', warn_at = warn_at - $1 * interval '1 minute',
                    due_at = due_at - $1 * interval '1 minute', look_at = look_at - $1 * interval '1 minute'
                """, [.int(minutes)])
        }
    }

    private static func reports(_ fixture: AssignmentFixture) -> [String] {
        fixture.events.compactMap {
            guard case .promiseReported(let reported) = $0 else { return nil }
            return (reported.isBreach ? "breach " : "warning ") + reported.kind.rawValue
        }
    }

    private static let sla = """
        sla:
          - {name: gold, priorities: [urgent], firstResponse: 1m}
          - {name: standard, firstResponse: 10m, nextResponse: 5m, resolution: 8h, warnBefore: 2m}
        """

    @Test func aPromiseIsWarnedOfAndReportedOnceByAnyNode() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply(Self.sla, to: fixture)
            let id = try await fixture.chat("v")
            #expect(try await fixture.read(id).slaPolicy == "standard")
            try await fixture.sweeper.sweep()
            let clocks = try await Self.clocks(id, fixture)
            #expect(clocks.map(\.kind) == [.firstResponse, .resolution])
            let first = try #require(clocks.first)
            #expect(first.dueAt == first.startedAt.advanced(byMilliseconds: 600_000))
            #expect(first.warnAt == first.startedAt.advanced(byMilliseconds: 480_000))
            #expect(try await fixture.read(id).responseDueAt == first.dueAt)
            #expect(Self.reports(fixture).isEmpty)

            try await Self.letMinutesPass(9, fixture)
            let second = fixture.secondSweeper()
            async let one: Void = fixture.sweeper.sweep()
            async let two: Void = second.sweep()
            _ = try await (one, two)
            #expect(Self.reports(fixture) == ["warning firstResponse"])
            try await Self.letMinutesPass(2, fixture)
            try await second.sweep()
            try await fixture.sweeper.sweep()
            #expect(Self.reports(fixture) == ["warning firstResponse", "breach firstResponse"])
            let audit = try await fixture.run {
                try $0.sql.query("select action from audit where action like 'sla.%' order by id").map {
                    try $0.text(0)
                }
            }
            #expect(audit == ["sla.warned", "sla.breached"])

            // Answered at last: it stays a breach.
            try await fixture.connect(.commercial, "ana")
            _ = try await fixture.dispatchAll()
            try await Self.answer(id, fixture)
            let ended = try #require(try await Self.clocks(id, fixture).first { $0.kind == .firstResponse })
            #expect(ended.outcome == "breached" && ended.endedAt != nil)
            #expect(try await fixture.read(id).responseDueAt == nil)
            try await fixture.sweeper.sweep()
            #expect(Self.reports(fixture).count == 2)
        }
    }

    @Test func whatIsKeptIsSilent() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply(Self.sla, to: fixture)
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v")
            _ = try await fixture.dispatchAll()
            try await fixture.say("hola", in: id)
            try await fixture.sweeper.sweep()
            try await Self.answer(id, fixture)
            // A second question, and a third before the answer: one promise, from the second on.
            try await fixture.say("¿y el envío?", in: id)
            try await fixture.sweeper.sweep()
            try await Self.letMinutesPass(1, fixture)
            try await fixture.say("¿hola?", in: id)
            #expect(try await Self.clocks(id, fixture).count { $0.kind == .nextResponse } == 1)
            try await Self.answer(id, fixture)
            try await fixture.run { transaction in
                _ = try transaction.close(transaction.lock(id), reason: .resolved, by: .system)
            }
            let clocks = try await Self.clocks(id, fixture)
            #expect(Set(clocks.map(\.kind)) == [.firstResponse, .nextResponse, .resolution])
            #expect(clocks.allSatisfy { $0.outcome == "met" })
            try await Self.letMinutesPass(10_000, fixture)
            try await fixture.sweeper.sweep()
            #expect(Self.reports(fixture).isEmpty)
        }
    }

    @Test func aBotsStretchPromisesNothingAndAnotherPriorityPromisesMore() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply(Self.sla, to: fixture)
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v", bot: "uno")
            #expect(try await Self.clocks(id, fixture).isEmpty)
            try await fixture.run { transaction in
                _ = try transaction.enqueue(transaction.lock(id), by: .system, reason: "escalated")
            }
            try await fixture.sweeper.sweep()
            let began = try #require(try await Self.clocks(id, fixture).first?.startedAt)
            try await fixture.run { transaction in
                _ = try transaction.raisePriority(of: transaction.lock(id), to: .urgent, by: .system)
            }
            try await fixture.sweeper.sweep()
            let running = try await Self.clocks(id, fixture).filter { $0.endedAt == nil }
            #expect(running.map(\.policy) == ["gold"])
            #expect(running.first?.startedAt == began, "from when the first one began")
            #expect(running.first?.dueAt == began.advanced(byMilliseconds: 60_000))
            let cancelled = try await Self.clocks(id, fixture).filter { $0.outcome == "cancelled" }
            #expect(cancelled.count == 2)
        }
    }

    @Test func chatsThatAreOpenGetWhatIsPromisedLater() async throws {
        try await AssignmentFixture.alone { fixture in
            let id = try await fixture.chat("v")
            #expect(try await fixture.read(id).slaPolicy == nil)
            try await Self.apply(Self.sla, to: fixture)
            #expect(try await fixture.read(id).slaPolicy == "standard")
            #expect(try await Self.clocks(id, fixture).map(\.kind) == [.firstResponse, .resolution])
            try await Self.apply("sla: []", to: fixture)
            #expect(try await fixture.read(id).slaPolicy == nil)
            #expect(try await Self.clocks(id, fixture).allSatisfy { $0.outcome == "cancelled" })
        }
    }

    @Test func aChatIsServedInTimeForItsPromise() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply(
                "sla: [{name: quick, priorities: [low], firstResponse: 2m}]", to: fixture)
            let early = try await fixture.chat("a")
            let promised = try await fixture.chat("b", priority: .low)
            try await fixture.sweeper.sweep()
            let chat = try await fixture.read(promised)
            #expect(chat.routeKey == chat.responseDueAt?.advanced(byMilliseconds: -RouteKey.dueSafetyMilliseconds))
            try await fixture.connect(.commercial, "ana", cap: 1)
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.read(promised).assignedTo == "ana", "though it is low and came later")
            #expect(try await fixture.read(early).status == .waiting)
        }
    }

    @Test func businessHoursStopTheClock() async throws {
        try await AssignmentFixture.alone { fixture in
            // Closed from two hours ago for three days, but for the hours before.
            let now = try await fixture.run { try Workspaces.now($0.sql) }
            let today = now.microseconds / 86_400_000_000
            let closed = (-1...2).map { CivilDate(dayNumber: today + $0).description }.joined(separator: ", ")
            let opening = Timestamp(microseconds: (today + 3) * 86_400_000_000)
            try await Self.apply(
                """
                queues:
                  - name: default
                    hours: {timezone: UTC, weekly: {mon-sun: ["00:00-24:00"]}, holidays: [\(closed)]}
                sla: [{name: day, firstResponse: 10m, businessHours: true}]
                """, to: fixture)
            let id = try await fixture.run { transaction in
                try Visitors.upsert(transaction.sql, fixture.workspace, "v", isVerified: true)
                return try Chats.createOrLockOpen(
                    transaction.sql, fixture.workspace,
                    NewChat(visitorID: "v", entry: .offline(nextOpenAt: opening))
                ).chat.id
            }
            try await fixture.sweeper.sweep()
            #expect(
                try await Self.clocks(id, fixture).map(\.dueAt) == [opening.advanced(byMilliseconds: 600_000)])
        }
    }

    @Test func theListIsWhole() async throws {
        try await AssignmentFixture.with { fixture in
            func apply(_ yaml: String) async throws -> [String] {
                try await ApplyWorkspaceTests.apply(yaml, to: fixture.database, workspace: fixture.workspace)
            }
            let first = try await apply(Self.sla)
            #expect(
                first == [
                    "+ sla gold: priorities urgent, firstResponse 60s",
                    "+ sla standard: firstResponse 600s, nextResponse 300s, resolution 28800s, warnBefore 120s",
                ])
            let again = try await apply(Self.sla)
            #expect(again == [])
            let asks = try await apply("csat: {window: 1d}")
            #expect(asks == ["+ csat: window 86400s"])
            let asksNobody = try await apply("csat: {enabled: false}")
            #expect(asksNobody == ["- csat"])
            let other = try await apply("sla: [{name: gold, firstResponse: 2m}]")
            #expect(
                other == [
                    "~ sla gold: priorities urgent -> (default), firstResponse 60s -> 120s", "- sla standard",
                ])
            await #expect(throws: FileProblems.self) {
                _ = try await apply("sla: [{name: gold, queues: [nowhere], firstResponse: 2m}]")
            }
        }
    }
}
