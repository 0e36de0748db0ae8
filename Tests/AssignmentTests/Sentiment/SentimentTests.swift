import Testing

@testable import Assignment

struct SentimentTests {
    @Test(
        arguments: [
            ("me encanta, muchas gracias", .positive), ("¿a qué hora abren?", .neutral),
            ("qué asco de servicio", .negative),
            ("I love it, thank you", .positive), ("what time do you open?", .neutral), ("this is awful", .negative),
        ] as [(String, SentimentReading.Label)])
    func plainWordsAreTold(text: String, label: SentimentReading.Label) {
        #expect(Sentiment.read(text).label == label)
    }

    /// The first is read as worse than the second, or as better, whatever their labels.
    @Test(
        arguments: [
            ("no me gusta este sitio", "me gusta este sitio", false),
            ("no está mal", "está mal", true),
            ("the room is not good", "the room is good", false),
            ("es bueno, pero es malísimo el envío", "es malísimo, pero el envío es bueno", false),
            ("good phone but terrible battery", "terrible battery but good phone", false),
            ("es muy malo", "es un poco malo", false),
            ("gracias 😡", "gracias 😍", false),
            ("it works :(", "it works :)", false),
        ] as [(String, String, Bool)])
    func rulesMoveThePolarity(one: String, other: String, isBetter: Bool) {
        let (one, other) = (Sentiment.read(one).polarity, Sentiment.read(other).polarity)
        #expect(isBetter ? one > other : one < other)
    }

    @Test func problemsAreTopicsAndAngerIsNot() {
        for calm in [
            "Me da error al pagar y quiero cancelar", "Necesito un reembolso, el paquete llegó roto",
            "I get an error and want to cancel", "I need a refund, the package arrived broken",
        ] {
            #expect(Sentiment.read(calm).frustration < 0.45, "\(calm)")
        }
        for angry in [
            "Estoy harto, llevo tres semanas esperando y nadie contesta", "Sois unos sinvergüenzas, vaya estafa",
            "I'm sick of this, three weeks waiting and nobody answers", "What a scam, shame on you",
        ] {
            #expect(Sentiment.read(angry).frustration >= 0.7, "\(angry)")
        }
    }

    @Test func aCalmRequestForAPersonIsNoAlarm() {
        let reading = Sentiment.read("Quiero hablar con una persona, por favor")
        #expect(reading.asksForPerson)
        #expect(reading.trigger == .explicitRequest)
        #expect(reading.frustration < EscalationThresholds.standard.alert)
    }

    @Test func whoNeedsNobodyAsksForNobody() {
        #expect(!Sentiment.read("No hace falta que me pases con nadie, gracias").asksForPerson)
        #expect(!Sentiment.read("No need to transfer me, thanks").asksForPerson)
    }

    @Test func evidenceIsTheWordsThatSpeak() {
        #expect(Sentiment.read("El pedido llegó tarde y el trato fue pésimo").evidence.contains("pesimo"))
        #expect(Sentiment.read("Estoy hasta las narices de esperar").evidence.contains("hasta las narices"))
        #expect(Sentiment.read("¿Qué hora es?").evidence.isEmpty)
    }

    /// One word is in everybody's mouth; what is assumed of the writer adds nothing.
    @Test(
        arguments: [
            ("hola", nil), ("hello", nil), ("ok", nil), ("¿Cuándo llega el pedido de mi madre?", .spanish),
            ("When will the order arrive that I made?", .english),
        ] as [(String, SentimentLanguage?)])
    func aLanguageIsToldBeyondDoubtOrNot(text: String, language: SentimentLanguage?) {
        for fallback in [nil] + SentimentLanguage.allCases.map(Optional.some) {
            #expect(Sentiment.read(text, fallback: fallback).certainLanguage == language)
        }
    }

    @Test(
        arguments: [
            ("¿Dónde está mi pedido?", .spanish), ("Where is my order?", .english), ("ok", nil), ("👍", nil), ("", nil),
            ("12345", nil),
        ] as [(String, SentimentLanguage?)])
    func languagesAreToldOrNot(text: String, language: SentimentLanguage?) {
        #expect(Sentiment.read(text).language == language)
    }

    @Test func aKnownLanguageIsNotQuestioned() {
        #expect(Sentiment.read("me gusta", language: .english).language == .english)
        #expect(Sentiment.read("ok", fallback: .spanish).language == .spanish)
        #expect(Sentiment.read("where is it?", fallback: .spanish).language == .english)
    }

    @Test(arguments: [
        "", " ", "\u{0}", "😡", "?!?!", "...", "@", "#", "http://", "<", ":", "'", "漢字 かな", "\u{301}\u{301}",
    ])
    func oddTextsAreRead(text: String) {
        let reading = Sentiment.read(text)
        #expect(reading.polarity >= -1 && reading.polarity <= 1)
    }

    /// Any text is read, within bounds, and twice the same way.
    @Test func readingIsTotalAndDeterministic() {
        var random = SeededGenerator(seed: 23)
        let alphabet: [String] = [
            "no", "muy", "bueno", "malo", "pero", "harto", "but", "never", "great", "MAL", "goood", ",", ".", "!", "?",
            "¿",
            "\u{301}", "👩‍👩‍👧", ":)", "<3", "#HolaMundo", "@ana", "https://a.example/b", "'", "\u{0}", "ß", "漢", "\n", "7",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...25, using: &random))
                .map { _ in alphabet.randomElement(using: &random) ?? "" }
                .joined(separator: Bool.random(using: &random) ? " " : "")
            let first = Sentiment.read(text)
            #expect(first == Sentiment.read(text))
            #expect(first.polarity >= -1 && first.polarity <= 1)
            #expect(first.frustration >= 0 && first.frustration <= 1)
            #expect(first.evidence.count <= 8)
        }
    }

    /// Whatever is repeated costs linear time, and no more than the longest message that is read.
    @Test(arguments: ["no muy pero ", "hasta las ", "a", "!", ":", "#a", "@", "h", "😡", "¿"])
    func longMessagesAreCheap(piece: String) {
        let text = String(repeating: piece, count: 40_000 / piece.utf8.count)
        let time = ContinuousClock().measure { _ = Sentiment.read(text) }
        #expect(time < .seconds(5), "8,000 characters in a debug build on a busy machine")
    }
}
