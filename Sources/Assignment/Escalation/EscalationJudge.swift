/// Whether a chat goes from its bot to a person, by what was just written and what was written before.
/// How often that may be is the caller's, who has the rows.
package enum EscalationJudge {
    /// Messages before this one that can matter.
    package static let memory = 4 * FrustrationEstimate.memory

    /// Whether a visitor's message can only be judged with what came before it.
    package static func needsHistory(_ text: String, _ reading: SentimentReading) -> Bool {
        guard reading.trigger == nil else { return false }
        return FrustrationEstimate.mayEscalate(reading.frustration)
            || (reading.label != .positive && RepeatedQuestion(text).isQuestion)
    }

    /// Judges a visitor's message.
    ///
    /// - Parameter earlier: What was written before it, oldest first; empty where it does not matter.
    package static func judge(
        _ text: String, _ reading: SentimentReading, earlier: [ConversationTurn],
        _ thresholds: EscalationThresholds = .standard
    ) -> EscalationDecision {
        var escalation = EscalationReading(
            trigger: reading.trigger, evidence: reading.evidence, frustration: reading.frustration,
            asksForPerson: reading.asksForPerson)
        if escalation.trigger == nil {
            if self.isLastingAnger(reading, earlier) {
                escalation.trigger = .frustration
            } else if reading.label != .positive, let asked = RepeatedQuestion(text).asked(before: earlier) {
                escalation.trigger = .repeatedQuestion
                escalation.evidence = Array((escalation.evidence + [String(asked.prefix(80))]).suffix(8))
            }
        }
        return EscalationDecision(escalation, thresholds)
    }

    /// Judges a bot's answer: the second guess in a row, to another message than the first, is one too many.
    ///
    /// - Parameter earlier: What was written before it, oldest first.
    package static func judge(
        answer: ConversationTurn, earlier: [ConversationTurn], _ thresholds: EscalationThresholds = .standard
    ) -> EscalationTrigger? {
        guard answer.isUnsure(thresholds), let last = earlier.lastIndex(where: { $0.author != .visitor }),
            last + 1 < earlier.count, earlier[last].isUnsure(thresholds)
        else { return nil }
        return .unsureBot
    }

    private static func isLastingAnger(_ reading: SentimentReading, _ earlier: [ConversationTurn]) -> Bool {
        guard FrustrationEstimate.mayEscalate(reading.frustration) else { return false }
        let before = earlier.filter { $0.author == .visitor }.suffix(FrustrationEstimate.memory)
            .map { Sentiment.read($0.text).frustration }
        return FrustrationEstimate.over(before + [reading.frustration]) >= FrustrationEstimate.escalationThreshold
    }
}
