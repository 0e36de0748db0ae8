import Testing

@testable import Assignment

/// The evaluation set stays what it is, and the engine stays as good on the half for development as it was.
struct EvaluationSetTests {
    private static let names = ["evaluation/es", "evaluation/en"]

    @Test func isLargeAndBalanced() throws {
        let lines = try Self.names.flatMap(LabelledText.read)
        #expect(lines.count >= 800)
        #expect(Set(lines.map(\.text)).count == lines.count, "no line twice")
        for label in SentimentReading.Label.allCases.map(\.rawValue) {
            let share = Double(lines.count { $0.label == label }) / Double(lines.count)
            #expect(share > 0.25 && share < 0.42, "\(label): \(share)")
        }
        #expect(lines.count { $0.flags.contains("escalate") } >= 80)
    }

    /// What is learned by heart is not measured.
    @Test func isNotTrainedOn() throws {
        let evaluation = Set(try Self.names.flatMap(LabelledText.read).map { Self.bare($0.text) })
        let corpus = try ["posts-es", "posts-en", "chats-es", "chats-en"].flatMap {
            try LabelledText.read("corpus/" + $0)
        }
        // "Ok" and "hello" are nobody's own.
        let shared = corpus.map { Self.bare($0.text) }.filter { $0.count > 12 && evaluation.contains($0) }
        #expect(shared.isEmpty, "\(shared)")
    }

    private static func bare(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// Gates somewhat below what the half for development gives: a change that costs more than chance would shall be seen.
    @Test(arguments: names)
    func labelsAreToldApart(name: String) throws {
        var right: [String: Double] = [:]
        var told: [String: Double] = [:]
        var truth: [String: Double] = [:]
        for line in try LabelledText.development(name) {
            let label = Sentiment.read(line.text).label.rawValue
            told[label, default: 0] += 1
            truth[line.label, default: 0] += 1
            if label == line.label { right[label, default: 0] += 1 }
        }
        let scores = truth.map { label, count in 2 * (right[label] ?? 0) / (count + (told[label] ?? 0)) }
        #expect(scores.reduce(0, +) / 3 >= 0.7)
    }

    @Test func whatEscalatesOughtTo() throws {
        let lines = try Self.names.flatMap(LabelledText.development)
        let told = lines.filter { Sentiment.read($0.text).trigger != nil }
        let right = told.count { $0.flags.contains("escalate") }
        #expect(Double(right) >= 0.95 * Double(told.count))
        #expect(Double(right) >= 0.65 * Double(lines.count { $0.flags.contains("escalate") }))
    }

    @Test func certainlyNegativeIsNegative() throws {
        let told = try Self.names.flatMap(LabelledText.development).filter { Sentiment.read($0.text).polarity <= -0.5 }
        #expect(told.count >= 50)
        #expect(Double(told.count { $0.label == "negative" }) >= 0.8 * Double(told.count))
    }

    @Test func calmProblemsAreNoAnger() throws {
        let calm = try Self.names.flatMap(LabelledText.development).filter {
            $0.label == "neutral" && $0.flags.contains("problem")
        }
        #expect(calm.count >= 20)
        let alarmed = calm.filter { Sentiment.read($0.text).frustration >= EscalationThresholds.standard.alert }
        #expect(alarmed.isEmpty, "\(alarmed.map(\.text))")
    }

    @Test(arguments: names)
    func languagesAreTold(name: String) throws {
        let lines = try LabelledText.development(name)
        let right = lines.count { Sentiment.read($0.text).language?.rawValue == String(name.suffix(2)) }
        #expect(Double(right) >= 0.97 * Double(lines.count))
    }
}
