import Assignment
import Storage
import Testing

@testable import Gateway

/// Chats that are passed on: asked, refused, returned, accepted.
@Suite struct TransferTests {
    /// Ana has a chat; Beto is there.
    private static func with(
        _ body: @Sendable (AssignmentFixture, String) async throws -> Void
    ) async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v")
            _ = try await fixture.dispatchAll()
            try await fixture.connect(.commercial, "beto")
            try await body(fixture, id)
        }
    }

    @discardableResult
    private static func transfer(
        _ fixture: AssignmentFixture, _ chat: String, by: String = "ana", role: Role = .commercial,
        to target: ChatAccess.TransferTarget = .commercial("beto"), _ mode: ChatAccess.TransferMode = .cold,
        summary: String? = nil
    ) async throws -> TransferChat.Outcome {
        let transfer = TransferChat(
            principal: fixture.principal(role, by), chatID: chat, target: target, mode: mode, summary: summary)
        return try await fixture.run { try transfer.run($0, fixture.configuration.routing) }
    }

    private static func answer(
        _ fixture: AssignmentFixture, _ chat: String, _ answer: AnswerOffer.Answer, by: String = "beto",
        offer: String? = nil
    ) async throws -> ChatRow {
        let answer = AnswerOffer(
            principal: fixture.principal(.commercial, by), assignmentID: offer, chatID: offer == nil ? chat : nil,
            answer: answer)
        return try await fixture.run { try answer.run($0) }
    }

    private static func loads(_ fixture: AssignmentFixture) async throws -> [Double?] {
        [try await fixture.commercial("ana")?.load, try await fixture.commercial("beto")?.load]
    }

    @Test func aPersonIsAskedAndHasItThen() async throws {
        try await Self.with { fixture, id in
            let offered = try await Self.transfer(fixture, id, summary: "Wants a refund.").chat
            #expect(offered.status == .offered)
            #expect(try await Self.loads(fixture) == [0, 1])
            let offer = fixture.events.compactMap { if case .chatOffered(let offer) = $0 { offer } else { nil } }.last
            #expect(offer?.summary == "Wants a refund." && offer?.from == "ana" && offer?.mode == "cold")
            let accepted = try await Self.answer(fixture, id, .accept)
            #expect(accepted.assignedTo == "beto")
            #expect(accepted.noteSeq == 1, "the summary stays, as a note")
        }
    }

    @Test func refusedItReturnsToTheSender() async throws {
        try await Self.with { fixture, id in
            try await Self.transfer(fixture, id)
            let returned = try await Self.answer(fixture, id, .reject(reason: "not mine"))
            #expect(returned.status == .active && returned.assignedTo == "ana")
            #expect(try await Self.loads(fixture) == [1, 0])
        }
    }

    @Test func unansweredItReturnsToTheSender() async throws {
        try await Self.with { fixture, id in
            let first = try await fixture.read(id).firstQueuedAt
            try await Self.transfer(fixture, id)
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            let returned = try await fixture.read(id)
            #expect(returned.assignedTo == "ana")
            #expect(returned.firstQueuedAt == first)
            #expect(try await fixture.commercial("beto")?.misses == 1)
        }
    }

    /// The sender is gone or full by then: its old place in the line.
    @Test(arguments: [true, false])
    func refusedItWaitsWhereTheSenderCannotHaveIt(_ isGone: Bool) async throws {
        try await Self.with { fixture, id in
            let first = try await fixture.read(id).firstQueuedAt
            try await Self.transfer(fixture, id)
            if isGone {
                await fixture.presence.closed("socket-commercial-ana")
            } else {
                try await fixture.run { _ = try Commercials.setCap($0.sql, fixture.workspace, "ana", 0) }
            }
            let waiting = try await Self.answer(fixture, id, .reject(reason: "no"))
            #expect(waiting.status == .waiting)
            #expect(waiting.firstQueuedAt == first)
            #expect(waiting.triedCommercials == ["beto"])
        }
    }

    @Test func whoIsFullOrNotThereIsNotAsked() async throws {
        try await Self.with { fixture, id in
            try await fixture.run { _ = try Commercials.setCap($0.sql, fixture.workspace, "beto", 0) }
            for mode in ChatAccess.TransferMode.allCases {
                let full = await #expect(throws: DomainRefusal.self) { try await Self.transfer(fixture, id, mode) }
                #expect(full?.code == .capacityFull)
            }
            await fixture.presence.closed("socket-commercial-beto")
            let gone = await #expect(throws: DomainRefusal.self) { try await Self.transfer(fixture, id) }
            #expect(gone?.code == .noAgents)
            #expect(try await fixture.read(id).assignedTo == "ana")
        }
    }

    @Test func toAQueueItKeepsItsOldPlace() async throws {
        try await Self.with { fixture, id in
            try await ApplyWorkspaceTests.apply(
                "queues: [{name: support}]\ncommercials: [{id: beto, queues: {support: 1}}]", to: fixture.database,
                workspace: fixture.workspace)
            let first = try await fixture.read(id).firstQueuedAt
            let waiting = try await Self.transfer(fixture, id, to: .queue("support"), summary: "s").chat
            #expect(waiting.status == .waiting && waiting.queue == "support")
            #expect(waiting.firstQueuedAt == first && waiting.triedCommercials == ["ana"])
            let key = QueueKey(workspace: fixture.workspace, queue: "support")
            #expect(try await fixture.dispatcher.dispatch(key) == 1)
            #expect(try await fixture.read(id).assignedTo == "beto")
            let nowhere = await #expect(throws: EventError.self) {
                try await Self.transfer(fixture, id, by: "beto", to: .queue("nowhere"))
            }
            #expect(nowhere?.code == .notFound)
        }
    }

    @Test func warmItStaysWithTheSenderUntilAccepted() async throws {
        try await Self.with { fixture, id in
            let before = try await fixture.read(id)
            let warm = try #require(try await Self.transfer(fixture, id, .warm, summary: "s").warm)
            let meanwhile = try await fixture.read(id)
            #expect(meanwhile.assignedTo == "ana" && meanwhile.epoch == before.epoch)
            #expect(try await Self.loads(fixture) == [1, 0])
            let accepted = try await Self.answer(fixture, id, .accept, offer: warm.id)
            #expect(accepted.assignedTo == "beto" && accepted.epoch == before.epoch + 1)
            #expect(try await Self.loads(fixture) == [0, 1])
            let told = fixture.events.compactMap { if case .chatAssigned(let told) = $0 { told } else { nil } }.last
            #expect(told?.keepsPrevious == true && told?.previousCommercialID == "ana")
            // Accepted is accepted.
            #expect(try await Self.answer(fixture, id, .accept).epoch == accepted.epoch)
        }
    }

    @Test func warmAndRefusedOrUnansweredNothingChanges() async throws {
        try await Self.with { fixture, id in
            let before = try await fixture.read(id)
            try await Self.transfer(fixture, id, .warm)
            _ = try await Self.answer(fixture, id, .reject(reason: "no"))
            // Its time is over at once.
            try await fixture.run { transaction in
                _ = try WarmTransfers.create(
                    transaction.sql, transaction.lock(id), from: "ana", to: "beto", summary: nil, reason: nil,
                    offerFor: 0)
            }
            let late = await #expect(throws: DomainRefusal.self) {
                _ = try await Self.answer(fixture, id, .accept)
            }
            #expect(late?.code == .offerExpired)
            try await fixture.sweeper.sweep()
            let after = try await fixture.read(id)
            #expect(after.assignedTo == "ana" && after.epoch == before.epoch)
            #expect(try await fixture.commercial("beto")?.misses == 1)
            let outcomes = fixture.events.compactMap { if case .offerEnded(let end) = $0 { end.outcome } else { nil } }
            #expect(outcomes == [.rejected, .expired])
        }
    }

    @Test func aWarmTransferEndsWithWhatItWasAbout() async throws {
        try await Self.with { fixture, id in
            try await Self.transfer(fixture, id, .warm)
            try await fixture.run { transaction in
                _ = try transaction.close(transaction.lock(id), reason: .resolved, by: .system)
            }
            let ends = fixture.events.compactMap { if case .offerEnded(let end) = $0 { end } else { nil } }
            #expect(ends.map(\.outcome) == [.rescinded])
            let closed = await #expect(throws: DomainRefusal.self) {
                _ = try await Self.answer(fixture, id, .accept)
            }
            #expect(closed?.code == .offerExpired)
        }
    }

    @Test func onlyWhoHasItOrSupervisesPassesItOn() async throws {
        try await Self.with { fixture, id in
            let stranger = await #expect(throws: DomainRefusal.self) {
                try await Self.transfer(fixture, id, by: "beto", to: .queue("default"))
            }
            #expect(stranger?.code == .notOwner)
            let himself = await #expect(throws: DomainRefusal.self) {
                try await Self.transfer(fixture, id, to: .commercial("ana"))
            }
            #expect(himself?.code == .badPayload)
            let warm = await #expect(throws: DomainRefusal.self) {
                try await Self.transfer(fixture, id, to: .queue("default"), .warm)
            }
            #expect(warm?.code == .badPayload)
            // A supervisor's transfer that is refused returns to the one who had it.
            try await Self.transfer(fixture, id, by: "sara", role: .supervisor)
            #expect(try await Self.answer(fixture, id, .reject(reason: "no")).assignedTo == "ana")
            let waiting = try await fixture.chat("w")
            let nobodys = await #expect(throws: DomainRefusal.self) {
                try await Self.transfer(fixture, waiting, by: "sara", role: .supervisor)
            }
            #expect(nobodys?.code == .badState)
        }
    }
}
