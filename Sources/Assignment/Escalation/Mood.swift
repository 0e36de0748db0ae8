/// How a visitor feels over the course of a chat, and when staff should hear of it.
///
/// One word more moves the score a part of the way, and the label has two thresholds, so that neither a single "gracias"
/// nor a mood on the border makes it flicker.
package struct Mood: Sendable, Hashable {
    /// What staff know.
    package struct Told: Sendable, Hashable {
        package var score: Double
        package var label: SentimentReading.Label

        package init(score: Double, label: SentimentReading.Label) {
            self.score = score
            self.label = label
        }

        /// Of somebody who has not said anything yet.
        package static let nothing = Told(score: 0, label: .neutral)
    }

    /// From -1 to 1.
    package let score: Double
    /// What staff know once this is told.
    package let told: Told
    /// Whether it has to be told.
    package let isNews: Bool
    /// How it moved from what staff knew before.
    package let trend: ChatBrief.Trend

    /// What a new message counts for.
    package static let weight = 0.6
    /// From here on a neutral visitor is none any more…
    package static let enters = 0.25
    /// …and down to here one who was not stays what they were.
    package static let leaves = 0.1
    /// A move of the score that is told though the label stays.
    package static let move = 0.4
    /// A smaller move is no trend.
    static let trendMove = 0.2

    /// - Parameters:
    ///   - before: The score until now; nil with the first word.
    ///   - told: What staff know; nil while they were told nothing.
    ///   - polarity: Of the word that was just said.
    package init(before: Double?, told: Told?, hearing polarity: Double) {
        let heard = min(max(polarity, -1), 1)
        let score = before.map { Self.weight * heard + (1 - Self.weight) * $0 } ?? heard
        let known = told ?? .nothing
        let label = Self.label(of: score, after: known.label)
        self.score = score
        self.isNews = label != known.label || abs(score - known.score) >= Self.move
        self.told = self.isNews ? Told(score: score, label: label) : known
        self.trend =
            score - known.score <= -Self.trendMove
            ? .worse : score - known.score >= Self.trendMove ? .better : .steady
    }

    private static func label(of score: Double, after label: SentimentReading.Label) -> SentimentReading.Label {
        if score <= -(label == .negative ? Self.leaves : Self.enters) { return .negative }
        if score >= (label == .positive ? Self.leaves : Self.enters) { return .positive }
        return .neutral
    }
}
