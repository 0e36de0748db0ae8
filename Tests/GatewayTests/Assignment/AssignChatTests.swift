import Assignment
import Storage
import Testing

@testable import Gateway

@Suite struct AssignChatTests {
    private static func assign(
        _ fixture: AssignmentFixture, _ role: Role, _ who: String, _ chat: String, to target: String?,
        _ change: @Sendable (inout AssignChat) -> Void = { _ in }
    ) async throws -> ChatRow {
        var assign = AssignChat(principal: fixture.principal(role, who), chatID: chat, commercialID: target)
        change(&assign)
        let (use, settings) = (assign, fixture.configuration.routing)
        return try await fixture.run { try use.run($0, settings) }
    }

    private static func refusal(
        _ body: @Sendable () async throws -> ChatRow
    ) async -> RefusalCode? {
        do {
            _ = try await body()
            return nil
        } catch {
            return EventError(error).code
        }
    }

    @Test
    func aDistributorsAdviceIsTakenWithinCapacity() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana", cap: 1)
            let first = try await fixture.chat("v1")
            let second = try await fixture.chat("v2")
            let chat = try await Self.assign(fixture, .ai, "uno", first, to: "ana")
            #expect(chat.assignedTo == "ana")
            #expect(
                await Self.refusal { try await Self.assign(fixture, .ai, "uno", second, to: "ana") } == .capacityFull)
            #expect(try await fixture.read(second).status == .waiting)
        }
    }

    @Test
    func theSameTargetAgainIsOkAndTellsNothing() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            let chat = try await Self.assign(fixture, .ai, "uno", id, to: "ana")
            let told = fixture.events.count
            #expect(try await Self.assign(fixture, .ai, "uno", id, to: "ana").epoch == chat.epoch)
            #expect(fixture.events.count == told)
            #expect(try await fixture.commercial("ana")?.load == 1)
        }
    }

    /// A queue that is named is never passed over: the offer ends, and the chat waits there with its old place.
    @Test
    func anOfferedChatGoesToAnotherQueue() async throws {
        try await AssignmentFixture.with(configure: { $0.routing.autoAccept = false }) { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            try await fixture.run { try Workspaces.ensureQueue($0.sql, $0.workspace, name: "ventas") }
            let offered = try await Self.assign(fixture, .ai, "uno", id, to: "ana")
            #expect(offered.status == .offered)
            let same = try await Self.assign(fixture, .ai, "uno", id, to: nil) { $0.queue = "default" }
            #expect(same.status == .offered && same.version == offered.version)
            let moved = try await Self.assign(fixture, .ai, "uno", id, to: nil) { $0.queue = "ventas" }
            #expect(moved.status == .waiting && moved.queue == "ventas")
            #expect(moved.firstQueuedAt == offered.firstQueuedAt)
            #expect(try await fixture.commercial("ana")?.load == 0)
        }
    }

    @Test
    func refusalsNameWhatIsWrong() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            try await fixture.connect(.commercial, "luis")
            try await fixture.connect(.commercial, "gone")
            await fixture.presence.closed("socket-commercial-gone")
            let id = try await fixture.chat("v1")
            #expect(await Self.refusal { try await Self.assign(fixture, .ai, "uno", id, to: "nobody") } == .notFound)
            #expect(await Self.refusal { try await Self.assign(fixture, .ai, "uno", id, to: "gone") } == .noAgents)
            #expect(
                await Self.refusal {
                    try await Self.assign(fixture, .ai, "uno", id, to: "ana") { $0.expectedEpoch = 9 }
                } == .conflict)
            #expect(
                await Self.refusal {
                    try await Self.assign(fixture, .supervisor, "sup", id, to: nil) { $0.queue = "nowhere" }
                } == .notFound)
            _ = try await Self.assign(fixture, .commercial, "ana", id, to: "ana")
            #expect(
                await Self.refusal { try await Self.assign(fixture, .commercial, "luis", id, to: "luis") } == .conflict)
            #expect(await Self.refusal { try await Self.assign(fixture, .ai, "uno", id, to: "luis") } == .conflict)
        }
    }

    @Test
    func transfersMoveTheLoadWithTheChat() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            try await fixture.connect(.commercial, "luis")
            let id = try await fixture.chat("v1")
            _ = try await Self.assign(fixture, .commercial, "ana", id, to: "ana")
            let before = try await fixture.read(id)
            let after = try await Self.assign(fixture, .commercial, "ana", id, to: "luis")
            #expect(after.assignedTo == "luis")
            #expect(after.epoch == before.epoch + 1)
            #expect(try await fixture.commercial("ana")?.load == 0)
            #expect(try await fixture.commercial("luis")?.load == 1)
        }
    }

    /// Transfers in opposite directions at the same time: all end, nobody's load is wrong.
    @Test
    func crossingTransfersDoNotBlockEachOther() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana", cap: 40)
            try await fixture.connect(.commercial, "luis", cap: 40)
            var ids: [String] = []
            for number in 0..<10 {
                let id = try await fixture.chat("v\(number)")
                _ = try await Self.assign(fixture, .supervisor, "sup", id, to: number % 2 == 0 ? "ana" : "luis")
                ids.append(id)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, id) in ids.enumerated() {
                    group.addTask {
                        for turn in 1...6 {
                            let target = (number + turn) % 2 == 0 ? "ana" : "luis"
                            _ = try await Self.assign(fixture, .supervisor, "sup", id, to: target)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await fixture.commercial("ana")?.load == 5)
            #expect(try await fixture.commercial("luis")?.load == 5)
        }
    }

    @Test
    func supervisorsGoAboveACapOnlyByForceAndItIsAudited() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana", cap: 0)
            let id = try await fixture.chat("v1")
            #expect(
                await Self.refusal { try await Self.assign(fixture, .supervisor, "sup", id, to: "ana") }
                    == .capacityFull)
            let chat = try await Self.assign(fixture, .supervisor, "sup", id, to: "ana") { $0.force = true }
            #expect(chat.assignedTo == "ana")
            #expect(try await fixture.commercial("ana")?.extra == 1)
            let audited = try await fixture.run { transaction in
                try transaction.sql.query("select count(*) from audit where action = 'chat.forced'")[0].int(0)
            }
            #expect(audited == 1)
        }
    }

    @Test
    func aPersonTakesAChatOverFromABotAndTheBotIsFenced() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1", bot: "uno", answerWithin: 20_000)
            let before = try await fixture.read(id)
            let router = fixture.router
            let taken = try await fixture.run { transaction in
                try router.takeOver(
                    transaction.lock(id), by: Participant(role: .commercial, id: "ana", name: "Ana"), in: transaction)
            }
            #expect(taken.assignedTo == "ana")
            #expect(taken.epoch == before.epoch + 1)
            #expect(taken.botDeadline == nil)
            let bot = fixture.principal(.ai, "uno")
            let refusal = await #expect(throws: DomainRefusal.self) {
                try await fixture.run { transaction in
                    _ = try transaction.access(bot, transaction.find(id)).post(epoch: before.epoch)
                }
            }
            #expect(refusal?.code == .notOwner)
        }
    }

    @Test
    func aSupervisorsTakeOverCountsAsExtra() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            let router = fixture.router
            let taken = try await fixture.run { transaction in
                try router.takeOver(
                    transaction.lock(id), by: Participant(role: .supervisor, id: "sup", name: "Sup"), in: transaction)
            }
            #expect(taken.owner?.role == .supervisor)
            let supervisor = try await fixture.commercial("sup")
            #expect(supervisor?.extra == 1)
            #expect(supervisor?.load == 1)
            #expect(try await fixture.commercial("ana")?.load == 0)
            // A supervisor is nobody's router's choice.
            try await fixture.chat("v2")
            try await fixture.run { transaction in
                _ = try Commercials.declare(transaction.sql, fixture.workspace, "ana", .away)
            }
            #expect(try await fixture.dispatchAll() == 0)
        }
    }

    @Test
    func aTakeOverRescindsAnOfferAndIsAuditedOnce() async throws {
        try await AssignmentFixture.with(configure: { $0.routing.autoAccept = false }) { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.read(id).status == .offered)
            func takeOver(_ who: String) async throws -> ChatRow {
                let use = TakeOverChat(
                    principal: fixture.principal(.supervisor, who), chatID: id, reason: "a friend of the house")
                return try await fixture.run { try use.run($0, defaultCapacity: 5) }
            }
            let taken = try await takeOver("sup")
            #expect(taken.owner?.id == "sup")
            #expect(try await fixture.commercial("ana")?.load == 0)
            #expect(try await fixture.commercial("sup")?.extra == 1)
            #expect(
                fixture.events.contains { body in
                    if case .offerEnded(let ended) = body { ended.outcome == .rescinded } else { false }
                })
            // Again, in either way of saying so: the same answer, and nobody hears of it.
            let told = fixture.events.count
            #expect(try await takeOver("sup").epoch == taken.epoch)
            #expect(try await Self.assign(fixture, .supervisor, "sup", id, to: "sup").epoch == taken.epoch)
            #expect(fixture.events.count == told)
            // Naming oneself is a take-over like any other.
            let second = try await Self.assign(fixture, .admin, "root", id, to: "root")
            #expect(second.owner == Participant(role: .admin, id: "root", name: "ROOT"))
            #expect(second.epoch == taken.epoch + 1)
            let audited = try await fixture.run { transaction in
                try transaction.sql.query(
                    "select actor_id, detail->>'reason' from audit where action = 'chat.taken_over' order by id"
                )
                .map { [try $0.text(0), try $0.optionalText(1)] }
            }
            #expect(audited == [["sup", "a friend of the house"], ["root", nil]])
        }
    }
}
