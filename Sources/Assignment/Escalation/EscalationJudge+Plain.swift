extension EscalationJudge {
    /// What a visitor's words can call for, before anybody has looked at their chat.
    package enum Prospect: Sendable, Hashable {
        /// Nothing, whatever the chat; `polarity` is what they do to the mood, `language` what they tell beyond doubt.
        case nothing(polarity: Double, language: SentimentLanguage?)
        /// Nothing, unless a bot has the chat: then it depends on what was written before.
        case nothingFromPeople(polarity: Double, language: SentimentLanguage?)
        /// Something, or it depends on more than this text what they mean.
        case something
    }

    /// Judges a visitor's message alone, for every language in which its chat may be held.
    package static func prospect(
        of text: String, _ thresholds: EscalationThresholds = .standard
    ) -> Prospect {
        let reading = Sentiment.read(text)
        // The chat's language counts only where the text does not tell its own.
        let readings =
            reading.language == nil
            ? [reading] + SentimentLanguage.allCases.map { Sentiment.read(text, fallback: $0) } : [reading]
        let isNothing = readings.allSatisfy {
            $0.polarity == reading.polarity && self.judge(text, $0, earlier: [], thresholds).isEmpty
        }
        guard isNothing else { return .something }
        return readings.contains { self.needsHistory(text, $0) }
            ? .nothingFromPeople(polarity: reading.polarity, language: reading.certainLanguage)
            : .nothing(polarity: reading.polarity, language: reading.certainLanguage)
    }
}
