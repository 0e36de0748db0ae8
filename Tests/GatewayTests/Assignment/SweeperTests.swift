import Assignment
import Storage
import Testing

@testable import Gateway

@Suite struct SweeperTests {
    // MARK: Bots

    @Test
    func aSilentBotGivesWayToTheNextAndThenToPeople() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.ai, "uno")
            try await fixture.connect(.ai, "dos")
            let id = try await fixture.chat("v1", bot: "uno", answerWithin: 20_000)
            let first = try await fixture.read(id)
            // Not yet due.
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).epoch == first.epoch)

            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            let second = try await fixture.read(id)
            #expect(second.status == .bot)
            #expect(second.owner?.id == "dos")
            #expect(second.epoch == first.epoch + 1)
            #expect(second.botDeadline.map { $0 > second.readAt } == true)

            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            let third = try await fixture.read(id)
            #expect(third.status == .waiting)
            #expect(third.owner == nil)
            #expect(third.epoch == second.epoch + 1)
            #expect(third.botDeadline == nil)
            // The visitor is told that they wait, and where.
            #expect(
                fixture.events.contains { body in
                    if case .chatQueued(let queued) = body { queued.position == 1 } else { false }
                })
        }
    }

    @Test
    func aVanishedBotsChatsPassOnAfterTheGrace() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            await fixture.presence.closed("socket-ai-uno")
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).status == .bot)
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).status == .waiting)
        }
    }

    @Test
    func aBotThatComesBackInTimeKeepsItsChats() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            await fixture.presence.closed("socket-ai-uno")
            try await fixture.connect(.ai, "uno")
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).owner?.id == "uno")
        }
    }

    // MARK: Commercials

    @Test
    func aVanishedCommercialsChatsWaitAgainAtTheirOldPlace() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            #expect(try await fixture.dispatchAll() == 1)
            let active = try await fixture.read(id)
            await fixture.presence.closed("socket-commercial-ana")

            // Within the grace nothing moves.
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).assignedTo == "ana")

            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            let requeued = try await fixture.read(id)
            #expect(requeued.status == .waiting)
            #expect(requeued.firstQueuedAt == active.firstQueuedAt)
            #expect(requeued.routeBonusMilliseconds == RouteKey.lostCommercialBonusMilliseconds)
            #expect(requeued.epoch == active.epoch + 1)
            let ana = try await fixture.commercial("ana")
            #expect(ana?.load == 0)
            #expect(ana?.graceUntil == nil)

            // And goes to whoever comes, before a chat that came later.
            try await fixture.chat("v2")
            try await fixture.connect(.commercial, "luis", cap: 1)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(id).assignedTo == "luis")
        }
    }

    @Test
    func aCommercialWhoComesBackInTimeKeepsTheirChats() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            await fixture.presence.closed("socket-commercial-ana")
            try await fixture.connect(.commercial, "ana")
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).assignedTo == "ana")
        }
    }

    @Test
    func whoSaidUntilWhenIsBackByThemselves() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            func declare(_ status: DeclaredStatus, until minutes: Int64?) async throws -> CommercialRow {
                try await fixture.run { transaction in
                    let now = try Workspaces.now(transaction.sql)
                    let use = DeclareStatus(
                        principal: fixture.principal(.commercial, "ana"), commercialID: nil, status: status,
                        reason: "lunch", cap: nil, drains: false,
                        until: minutes.map { now.advanced(byMilliseconds: $0 * 60_000) })
                    return try use.declare("ana", transaction)
                }
            }
            let refusal = await #expect(throws: EventError.self) { _ = try await declare(.away, until: -1) }
            #expect(refusal?.code == .badPayload)
            #expect(try await declare(.away, until: 30).declaredUntil != nil)
            let id = try await fixture.chat("v1")
            try await fixture.sweeper.sweep()
            #expect(try await fixture.commercial("ana")?.declared == .away)

            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            let back = try #require(try await fixture.commercial("ana"))
            #expect(back.effective)
            #expect(back.declaredUntil == nil && back.declaredReason == nil)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(id).assignedTo == "ana")

            // What they say meanwhile goes before.
            _ = try await declare(.busy, until: 30)
            _ = try await declare(.away, until: nil)
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.commercial("ana")?.declared == .away)
        }
    }

    /// A node that died says nothing; its leases lapse, and the grace begins then.
    @Test
    func lapsedLeasesBeginTheGrace() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            try await fixture.lapseLeases(of: "ana")
            try await fixture.sweeper.sweep()
            let ana = try await fixture.commercial("ana")
            #expect(ana?.isConnected == false)
            #expect(ana?.graceUntil != nil)
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).status == .waiting)
        }
    }

    /// Any number of sweepers: each thing due happens once.
    @Test
    func sweepersDoNotDoubleWhatIsDue() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana", cap: 20)
            for number in 0..<10 { try await fixture.chat("v\(number)") }
            #expect(try await fixture.dispatchAll() == 10)
            await fixture.presence.closed("socket-commercial-ana")
            try await fixture.letTimePass()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await fixture.sweeper.sweep() } }
                try await group.waitForAll()
            }
            let queued = fixture.events.filter { if case .chatQueued = $0 { true } else { false } }
            #expect(queued.count == 10)
            #expect(try await fixture.commercial("ana")?.load == 0)
        }
    }
}
