import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// What was applied decides who gets a chat and how, from the next dispatch on.
@Suite struct AppliedRoutingTests {
    private static func apply(_ yaml: String, to fixture: AssignmentFixture) async throws {
        try await ApplyWorkspaceTests.apply(yaml, to: fixture.database, workspace: fixture.workspace)
    }

    /// A chat of a visitor whose browser says this.
    private static func chat(
        _ visitor: String, locale: String, _ fixture: AssignmentFixture
    ) async throws -> String {
        try await fixture.run { transaction in
            try Visitors.upsert(transaction.sql, fixture.workspace, visitor, isVerified: true, locale: locale)
            return try VisitorChats(
                transaction: transaction, visitor: fixture.principal(.visitor, visitor),
                configuration: fixture.configuration
            ).begin(.init()).chat.id
        }
    }

    @Test func aQueueMayOfferWhereTheGatewayAssigns() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            try await Self.apply("queues: [{name: default, autoAccept: false, offerTimeout: 45s}]", to: fixture)
            let id = try await fixture.chat("v")
            #expect(try await fixture.dispatchAll() == 1)
            let chat = try await fixture.read(id)
            #expect(chat.status == .offered)
            let live = try #require(try await fixture.run { try Assignments.live($0.sql, of: chat) })
            let patience = live.deadline?.milliseconds(since: live.createdAt) ?? 0
            #expect((44_000...46_000).contains(patience))

