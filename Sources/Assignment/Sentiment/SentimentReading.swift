/// What one message says of its writer's mood.
package struct SentimentReading: Sendable, Hashable {
    package enum Label: String, Sendable, Hashable, CaseIterable {
        case negative, neutral, positive
    }

    /// The language that it was read in; `nil` where the text did not tell, as "ok" does not.
    package var language: SentimentLanguage?
    /// The language that the text itself tells beyond doubt, whatever was assumed of it.
    package var certainLanguage: SentimentLanguage?
    package var label: Label
    /// From -1, certainly negative, to 1. At -0.5 and below four of five messages are negative also where a third of all
    /// messages are.
    package var polarity: Double
    /// From 0 to 1: anger with whoever is spoken to. Talk of errors, cancellations and refunds is a matter, not anger.
    package var frustration: Double
    /// Whether the writer asks for a person.
    package var asksForPerson: Bool
    /// Why the chat should go to a person because of this message alone, if it should.
    package var trigger: EscalationTrigger?
    /// The words that speak, folded, at most eight.
    package var evidence: [String]
}
