/// What follows from a reading. Limits over time are the caller's, who has the rows.
package struct EscalationDecision: Sendable, Hashable {
    /// A chat escalates by itself, and alerts, at most once in this time.
    package static let coolDownMilliseconds: Int64 = 600_000
    /// A chat escalates by itself at most so often, whatever happens to it; what somebody asks for does not count.
    package static let maximumAutomatic = 3

    /// Whether the chat goes from its bot to a person, and why.
    package var trigger: EscalationTrigger?
    package var addedTags: [String]
    /// The least priority that the chat has from now on.
    package var minimumPriority: Priority?
    /// Whether supervisors get a `sentiment_alert`.
    package var alertsSupervisors: Bool
    package var frustration: Double
    package var evidence: [String]

    package init(_ reading: EscalationReading, _ thresholds: EscalationThresholds = .standard) {
        let isFrustrated = reading.frustration >= thresholds.alert
        self.trigger = reading.trigger
        self.addedTags = isFrustrated ? ["urgente", "sentimiento-negativo"] : []
        self.minimumPriority = isFrustrated ? .high : nil
        self.alertsSupervisors = isFrustrated
        self.frustration = reading.frustration
        self.evidence = reading.evidence
    }

    /// Whether there is nothing to do.
    package var isEmpty: Bool { self.trigger == nil && !self.alertsSupervisors }
}