            // The same for somebody who is named.
            let other = try await fixture.chat("w")
            let assign = AssignChat(
                principal: fixture.principal(.supervisor, "sara"), chatID: other, commercialID: "ana")
            #expect(try await fixture.run { try assign.run($0, fixture.configuration.routing) }.status == .offered)
        }
    }

    @Test func aQueueMayAssignWhereTheGatewayOffers() async throws {
        try await AssignmentFixture.with(configure: { $0.routing.autoAccept = false }) { fixture in
            try await fixture.connect(.commercial, "ana")
            try await Self.apply("queues: [{name: default, autoAccept: true}]", to: fixture)
            let id = try await fixture.chat("v")
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.read(id).status == .active)
        }
    }

    @Test func skillsAndTiersChoose() async throws {
        try await AssignmentFixture.with { fixture in
            for id in ["expert", "good", "novice", "spare"] { try await fixture.connect(.commercial, id) }
            try await Self.apply(
                """
                queues: [{name: default, skills: {invoices: 2}}]
                commercials:
                  - {id: novice, cap: 5, skills: {invoices: 1}}
                  - {id: good, cap: 1, skills: {invoices: 2}}
                  - {id: expert, cap: 1, skills: {invoices: 9}}
                  - {id: spare, cap: 1, skills: {invoices: 2}, queues: {default: 2}}
                """, to: fixture)
            var owners: [String?] = []
            for number in 1...4 {
                let id = try await fixture.chat("v\(number)")
                _ = try await fixture.dispatchAll()
                owners.append(try await fixture.read(id).assignedTo)
            }
            #expect(owners == ["good", "expert", "spare", nil], "a novice never")
        }
    }

    @Test func aChatGoesToWhoeverSpeaksItsLanguage() async throws {
        try await AssignmentFixture.with { fixture in
            for id in ["ana", "bill"] { try await fixture.connect(.commercial, id) }
            try await Self.apply(
                """
                queues: [{name: default, languages: [es, en]}]
                commercials: [{id: ana, languages: [es]}, {id: bill, languages: [en]}]
                """, to: fixture)
            for (visitor, locale, owner) in [("a", "es", "ana"), ("b", "es-MX", "ana"), ("c", "en_GB", "bill")] {
                let id = try await Self.chat(visitor, locale: locale, fixture)
                _ = try await fixture.dispatchAll()
                #expect(try await fixture.read(id).assignedTo == owner)
            }
            // A language that the queue does not serve is nobody's in particular.
            let id = try await Self.chat("d", locale: "eu-ES", fixture)
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.read(id).assignedTo == "bill", "the less loaded")
        }
    }

    /// Where the file names a region, its language is meant; where it names two, either will do.
    @Test(arguments: [("[es, pt-BR]", "bia"), ("[es, pt-BR, pt-PT]", "ana")])
    func aRegionSpeaksItsLanguage(languages: String, owner: String) async throws {
        try await AssignmentFixture.with { fixture in
            for id in ["ana", "bia"] { try await fixture.connect(.commercial, id) }
            try await Self.apply(
                """
                queues: [{name: default, languages: \(languages)}]
                commercials: [{id: ana, cap: 9, languages: [es]}, {id: bia, cap: 1, languages: [pt-BR]}]
                """, to: fixture)
            let id = try await Self.chat("v", locale: "pt", fixture)
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.read(id).assignedTo == owner)
        }
    }

    @Test func aChatThatNobodyCanTakeHoldsUpNobody() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            try await Self.apply(
                "queues: [{name: default, languages: [es, fr]}]\ncommercials: [{id: ana, languages: [es]}]", to: fixture
            )
            let french = try await Self.chat("v1", locale: "fr", fixture)
            let next = try await fixture.chat("v2")
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(french).status == .waiting)
            #expect(try await fixture.read(next).assignedTo == "ana")
            // Somebody learns French.
            try await Self.apply("commercials: [{id: ana, languages: [es, fr]}]", to: fixture)
            #expect(try await fixture.dispatchAll() == 1)
        }
    }

    /// Two chats that count double fill a person of four; asleep, one counts a quarter of that.
    @Test func heavyChatsFillAPersonSooner() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            try await Self.apply("queues: [{name: default, weight: 2}]\ncommercials: [{id: ana, cap: 4}]", to: fixture)
            var chats: [String] = []
            for number in 1...3 { chats.append(try await fixture.chat("v\(number)")) }
            #expect(try await fixture.dispatchAll() == 2)
            #expect(try await fixture.commercial("ana")?.load == 4)
            try await Self.apply("commercials: [{id: ana, cap: 5}]", to: fixture)
            #expect(try await fixture.dispatchAll() == 0, "there is room for half of it")
            let first = chats[0]
            try await fixture.run { transaction in
                let chat = try transaction.lock(first)
                _ = try transaction.pause(
                    chat, until: chat.readAt.advanced(byMilliseconds: 60_000), by: .system, reason: "snoozed")
            }
            #expect(try await fixture.commercial("ana")?.load == 2.5)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.commercial("ana")?.load == 4.5)
        }
    }

    /// A chat takes the weight of the queue that it enters, and keeps it while somebody has it.
    @Test func aChatWeighsWhatItsQueueSays() async throws {
        try await AssignmentFixture.with { fixture in
            try await Self.apply("queues: [{name: default, weight: 0.25}, {name: heavy, weight: 3}]", to: fixture)
            let id = try await fixture.chat("v")
            #expect(try await fixture.read(id).weight == 0.25)
            try await Self.move(id, to: "heavy", fixture)
            #expect(try await fixture.read(id).weight == 3)
            try await Self.move(id, to: "default", fixture)
            try await fixture.connect(.commercial, "ana", cap: 1)
            #expect(try await fixture.dispatchAll() == 1)
            try await Self.move(id, to: "heavy", fixture)
            #expect(try await fixture.read(id).weight == 0.25)
            #expect(try await fixture.commercial("ana")?.load == 0.25)
            // Back in the line it is one of the heavy ones, and more than she can take.
            let release = AssignChat(principal: fixture.principal(.supervisor, "boss"), chatID: id, commercialID: nil)
            _ = try await fixture.run { try release.run($0, fixture.configuration.routing) }
            #expect(try await fixture.read(id).weight == 3)
            #expect(try await fixture.commercial("ana")?.load == 0)
        }
    }

    private static func move(_ chat: String, to queue: String, _ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            _ = try Chats.update(transaction.sql, transaction.lock(chat), ChatChanges(queue: queue))
        }
    }

    @Test func whoWaitsOutsideTheHoursIsToldWhenItOpens() async throws {
        try await AssignmentFixture.with { fixture in
            // Open around the clock, but for these four days.
            let now = try await fixture.run { try Workspaces.now($0.sql) }
            let today = now.microseconds / 86_400_000_000
            let closed = (-1...2).map { CivilDate(dayNumber: today + $0).description }
            try await Self.apply(
                """
                queues:
                  - name: default
                    hours: {timezone: UTC, weekly: {mon-sun: ["00:00-24:00"]}, holidays: [\(closed.joined(separator: ", "))]}
                commercials: [{id: gone}]
                """, to: fixture)
            let opening = Timestamp(microseconds: (today + 3) * 86_400_000_000)
            let id = try await fixture.chat("v", bot: "robbie")
            let escalate = EscalateChat(
                principal: fixture.principal(.ai, "robbie"), chatID: id, reason: nil, summary: nil, trigger: nil)
            try await fixture.run { _ = try escalate.run($0) }
            let chat = try await fixture.read(id)
            #expect(chat.status == .offline)
            #expect(chat.nextOpenAt == opening && chat.lookAt == opening)
            let told = fixture.events.compactMap { if case .chatUpdated(let updated) = $0 { updated } else { nil } }
            #expect(told.map(\.chat.status) == [.offline])
            let answer = try await fixture.run { try RoutingAnswer.read($0, chatID: id) }
            #expect(answer.fields(isFull: false)["nextOpenAt"]?.string == opening.description)
            // Somebody named who is not there.
            let assign = AssignChat(principal: fixture.principal(.ai, "robbie"), chatID: id, commercialID: "gone")
            let refusal = await #expect(throws: DomainRefusal.self) {
                try await fixture.run { try assign.run($0, fixture.configuration.routing) }
            }
            #expect(refusal?.code == .noAgents && refusal?.details == [.nextOpening(opening)])
            #expect(refusal.map { EventError($0).details["nextOpenAt"]?.string } == opening.description)
            // Nobody is given chats then; whoever is there may take one.
            try await fixture.connect(.commercial, "gone")
            #expect(try await fixture.dispatchAll() == 0)
            let take = AssignChat(principal: fixture.principal(.commercial, "gone"), chatID: id, commercialID: "gone")
            #expect(try await fixture.run { try take.run($0, fixture.configuration.routing) }.status == .active)
        }
    }
}
