/// From where on words call for somebody, as far as a gateway may say so itself; both from 0 to 1.
package struct EscalationThresholds: Sendable, Hashable {
    package static let standard = EscalationThresholds()

    /// Frustration from which a chat is marked and supervisors are told.
    package var alert: Double
    /// An answer of which a bot is less sure is a guess.
    package var botConfidence: Double

    package init(alert: Double = 0.7, botConfidence: Double = 0.5) {
        self.alert = alert
        self.botConfidence = botConfidence
    }
}
