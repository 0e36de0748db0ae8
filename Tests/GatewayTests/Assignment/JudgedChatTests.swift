import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// What is judged over several messages, on chats as they stand in the database.
@Suite struct JudgedChatTests {
    private static func answer(
        _ fixture: AssignmentFixture, _ text: String, confidence: Double? = nil, in id: String
    ) async throws -> ChatRow {
        let router = fixture.router
        return try await fixture.run { transaction in
            let chat = try transaction.lock(id)
            var message = NewMessage(sender: Participant(role: .ai, id: "uno"), type: .aiResponse, content: text)
            if let confidence { message.metadata = JSONText(["confidence": .number(JSONNumber(confidence))]) }
            let posted = try Messages.append(transaction.sql, chat, message)
            return try router.read(answer: posted.message, in: posted.chat, transaction: transaction)
        }
    }

    @Test func askingAgainLeadsToAPerson() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            #expect(try await fixture.say("¿Cómo cambio la dirección de entrega?", in: id).status == .bot)
            #expect(try await Self.answer(fixture, "Claro que sí.", in: id).status == .bot)
            let chat = try await fixture.say("Pero ¿cómo cambio la dirección de entrega?", in: id)
            #expect(chat.status == .waiting)
            #expect(chat.escalationReason == "repeated_question")
            #expect(chat.tags.isEmpty)
            #expect(chat.metadata.text.contains("¿Cómo cambio la dirección de entrega?"), "the evidence is kept")
        }
    }

    @Test func aBotThatGuessesTwiceHandsOver() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            _ = try await fixture.say("¿Hacen grabados?", in: id)
            #expect(try await Self.answer(fixture, "Quizá.", confidence: 0.3, in: id).status == .bot)
            _ = try await fixture.say("¿Y en plata de ley?", in: id)
            let chat = try await Self.answer(fixture, "Puede ser.", confidence: 0.2, in: id)
            #expect(chat.status == .waiting)
            #expect(chat.escalationReason == "unsure_bot")
            #expect(chat.autoEscalations == 1)
        }
    }

    /// What counts as a guess is a setting.
    @Test(arguments: [(0.25, ChatStatus.bot), (0.31, ChatStatus.waiting)])
    func aGuessIsWhatTheGatewaySays(threshold: Double, status: ChatStatus) async throws {
        try await AssignmentFixture.with(configure: { $0.escalation.botConfidence = threshold }) { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            for (question, answer) in [("¿Hacen grabados?", "Quizá."), ("¿Y en plata de ley?", "Puede ser.")] {
                _ = try await fixture.say(question, in: id)
                _ = try await Self.answer(fixture, answer, confidence: 0.3, in: id)
            }
            let chat = try await fixture.read(id)
            #expect(chat.status == status)
            #expect(chat.tags.isEmpty)
        }
    }

    /// So is what counts as anger; also with words that would be stored among many.
    @Test(arguments: [(0, 1), (0.7, 0)] as [(Double, Int)])
    func angerIsWhatTheGatewaySays(threshold: Double, alerts: Int) async throws {
        try await EventsFixture.with(configure: { $0.escalation.alertThreshold = threshold }) { fixture in
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("El pedido es azul.")
            await visitor.send("message:send", ["chatId": .string(chat), "content": "Y la caja, verde."])
            #expect(try await fixture.chat(chat).tags.contains("urgente") == (alerts > 0))
            #expect(boss.socket.received("notification").count == alerts)
        }
    }

    @Test func anOfferSaysWhatItIsAbout() async throws {
        try await AssignmentFixture.alone(configure: { $0.routing.autoAccept = false }) { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v1", bot: "uno")
            _ = try await fixture.say("¿Dónde está mi pedido?", in: id)
            _ = try await Self.answer(fixture, "En camino.", in: id)
            _ = try await fixture.say("Esto es un desastre, quiero hablar con una persona", in: id)
            try await fixture.connect(.commercial, "ana")
            #expect(try await fixture.dispatchAll() == 1)
            let offer = try #require(
                fixture.events.lazy.compactMap { body in if case .chatOffered(let offer) = body { offer } else { nil } }
                    .first)
            let form = ChatForm.offer(offer, base: [:])
            #expect(form["intent"]?.string == "¿Dónde está mi pedido?")
            #expect(form["tried"]?.array == ["En camino."])
            #expect(form["lastMessages"]?.array?.count == 3)
            guard case .object(let mood) = form["sentiment"] else {
                Issue.record("an offer says how the visitor feels")
                return
            }
            #expect(mood["label"]?.string == "negative")
            #expect(Set(mood.members.map(\.key)) == ["label", "score", "trend", "frustration"])
        }
    }
}
