package import Assignment

/// `sentiment:updated`: how the visitor feels has changed so much that staff should know.
package struct MoodChanged: Sendable, Hashable, Codable {
    /// From -1 to 1.
    package var score: Double
    package var label: String
    package var trend: String

    package init(_ mood: Mood) {
        self.score = (mood.score * 100).rounded() / 100
        self.label = mood.told.label.rawValue
        self.trend = mood.trend.rawValue
    }
}
