internal import Assignment
internal import Foundation

/// How well labels were told, class by class.
struct Scores: CustomStringConvertible {
    private var counts: [SentimentReading.Label: (right: Int, told: Int, true: Int)] = [:]
    private let count: Int

    /// - Parameter pairs: What each text is, and what was told.
    init(_ pairs: [(truth: SentimentReading.Label, told: SentimentReading.Label)]) {
        self.count = pairs.count
        for label in SentimentReading.Label.allCases { self.counts[label] = (0, 0, 0) }
        for (truth, told) in pairs {
            if truth == told { self.counts[told]?.right += 1 }
            self.counts[told]?.told += 1
            self.counts[truth]?.true += 1
        }
    }

    /// The mean of the three labels' F1.
    var macroF1: Double {
        SentimentReading.Label.allCases.map { self.f1($0) }.reduce(0, +) / 3
    }

    func precision(_ label: SentimentReading.Label) -> Double {
        Self.ratio(self.counts[label]?.right, self.counts[label]?.told)
    }

    func recall(_ label: SentimentReading.Label) -> Double {
        Self.ratio(self.counts[label]?.right, self.counts[label]?.true)
    }

    func f1(_ label: SentimentReading.Label) -> Double {
        let (precision, recall) = (self.precision(label), self.recall(label))
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }

    private static func ratio(_ part: Int?, _ whole: Int?) -> Double {
        guard let part, let whole, whole > 0 else { return 0 }
        return Double(part) / Double(whole)
    }

    var description: String {
        let labels = SentimentReading.Label.allCases.map { label in
            "\(label.rawValue) P \(Figure.of(self.precision(label))) R \(Figure.of(self.recall(label)))"
        }
        return "macro-F1 \(Figure.of(self.macroF1)) of \(self.count) (\(labels.joined(separator: ", ")))"
    }
}

enum Figure {
    static func of(_ value: Double) -> String { String(format: "%.3f", value) }
}
