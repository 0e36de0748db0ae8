import Assignment
import Storage
import Testing

@testable import Gateway

@Suite struct EscalationTests {
    private static func alerts(_ fixture: AssignmentFixture) -> [NotificationRaised] {
        fixture.events.compactMap { body in
            if case .notificationRaised(let raised) = body { raised } else { nil }
        }
    }

    @Test
    func askingForAPersonLeadsToTheLineAndMarksNothing() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            let calm = try await fixture.say("¿eres un bot?", in: id)
            #expect(calm.status == .bot)
            let chat = try await fixture.say("no quiero hablar con un robot", in: id)
            #expect(chat.status == .waiting)
            #expect(chat.owner == nil)
            #expect(chat.epoch == calm.epoch + 1)
            #expect(chat.tags.isEmpty)
            #expect(chat.priority == .normal)
            #expect(chat.escalationReason == "explicit_request")
            #expect(Self.alerts(fixture).isEmpty)
            // And from there to somebody.
            try await fixture.connect(.commercial, "ana")
            #expect(try await fixture.dispatchAll() == 1)
        }
    }

    @Test
    func angerTagsRaisesAlertsAndEscalatesOnce() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            let chat = try await fixture.say("Sois unos inútiles, me voy a la competencia", in: id)
            #expect(chat.status == .waiting)
            #expect(chat.tags == ["urgente", "sentimiento-negativo"])
            #expect(chat.priority == .high)
            let alert = try #require(Self.alerts(fixture).first)
            #expect(alert.type == "sentiment_alert")
            #expect(alert.target == "supervisors")
            #expect(alert.chatID == id)

            // The same again: nothing new within ten minutes.
            let again = try await fixture.say("Sois unos inútiles, me voy a la competencia", in: id)
            #expect(again.tags == chat.tags)
            #expect(again.epoch == chat.epoch)
            #expect(Self.alerts(fixture).count == 1)
        }
    }

    @Test
    func angerMovesAWaitingChatForward() async throws {
        try await AssignmentFixture.with { fixture in
            let first = try await fixture.chat("v1")
            let angry = try await fixture.chat("v2")
            try await fixture.say("You are useless, I'm switching to a competitor", in: angry)
            try await fixture.connect(.commercial, "ana", cap: 1)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(angry).assignedTo == "ana")
            #expect(try await fixture.read(first).status == .waiting)
        }
    }

    @Test
    func aBotHandsOverWithASummaryForThePerson() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            let escalate = EscalateChat(
                principal: fixture.principal(.ai, "uno"), chatID: id, reason: "unknown", summary: "Wants a refund.",
                trigger: nil)
            let chat = try await fixture.run { try escalate.run($0) }
            #expect(chat.status == .waiting)
            #expect(chat.noteSeq == 1)
            // After the handoff it has no say.
            let refusal = await #expect(throws: DomainRefusal.self) {
                try await fixture.run { _ = try escalate.run($0) }
            }
            #expect(refusal?.code == .notOwner)
        }
    }

    @Test
    func angerThatGoesOnEscalatesWithTheSecondMessage() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            let words = "SOIS UNOS INÚTILES, ESTOY HARTO!!"
            #expect(try await fixture.say(words, in: id).status == .bot)
            let chat = try await fixture.say(words, in: id)
            #expect(chat.status == .waiting)
            #expect(chat.escalationReason == "frustration")
        }
    }

    @Test
    func anAssigneesSummaryLiesReadyForTheNext() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            let escalate = EscalateChat(
                principal: fixture.principal(.commercial, "ana"), chatID: id, reason: nil, summary: "Wants a refund.",
                trigger: nil)
            let chat = try await fixture.run { try escalate.run($0) }
            #expect(chat.status == .waiting)
            #expect(chat.noteSeq == 1)
        }
    }

    @Test
    func aVisitorsSummaryIsNoNote() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            _ = try await fixture.chat("v1", bot: "uno")
            let escalate = EscalateChat(
                principal: fixture.principal(.visitor, "v1"), chatID: nil, reason: nil, summary: "Help.", trigger: nil)
            let chat = try await fixture.run { try escalate.run($0) }
            #expect(chat.status == .waiting)
            #expect(chat.noteSeq == 0)
        }
    }

    @Test
    func whoeverGivesAChatAwayIsNotTheNextToGetIt() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            let escalate = EscalateChat(
                principal: fixture.principal(.commercial, "ana"), chatID: id, reason: nil, summary: nil, trigger: nil)
            #expect(try await fixture.run { try escalate.run($0) }.status == .waiting)
            #expect(try await fixture.dispatchAll() == 0)
            try await fixture.connect(.commercial, "luis")
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(id).assignedTo == "luis")
        }
    }

    @Test
    func strangersDoNotEscalate() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            for (principal, code) in [
                (fixture.principal(.visitor, "v2"), RefusalCode.notFound),
                (fixture.principal(.ai, "dos"), .notOwner),
            ] {
                let escalate = EscalateChat(
                    principal: principal, chatID: id, reason: nil, summary: nil, trigger: nil)
                let refusal = await #expect(throws: DomainRefusal.self) {
                    try await fixture.run { _ = try escalate.run($0) }
                }
                #expect(refusal?.code == code)
            }
        }
    }
}
