import Testing

@testable import Assignment

struct EscalationDecisionTests {
    @Test
    func aRequestAloneAddsNothing() {
        let decision = EscalationDecision(EscalationRules.read("quiero hablar con una persona"))
        #expect(decision.trigger == .explicitRequest)
        #expect(decision.addedTags.isEmpty)
        #expect(decision.minimumPriority == nil)
        #expect(!decision.alertsSupervisors)
        #expect(!decision.isEmpty)
    }

    @Test
    func angerMarksAndAlerts() {
        let decision = EscalationDecision(EscalationRules.read("Sois unos inútiles, me voy a la competencia"))
        #expect(decision.trigger == .anger)
        #expect(decision.addedTags == ["urgente", "sentimiento-negativo"])
        #expect(decision.minimumPriority == .high)
        #expect(decision.alertsSupervisors)
        #expect(decision.evidence == ["inutiles", "me voy a la competencia"])
    }

    @Test
    func frustrationAlertsWithoutEscalating() {
        let decision = EscalationDecision(
            EscalationRules.read("SOIS UNOS INÚTILES!! ESTO ES INACEPTABLE, ESTOY HARTO!!"))
        #expect(decision.trigger == nil)
        #expect(decision.alertsSupervisors)
    }

    @Test(arguments: [(0.6, true), (0.61, false), (0, true), (1, false)] as [(Double, Bool)])
    func theThresholdDecidesWhatIsFrustration(threshold: Double, alerts: Bool) {
        let reading = EscalationReading(trigger: nil, frustration: 0.6)
        #expect(EscalationDecision(reading, EscalationThresholds(alert: threshold)).alertsSupervisors == alerts)
        #expect(!EscalationDecision(reading).alertsSupervisors)
    }

    @Test
    func calmWordsAreNothing() {
        #expect(EscalationDecision(EscalationRules.read("hola, ¿a qué hora abrís?")).isEmpty)
    }

    /// A class that a rule names and no language defines would silence the whole book.
    @Test
    func theBookCompiles() throws {
        let book = try PhraseBook(languages: [.spanish, .english])
        #expect(!book.findings(in: Utterance("quiero hablar con una persona", vocabulary: book.vocabulary)).isEmpty)
    }

    /// Hostile repetition of the words that rules begin with costs no more than linear time.
    @Test(arguments: [
        "quiero ya me que ", "can i please just really ", "me puede pasar ", "no no no quiero un ", "aaaaaaa",
    ])
    func longMessagesAreCheap(_ piece: String) {
        let text = String(repeating: piece, count: 20_000 / piece.count)
        let clock = ContinuousClock()
        let time = clock.measure { _ = EscalationRules.read(text) }
        #expect(time < .seconds(5), "8,000 characters in a debug build on a busy machine")
    }

    /// Any bytes are read, and twice the same way.
    @Test
    func readingIsTotalAndDeterministic() {
        var random = SeededGenerator(seed: 7)
        let alphabet: [String] = [
            "quiero", "no", "hablar", "con", "un", "humano", "bot", ",", ".", "?", "¿", "\u{301}", "👩‍👩‍👧", "I", "want",
            "'", "\u{0}", "to",
            "talk", "ß", "İ", "ſ", "漢", " ", "\n",
        ]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...30, using: &random))
                .map { _ in alphabet.randomElement(using: &random) ?? "" }.joined(separator: " ")
            let first = EscalationRules.read(text)
            #expect(first == EscalationRules.read(text))
            #expect(first.frustration >= 0 && first.frustration <= 1)
        }
    }
}
