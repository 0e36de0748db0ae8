/// In which language a text is written, by its frequent words, its letters and the words that only one lexicon knows.
struct LanguageGuess {
    /// Letters and marks that only Spanish has.
    private static func isSpanish(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "ñ", "Ñ", "¿", "¡", "á", "í", "ó", "ú", "Á", "Í", "Ó", "Ú": true
        default: false
        }
    }

    /// How far ahead a language is that a text tells beyond doubt: a greeting alone is in everybody's mouth.
    private static let certainty = 4

    /// The language that is ahead; `nil` where neither is.
    let language: SentimentLanguage?
    /// The same where it is far ahead.
    let certain: SentimentLanguage?

    init(_ text: String, spanish: LexicalSignals, english: LexicalSignals) {
        var score = 0
        for scalar in text.unicodeScalars.prefix(400) where Self.isSpanish(scalar) { score += 2 }
        score += 2 * (spanish.common - english.common)
        score += english.unknown - spanish.unknown
        self.language = score > 0 ? .spanish : score < 0 ? .english : nil
        self.certain = abs(score) >= Self.certainty ? self.language : nil
    }
}
