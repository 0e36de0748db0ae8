/// A language that the sentiment engine reads, by its ISO 639-1 code.
package enum SentimentLanguage: String, Sendable, Hashable, CaseIterable {
    case spanish = "es"
    case english = "en"
}
