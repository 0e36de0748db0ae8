import Testing

@testable import Assignment

struct EscalationJudgeTests {
    private func judge(_ text: String, after earlier: [ConversationTurn]) -> EscalationDecision {
        EscalationJudge.judge(text, Sentiment.read(text), earlier: earlier)
    }

    private static func visitor(_ text: String) -> ConversationTurn { ConversationTurn(.visitor, text) }
    private static func bot(_ text: String, _ confidence: Double? = nil) -> ConversationTurn {
        ConversationTurn(.bot, text, confidence: confidence)
    }

    @Test(
        arguments: [
            ("¿Dónde está mi pedido?", "Pero ¿dónde está mi pedido?", true),
            ("¿Cómo cambio la dirección de entrega?", "cómo cambio la direccion de entrega", true),
            ("No me funciona el enlace de pago", "El enlace de pago no me funciona", true),
            ("How do I change my delivery address?", "so how do I change my delivery address??", true),
            ("¿Cuándo llega mi pedido?", "¿Dónde está mi factura?", false),
            ("¿Tienen tallas grandes?", "¿Hacen envíos a Perú?", false),
            ("hola", "hola", false), ("gracias", "gracias", false), ("sí", "sí", false), ("no", "no", false),
            ("Where is my order?", "Do you ship to Canada?", false),
        ] as [(String, String, Bool)])
    func theSameQuestionTwiceInVain(first: String, second: String, isSame: Bool) {
        let earlier = [Self.visitor(first), Self.bot("Puede ver el estado en su perfil.")]
        #expect((self.judge(second, after: earlier).trigger == .repeatedQuestion) == isSame)
        // Nobody answered: no answer was in vain.
        #expect(self.judge(second, after: [Self.visitor(first)]).trigger == nil)
        // A person was there in between: that question is theirs.
        let person = [Self.visitor(first), Self.bot("No sé."), ConversationTurn(.person, "Lo miro.")]
        #expect(self.judge(second, after: person).trigger == nil)
    }

    @Test func theEarlierQuestionIsTheEvidence() {
        let decision = self.judge(
            "¿Cómo cambio la dirección de entrega?",
            after: [Self.visitor("¿cómo cambio la dirección de entrega?"), Self.bot("En su perfil.")])
        #expect(decision.evidence.last == "¿cómo cambio la dirección de entrega?")
        #expect(!decision.alertsSupervisors, "who asks again is not angry")
        #expect(decision.addedTags.isEmpty)
    }

    @Test func thanksAreNoQuestion() {
        let thanks = "Gracias, ya me funciona el enlace de pago, perfecto"
        #expect(self.judge(thanks, after: [Self.visitor(thanks), Self.bot("De nada.")]).trigger == nil)
    }

    @Test func angerHasToLast() {
        let angry = "Estoy harto, esto es una vergüenza y nadie responde"
        #expect(self.judge(angry, after: []).trigger == nil)
        #expect(self.judge(angry, after: []).alertsSupervisors)
        #expect(
            self.judge(angry, after: [Self.visitor("SOIS UNOS INÚTILES!!"), Self.bot("Lo siento.")]).trigger
                == .frustration)
        #expect(
            self.judge(angry, after: [Self.bot("SOIS UNOS INÚTILES!!")]).trigger == nil, "bots' words are not theirs")
    }

    /// Anger that passed is no reason, however great it was.
    @Test func calmWordsAfterAngerEscalateNothing() {
        let earlier = [Self.visitor("Estoy harto, sois unos inútiles"), Self.bot("Lo siento.")]
        #expect(self.judge("Vale, mi correo es ana@a.example", after: earlier).trigger == nil)
    }

    @Test func aMessageCanSpeakForItself() {
        #expect(self.judge("quiero hablar con una persona", after: []).trigger == .explicitRequest)
        #expect(!EscalationJudge.needsHistory("quiero un humano", Sentiment.read("quiero un humano")))
        #expect(!EscalationJudge.needsHistory("gracias", Sentiment.read("gracias")))
        #expect(EscalationJudge.needsHistory("¿Cuánto tarda el envío?", Sentiment.read("¿Cuánto tarda el envío?")))
    }

    @Test(
        arguments: [
            ([0.3, 0.4], true), ([0.3, 0.5], false), ([0.9, 0.2], false), ([nil, 0.2], false), ([0.2, nil], false),
            ([0.2, 0.9, 0.2], false), ([0.9, 0.1, 0.2], true),
        ] as [([Double?], Bool)])
    func twoGuessesInARowAreOneTooMany(confidences: [Double?], isTooMany: Bool) {
        var turns: [ConversationTurn] = []
        var trigger: EscalationTrigger?
        for confidence in confidences {
            turns.append(Self.visitor("¿Y eso?"))
            let answer = Self.bot("Creo que sí.", confidence)
            trigger = EscalationJudge.judge(answer: answer, earlier: turns)
            turns.append(answer)
        }
        #expect((trigger == .unsureBot) == isTooMany)
    }

    @Test func twoGuessesAtOneMessageAreOne() {
        let earlier = [Self.visitor("¿Y eso?"), Self.bot("Creo que sí.", 0.2)]
        #expect(EscalationJudge.judge(answer: Self.bot("O no.", 0.2), earlier: earlier) == nil)
    }
}

struct ChatBriefTests {
    @Test func nothingSaidIsNothingKnown() {
        let brief = ChatBrief([])
        #expect(brief.intent == nil)
        #expect(brief.tried.isEmpty && brief.last.isEmpty)
        #expect(brief.label == .neutral && brief.trend == .steady)
        #expect(brief.polarity == 0 && brief.frustration == 0)
    }

    @Test func itSaysWhatIsWantedAndTried() {
        let turns: [ConversationTurn] = [
            .init(.visitor, "hola"), .init(.bot, "¡Hola! Soy un bot."),
            .init(.visitor, "¿Cómo cambio la dirección de entrega?"), .init(.bot, "En su perfil."),
            .init(.visitor, "No aparece, esto es un desastre"), .init(.bot, "Pruebe otra vez."),
            .init(.visitor, "Sigue igual, estoy harto, qué vergüenza"),
        ]
        let brief = ChatBrief(turns)
        #expect(brief.intent == "¿Cómo cambio la dirección de entrega?")
        #expect(brief.tried == ["¡Hola! Soy un bot.", "En su perfil.", "Pruebe otra vez."])
        #expect(brief.last.map(\.text) == turns.suffix(5).map(\.text))
        #expect(brief.label == .negative)
        #expect(brief.trend == .worse)
        #expect(brief.frustration >= 0.5)
    }

    @Test func longTextsAreShortened() {
        let brief = ChatBrief([.init(.visitor, "¿" + String(repeating: "largo ", count: 200) + "?")])
        #expect(brief.intent?.count == 160)
        #expect(brief.last.first?.text.count == 160)
    }

    @Test func moodCanTurn() {
        let brief = ChatBrief([
            .init(.visitor, "Esto es horrible, qué asco"), .init(.bot, "Ya está."),
            .init(.visitor, "¡Perfecto, muchísimas gracias, sois geniales!"),
        ])
        #expect(brief.trend == .better)
        #expect(brief.label == .positive)
    }
}
