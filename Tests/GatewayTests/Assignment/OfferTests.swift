import Assignment
import Storage
import Testing

@testable import Gateway

@Suite struct OfferTests {
    private static func withOffers(_ body: @Sendable (AssignmentFixture) async throws -> Void) async throws {
        try await AssignmentFixture.alone(configure: { $0.routing.autoAccept = false }) { try await body($0) }
    }

    private static func answer(
        _ fixture: AssignmentFixture, _ commercial: String, _ chat: String, _ answer: AnswerOffer.Answer
    ) async throws -> ChatRow {
        let offer = AnswerOffer(
            principal: fixture.principal(.commercial, commercial), assignmentID: nil, chatID: chat, answer: answer)
        return try await fixture.run { try offer.run($0) }
    }

    @Test
    func anAcceptedOfferIsAnAssignment() async throws {
        try await Self.withOffers { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            #expect(try await fixture.dispatchAll() == 1)
            let offered = try await fixture.read(id)
            #expect(offered.status == .offered)
            #expect(offered.owner == nil)
            let accepted = try await Self.answer(fixture, "ana", id, .accept)
            #expect(accepted.status == .active)
            #expect(accepted.assignedTo == "ana")
            #expect(accepted.epoch == offered.epoch + 1)
            #expect(try await fixture.commercial("ana")?.load == 1)
            // Once more: the first answer may have been lost.
            #expect(try await Self.answer(fixture, "ana", id, .accept).epoch == accepted.epoch)
        }
    }

    @Test
    func aRejectedOfferGoesToTheNext() async throws {
        try await Self.withOffers { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            let before = try await fixture.read(id)
            try await fixture.connect(.commercial, "luis")
            let rejected = try await Self.answer(fixture, "ana", id, .reject(reason: "lunch"))
            #expect(rejected.status == .waiting)
            #expect(rejected.firstQueuedAt == before.firstQueuedAt)
            #expect(try await fixture.commercial("ana")?.load == 0)
            #expect(try await fixture.commercial("ana")?.misses == 0)
            #expect(try await fixture.dispatchAll() == 1)
            let offers = fixture.events.compactMap { body -> String? in
                if case .chatOffered(let offer) = body { offer.commercialID } else { nil }
            }
            #expect(offers == ["ana", "luis"])
        }
    }

    @Test
    func anExpiredOfferIsMissedAndTwoMissesMakeAway() async throws {
        try await Self.withOffers { fixture in
            try await fixture.connect(.commercial, "ana")
            let ids = [try await fixture.chat("v1"), try await fixture.chat("v2")]
            #expect(try await fixture.dispatchAll() == 2)
            try await fixture.letTimePass()
            let late = await #expect(throws: DomainRefusal.self) {
                _ = try await Self.answer(fixture, "ana", ids[0], .accept)
            }
            #expect(late?.code == .offerExpired)
            try await fixture.sweeper.sweep()
            for id in ids {
                let chat = try await fixture.read(id)
                #expect(chat.status == .waiting)
                #expect(chat.triedCommercials == ["ana"])
            }
            let ana = try await fixture.commercial("ana")
            #expect(ana?.declared == .away)
            #expect(ana?.declaredReason == "auto_missed")
            #expect(ana?.declaredAutomatically == true)
            #expect(ana?.load == 0)
            // Only she herself says that she is back.
            let supervisor = DeclareStatus(
                principal: fixture.principal(.supervisor, "sup"), commercialID: "ana", status: .available, reason: nil,
                cap: nil, drains: false)
            let refusal = await #expect(throws: DomainRefusal.self) {
                try await fixture.run { _ = try supervisor.declare("ana", $0) }
            }
            #expect(refusal?.code == .badState)
        }
    }

    /// Of acceptance and timeout exactly one wins.
    @Test
    func acceptanceRacesWithTheTimeout() async throws {
        try await Self.withOffers { fixture in
            try await fixture.connect(.commercial, "ana", cap: 20)
            var ids: [String] = []
            for number in 0..<10 { ids.append(try await fixture.chat("v\(number)")) }
            #expect(try await fixture.dispatchAll() == 10)
            let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { [ids] in
                    var accepted = 0
                    for id in ids {
                        do {
                            _ = try await Self.answer(fixture, "ana", id, .accept)
                            accepted += 1
                        } catch let refusal as DomainRefusal where refusal.code == .offerExpired {
                            continue
                        }
                    }
                    return accepted
                }
                group.addTask {
                    try await fixture.letTimePass()
                    try await fixture.sweeper.sweep()
                    return 0
                }
                return try await group.reduce(0, +)
            }
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            let (active, waiting) = try await fixture.run { transaction in
                (
                    try transaction.sql.query("select count(*) from chats where status = 'active'")[0].int(0),
                    try transaction.sql.query("select count(*) from chats where status = 'waiting'")[0].int(0)
                )
            }
            #expect(active == Int64(accepted))
            #expect(active + waiting == 10)
            #expect(try await fixture.commercial("ana")?.load == Double(accepted))
        }
    }
}
