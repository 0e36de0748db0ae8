import Assignment
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

@Suite struct PresenceKeeperTests {
    private static func count(_ fixture: AssignmentFixture, _ kind: (DomainEvent.Body) -> Bool) -> Int {
        fixture.events.filter(kind).count
    }

    @Test
    func aVisitorIsOnlineFromTheFirstSocketUntilAWhileAfterTheLast() async throws {
        try await AssignmentFixture.alone { fixture in
            func online() -> Int { Self.count(fixture) { if case .visitorOnline = $0 { true } else { false } } }
            func offline() -> Int { Self.count(fixture) { if case .visitorOffline = $0 { true } else { false } } }
            var tab = try await fixture.connect(.visitor, "v1")
            #expect(online() == 1)
            tab.id = "second-tab"
            try await fixture.presence.opened(tab)
            #expect(online() == 1)
            await fixture.presence.closed("socket-visitor-v1")
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(offline() == 0)

            await fixture.presence.closed("second-tab")
            try await fixture.sweeper.sweep()
            #expect(offline() == 0)
            // A reload: back before the visit is over.
            try await fixture.connect(.visitor, "v1")
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(online() == 1)
            #expect(offline() == 0)

            await fixture.presence.closed("socket-visitor-v1")
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(offline() == 1)
        }
    }

    @Test
    func renewalKeepsLeasesAndBringsLostOnesBack() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            try await fixture.connect(.commercial, "luis")
            try await fixture.lapseLeases(of: "ana")
            #expect(try await fixture.commercial("ana")?.isConnected == false)
            try await fixture.presence.renew()
            #expect(try await fixture.commercial("ana")?.isConnected == true)

            // Somebody else took the node for dead and ended the lease.
            try await fixture.lapseLeases(of: "ana")
            try await fixture.sweeper.sweep()
            try await fixture.presence.renew()
            let ana = try await fixture.commercial("ana")
            #expect(ana?.isConnected == true)
            #expect(ana?.graceUntil == nil)

            await fixture.presence.closed("socket-commercial-ana")
            try await fixture.presence.renew()
            #expect(try await fixture.commercial("ana")?.isConnected == false)
            #expect(try await fixture.commercial("luis")?.isConnected == true)
        }
    }

    @Test
    func aStartEndsTheLeasesOfTheEarlierLife() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            let next = PresenceKeeper(
                changes: fixture.changes, dispatcher: fixture.dispatcher, configuration: fixture.configuration,
                node: .init(id: "node", life: "next"), logger: TestDatabase.silence)
            try await next.endEarlierLife()
            let ana = try await fixture.commercial("ana")
            #expect(ana?.isConnected == false)
            #expect(ana?.graceUntil != nil)
        }
    }

    /// What was declared outlives connections.
    @Test
    func declaredStatusIsDurable() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            #expect(try await fixture.commercial("ana")?.declared == .available)
            let busy = DeclareStatus(
                principal: fixture.principal(.commercial, "ana"), commercialID: nil, status: .busy, reason: "lunch",
                cap: nil, drains: false)
            _ = try await fixture.run { try busy.declare("ana", $0) }
            await fixture.presence.closed("socket-commercial-ana")
            try await fixture.connect(.commercial, "ana")
            let ana = try await fixture.commercial("ana")
            #expect(ana?.declared == .busy)
            #expect(ana?.effective == false)
        }
    }

    @Test
    func loweringTheCapBelowTheLoadIsExtra() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            for number in 0..<3 { try await fixture.chat("v\(number)") }
            #expect(try await fixture.dispatchAll() == 3)
            let lower = DeclareStatus(
                principal: fixture.principal(.supervisor, "sup"), commercialID: "ana", status: nil, reason: nil, cap: 1,
                drains: false)
            let row = try await fixture.run { try lower.declare("ana", $0) }
            #expect(row.cap == 1)
            #expect(row.extra == 2)
            try await fixture.chat("v9")
            #expect(try await fixture.dispatchAll() == 0)
        }
    }
}
