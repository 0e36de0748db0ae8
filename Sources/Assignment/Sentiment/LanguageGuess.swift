/// In which language a text is written, by its frequent words, its letters and the words that only one lexicon knows.
enum LanguageGuess {
    /// Letters and marks that only Spanish has.
    private static func isSpanish(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "ñ", "Ñ", "¿", "¡", "á", "í", "ó", "ú", "Á", "Í", "Ó", "Ú": true
        default: false
        }
    }

    /// - Returns: `nil` where neither language is ahead.
    static func of(_ text: String, spanish: LexicalSignals, english: LexicalSignals) -> SentimentLanguage? {
        var score = 0
        for scalar in text.unicodeScalars.prefix(400) where Self.isSpanish(scalar) { score += 2 }
        score += 2 * (spanish.common - english.common)
        score += english.unknown - spanish.unknown
        if score > 0 { return .spanish }
        return score < 0 ? .english : nil
    }
}
