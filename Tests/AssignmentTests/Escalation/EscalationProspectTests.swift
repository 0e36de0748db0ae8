import Testing

@testable import Assignment

/// What can be said of a message before its chat is looked at.
struct EscalationProspectTests {
    @Test(
        arguments: [
            ("El coche es azul.", .nothing), ("The car is blue and the door is green", .nothing),
            ("Gracias, eso es todo", .nothing), ("¿Cuándo llega mi pedido 123?", .nothingFromPeople),
            ("Where is my order?", .nothingFromPeople), ("Quiero hablar con una persona", .something),
            ("I want to talk to a human", .something), ("Os voy a denunciar", .something),
        ] as [(String, Kind)])
    func whatWordsCanCallFor(text: String, kind: Kind) {
        #expect(Kind(EscalationJudge.prospect(of: text)) == kind)
    }

    enum Kind: Sendable {
        case nothing, nothingFromPeople, something

        init(_ prospect: EscalationJudge.Prospect) {
            switch prospect {
            case .nothing: self = .nothing
            case .nothingFromPeople: self = .nothingFromPeople
            case .something: self = .something
            }
        }
    }

    /// Whatever the chat's language and whatever was written before: what is nothing is never anything.
    @Test(arguments: 1...200)
    func nothingIsNeverAnything(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let words = [
            "no", "funciona", "nada", "pedido", "hola", "gracias", "inútil", "persona", "harto", "worst", "ever",
            "refund", "¿dónde?", "angry", "please", "nunca", "llega", "mal", "!!!", "MUY", "azul", "why",
        ]
        func text() -> String {
            (0..<Int.random(in: 1...6, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
                .joined(separator: " ")
        }
        let message = text()
        let polarity: Double
        var needsHistory = false
        switch EscalationJudge.prospect(of: message) {
        case .something: return
        case .nothing(let value, _): polarity = value
        case .nothingFromPeople(let value, _): (polarity, needsHistory) = (value, true)
        }
        for fallback in [nil] + SentimentLanguage.allCases.map(Optional.some) {
            let reading = Sentiment.read(message, fallback: fallback)
            #expect(EscalationJudge.judge(message, reading, earlier: []).isEmpty)
            #expect(reading.polarity == polarity)
            guard !needsHistory else { continue }
            // A bot's chat would be read back only where the words say so.
            #expect(!EscalationJudge.needsHistory(message, reading))
        }
    }
}
