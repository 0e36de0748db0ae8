/// What somebody who gets a chat should know before they read it: what the visitor wants, what was tried, and how the
/// visitor feels by now. Made of the messages themselves.
package struct ChatBrief: Sendable, Hashable {
    /// How the mood moved from the first half of the visitor's messages to the second.
    package enum Trend: String, Sendable, Hashable, CaseIterable {
        case better, steady, worse
    }

    /// The first thing the visitor asked for, shortened; `nil` where nothing was said.
    package var intent: String?
    /// What the bot answered, newest last, shortened, at most three.
    package var tried: [String]
    /// The visitor's mood by now.
    package var label: SentimentReading.Label
    /// From -1 to 1: newer messages weigh more.
    package var polarity: Double
    /// The estimate over the visitor's messages, from 0 to 1.
    package var frustration: Double
    package var trend: Trend
    /// The last messages, oldest first, shortened, at most five.
    package var last: [ConversationTurn]

    /// Messages that a brief is made of.
    package static let memory = 20
    private static let shortened = 160
    /// A smaller move of the polarity is none.
    private static let move = 0.25

    /// - Parameter turns: The chat's last messages, oldest first.
    package init(_ turns: [ConversationTurn]) {
        let words = turns.filter { $0.author == .visitor }
        let readings = words.map { Sentiment.read($0.text) }
        self.intent =
            (words.first { RepeatedQuestion($0.text).isQuestion } ?? words.first).map { Self.short($0.text) }
        self.tried = turns.filter { $0.author == .bot }.suffix(3).map { Self.short($0.text) }
        self.last = turns.suffix(5).map { ConversationTurn($0.author, Self.short($0.text), confidence: $0.confidence) }
        self.polarity = Self.rounded(Self.smoothed(readings.map(\.polarity)))
        self.frustration = Self.rounded(FrustrationEstimate.over(readings.map(\.frustration)))
        let half = readings.count / 2
        let change = Self.mean(readings.suffix(half).map(\.polarity)) - Self.mean(readings.prefix(half).map(\.polarity))
        self.trend = change <= -Self.move ? .worse : change >= Self.move ? .better : .steady
        self.label = self.polarity <= -0.1 ? .negative : self.polarity >= 0.1 ? .positive : .neutral
    }

    private static func short(_ text: String) -> String {
        text.count <= self.shortened ? text : text.prefix(self.shortened - 1) + "…"
    }

    private static func smoothed(_ values: [Double]) -> Double {
        guard let first = values.first else { return 0 }
        return values.dropFirst().reduce(first) { before, value in 0.6 * value + 0.4 * before }
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
