/// In which language a text is written, by its frequent words, its letters and the words that only one lexicon knows.
enum LanguageGuess {
    /// Letters and marks that only Spanish has.
    private static let spanishScalars: Set<UInt32> = [
        0xf1, 0xd1, 0xbf, 0xa1, 0xe1, 0xed, 0xf3, 0xfa, 0xc1, 0xcd, 0xd3, 0xda,
    ]

    /// - Returns: `nil` where neither language is ahead.
    static func of(_ text: String, spanish: LexicalSignals, english: LexicalSignals) -> SentimentLanguage? {
        var score = 0
        for scalar in text.unicodeScalars.prefix(400) where Self.spanishScalars.contains(scalar.value) { score += 2 }
        score += 2 * (spanish.common - english.common)
        score += english.unknown - spanish.unknown
        if score > 0 { return .spanish }
        return score < 0 ? .english : nil
    }
}
