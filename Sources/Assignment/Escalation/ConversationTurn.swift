/// A message of a chat as escalation reads it.
package struct ConversationTurn: Sendable, Hashable {
    package enum Author: String, Sendable, Hashable {
        case visitor, bot, person
    }

    package var author: Author
    package var text: String
    /// How sure a bot said it was of its answer, from 0 to 1; `nil` where it did not say.
    package var confidence: Double?

    package init(_ author: Author, _ text: String, confidence: Double? = nil) {
        self.author = author
        self.text = text
        self.confidence = confidence
    }

    /// Whether a bot said that it was guessing.
    package func isUnsure(_ thresholds: EscalationThresholds = .standard) -> Bool {
        guard self.author == .bot, let confidence = self.confidence else { return false }
        return confidence < thresholds.botConfidence
    }
}
