internal import ArgumentParser
internal import Assignment
internal import Foundation

/// `sentiment-lab evaluate`: one half of the evaluation set, with bootstrap intervals.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure the engine on one half of the evaluation set.")

    @Option(help: "The repository.") var root = "."
    @Option(help: "dev, to look at while working; reported, for the figures in the docs.") var half = "dev"
    @Flag(help: "Print what was misread.") var mistakes = false

    func run() throws {
        guard let half = LabelledLine.Half(rawValue: self.half) else {
            throw ValidationError("--half: dev or reported")
        }
        var all: [Read] = []
        for language in SentimentLanguage.allCases {
            let lines = try LabelledLine.read(
                "\(self.root)/sentiment/evaluation/\(language.rawValue).txt", isChat: true)
            let reads = lines.filter { $0.half == half }.map { line in
                Read(line: line, language: language, reading: Sentiment.read(line.text))
            }
            print("\(language.rawValue), \(half.rawValue) half:", Scores(reads.map(\.labels)).description)
            self.report(reads)
            all += reads
        }
        print("both languages:")
        self.report(all)
        if self.mistakes { self.printMistakes(all) }
    }

    private struct Read {
        var line: LabelledLine
        var language: SentimentLanguage
        var reading: SentimentReading

        var labels: (truth: SentimentReading.Label, told: SentimentReading.Label) {
            (self.line.label, self.reading.label)
        }
        var alarms: Bool { self.reading.frustration >= EscalationThresholds.standard.alert }
        var escalates: Bool { self.reading.trigger != nil }
    }

    private func report(_ reads: [Read]) {
        self.interval("macro-F1", reads) { Scores($0.map(\.labels)).macroF1 }
        self.interval("precision of polarity <= -0.5", reads) {
            Self.precision($0, told: { $0.reading.polarity <= -0.5 }, true: { $0.line.label == .negative })
        }
        self.interval("recall of polarity <= -0.5", reads) {
            Self.precision($0, told: { $0.line.label == .negative }, true: { $0.reading.polarity <= -0.5 })
        }
        self.interval("precision of frustration >= 0.7", reads) {
            Self.precision($0, told: \.alarms, true: \.line.isFrustrated)
        }
        self.interval("recall of frustration >= 0.7", reads) {
            Self.precision($0, told: \.line.isFrustrated, true: \.alarms)
        }
        self.interval("precision of escalation", reads) {
            Self.precision($0, told: \.escalates, true: \.line.escalates)
        }
        self.interval("recall of escalation", reads) {
            Self.precision($0, told: \.line.escalates, true: \.escalates)
        }
        self.interval("recall of requests", reads) {
            Self.precision($0, told: \.line.asksForPerson, true: \.reading.asksForPerson)
        }
        self.interval("language told", reads) {
            Self.precision($0, told: { $0.reading.language != nil }, true: { $0.reading.language == $0.language })
        }
    }

    /// The share of what was told that is true.
    private static func precision(_ reads: [Read], told: (Read) -> Bool, true isTrue: (Read) -> Bool) -> Double {
        let found = reads.filter(told)
        return found.isEmpty ? 0 : Double(found.filter(isTrue).count) / Double(found.count)
    }

    /// A figure with its 95 % interval over 1,000 samples drawn with replacement, seeded.
    private func interval(_ name: String, _ reads: [Read], _ figure: ([Read]) -> Double) {
        var random = SplitMix(state: 11)
        let samples = (0..<1000).map { _ in
            figure(reads.indices.map { _ in reads[Int.random(in: reads.indices, using: &random)] })
        }.sorted()
        print("  \(name): \(Figure.of(figure(reads))) [\(Figure.of(samples[25])), \(Figure.of(samples[974]))]")
    }

    private func printMistakes(_ reads: [Read]) {
        for read in reads where read.reading.label != read.line.label {
            print(
                "label", read.line.label.rawValue, "->", read.reading.label.rawValue, read.reading.polarity,
                read.line.text)
        }
        for read in reads where read.escalates != read.line.escalates {
            print("escalation", read.line.escalates, "->", read.reading.trigger?.rawValue ?? "none", read.line.text)
        }
        for read in reads where read.alarms != read.line.isFrustrated {
            print("frustration", read.line.isFrustrated, "->", read.reading.frustration, read.line.text)
        }
        for read in reads where read.reading.language != read.language {
            print("language", read.language.rawValue, "->", read.reading.language?.rawValue ?? "und", read.line.text)
        }
    }
}
