/// The languages that the demo's bot speaks.
enum DemoLanguage: String, Sendable, CaseIterable {
    case spanish = "es"
    case english = "en"

    /// Words that are common in the one language and rare in the other, without accents.
    private var markers: Set<String> {
        switch self {
        case .spanish:
            [
                "el", "la", "los", "las", "un", "una", "que", "de", "del", "y",
                "es", "en", "con", "por", "para", "mi", "me", "se", "como", "cuanto",
                "cuando", "donde", "quiero", "tengo", "tiene", "hay", "sois", "esta", "hola", "si",
            ]
        case .english:
            [
                "the", "a", "an", "and", "is", "are", "of", "to", "for", "with",
                "my", "i", "you", "do", "does", "how", "what", "when", "where", "want",
                "have", "can", "it", "this", "hello", "hi", "yes", "please", "there", "in",
            ]
        }
    }

    /// The language that more of the words speak for; nil where it is a draw.
    static func guess(_ words: [String]) -> DemoLanguage? {
        let counts = Self.allCases.map { language in (language, words.count { language.markers.contains($0) }) }
        guard let best = counts.max(by: { $0.1 < $1.1 }) else { return nil }
        return counts.count(where: { $0.1 == best.1 }) == 1 ? best.0 : nil
    }
}
