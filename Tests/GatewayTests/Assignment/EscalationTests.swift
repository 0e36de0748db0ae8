import Assignment
import SocketIO
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
            // With the words that speak, for whoever asks why.
            let evidence = try JSONReader.decode(alert.data.text)[dynamic: "evidence"].array?.compactMap(\.string) ?? []
            #expect(evidence.contains { $0.contains("inutil") }, "\(alert.data)")

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
            // The same once more is the same; what it learned since lies ready too, whoever has the chat by now.
            #expect(try await fixture.run { try escalate.run($0) }.noteSeq == 1)
            try await fixture.connect(.commercial, "ana")
            #expect(try await fixture.dispatchAll() == 1)
            var later = escalate
            later.summary = "And a new invoice."
            let use = later
            let assigned = try await fixture.run { try use.run($0) }
            #expect(assigned.status == .active)
            #expect(assigned.noteSeq == 2)
            #expect(assigned.epoch == chat.epoch + 1)
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

    /// The visitor's own words sent the chat on its way before the bot could say what it knows.
    @Test
    func aSummaryThatComesLateStillReachesStaff() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            #expect(try await fixture.say("quiero hablar con una persona", in: id).status == .waiting)
            func escalate(_ role: Role, _ who: String) async throws -> ChatRow {
                let use = EscalateChat(
                    principal: fixture.principal(role, who), chatID: id, reason: nil, summary: "By \(who).",
                    trigger: nil)
                return try await fixture.run { try use.run($0) }
            }
            #expect(try await escalate(.ai, "uno").noteSeq == 1)
            #expect(try await escalate(.supervisor, "sup").noteSeq == 2)
            // A visitor writes no notes: theirs goes with the chat, and staff hear of it.
            #expect(try await escalate(.visitor, "v1").noteSeq == 2)
            let told = fixture.events.compactMap { body in
                if case .chatUpdated(let updated) = body { updated.changes.text } else { nil }
            }
            #expect(told.contains { $0.contains("By v1.") && $0.contains("escalation") })
            #expect(try await fixture.read(id).epoch == 2)
            let refusal = await #expect(throws: DomainRefusal.self) { _ = try await escalate(.ai, "dos") }
            #expect(refusal?.code == .notOwner)
        }
    }

    @Test
    func aChatEscalatesByItselfThreeTimesAtMost() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            func backWithTheBot() async throws {
                try await fixture.run { transaction in
                    let chat = try transaction.lock(id)
                    _ = try Chats.giveToBot(
                        transaction.sql, chat, Participant(role: .ai, id: "uno"), answerWithin: nil, by: .system,
                        reason: "returned")
                    try transaction.sql.execute("update chats set escalated_at = escalated_at - interval '1 hour'")
                }
            }
            let anger = "Sois unos inútiles, me voy a la competencia"
            for _ in 0..<3 {
                #expect(try await fixture.say(anger, in: id).status == .waiting)
                try await backWithTheBot()
            }
            #expect(try await fixture.say(anger, in: id).status == .bot)
            // Who asks for a person gets one all the same.
            #expect(try await fixture.say("quiero hablar con una persona", in: id).status == .waiting)
            #expect(try await fixture.read(id).autoEscalations == 3)
        }
    }

    /// Back with the bot, anger alone sends no chat to people again before ten minutes are over.
    @Test
    func angerEscalatesOnceInTenMinutes() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            let anger = "Sois unos inútiles, me voy a la competencia"
            #expect(try await fixture.say(anger, in: id).status == .waiting)
            try await fixture.run { transaction in
                _ = try Chats.giveToBot(
                    transaction.sql, transaction.lock(id), Participant(role: .ai, id: "uno"), answerWithin: nil,
                    by: .system, reason: "returned")
            }
            #expect(try await fixture.say(anger, in: id).status == .bot)
            func shift(_ seconds: Int64) async throws {
                try await fixture.run { transaction in
                    try transaction.sql.execute(
                        "update chats set escalated_at = escalated_at - make_interval(secs => $2) where id = $1::uuid",
                        [.text(id), .double(Double(seconds))])
                }
            }
            try await shift(570)
            #expect(try await fixture.say(anger, in: id).status == .bot, "not yet")
            try await shift(30)
            let chat = try await fixture.say(anger, in: id)
            #expect(chat.status == .waiting)
            #expect(chat.autoEscalations == 2)
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
