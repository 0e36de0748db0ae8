internal import ArgumentParser
internal import Assignment
internal import Foundation

/// `sentiment-lab time`: microseconds a message, over the evaluation set.
struct TimeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "time", abstract: "Measure how long a message takes; build with -c release.")

    @Option(help: "The repository.") var root = "."
    @Option var rounds = 20

    func run() throws {
        let texts = try SentimentLanguage.allCases.flatMap { language in
            try LabelledLine.read("\(self.root)/sentiment/evaluation/\(language.rawValue).txt", isChat: true)
        }.map(\.text)
        let clock = ContinuousClock()
        let first = clock.measure { _ = Sentiment.read("hola") }
        var checksum = 0.0
        let time = clock.measure {
            for _ in 0..<self.rounds { for text in texts { checksum += Sentiment.read(text).polarity } }
        }
        let rules = clock.measure {
            for _ in 0..<self.rounds { for text in texts { checksum += EscalationRules.read(text).frustration } }
        }
        let count = Double(self.rounds * texts.count)
        print(
            "first message \(Figure.of(first / .milliseconds(1))) ms, then", Figure.of(time / .microseconds(1) / count),
            "us a message, of which phrases", Figure.of(rules / .microseconds(1) / count), "us; sum", checksum)
    }
}
