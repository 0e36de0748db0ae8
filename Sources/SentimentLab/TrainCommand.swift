internal import ArgumentParser
internal import Assignment
internal import Foundation

/// `sentiment-lab train`: writes the weights of both languages into the sources.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train on the corpora and write the weights into the sources.")

    @Option(help: "The repository.") var root = "."
    @Flag(help: "Only say how well it does on parts of the corpora that it did not see.") var crossValidate = false
    @Option var rounds = 25
    @Option var step = 0.15
    @Option var densePenalty = 0.005
    @Option var sparsePenalty = 0.01

    private var options: Trainer.Options {
        Trainer.Options(
            rounds: self.rounds, step: self.step, densePenalty: self.densePenalty, sparsePenalty: self.sparsePenalty)
    }

    func run() throws {
        for language in SentimentLanguage.allCases {
            if self.crossValidate {
                self.validate(try Training.lines(language, root: self.root), language)
            } else {
                try self.write(Training.weights(of: language, root: self.root, options: self.options), language)
            }
        }
    }

    private func validate(_ lines: [LabelledLine], _ language: SentimentLanguage) {
        var random = SplitMix(state: 7)
        let shuffled = lines.shuffled(using: &random)
        let samples = Trainer.samples(shuffled, language)
        var pairs: [(SentimentReading.Label, SentimentReading.Label)] = []
        var confident = (right: 0, all: 0)
        let folds = 5
        for fold in 0..<folds {
            var trainer = Trainer(self.options)
            trainer.train(samples.indices.filter { $0 % folds != fold }.map { samples[$0] })
            for index in samples.indices where index % folds == fold && !shuffled[index].isChat {
                let outputs = trainer.outputs(samples[index].example)
                let neutral = 1 - outputs[0] - outputs[1]
                let label: SentimentReading.Label =
                    neutral >= max(outputs[0], outputs[1])
                    ? .neutral : outputs[0] >= outputs[1] ? .negative : .positive
                pairs.append((shuffled[index].label, label))
                if SentimentTraining.polarity(negative: outputs[0], positive: outputs[1]) <= -0.5 {
                    confident.all += 1
                    if shuffled[index].label == .negative { confident.right += 1 }
                }
            }
        }
        print(
            language.rawValue, "posts, cross-validated:", Scores(pairs).description,
            "confident negatives \(confident.right)/\(confident.all)")
    }

    private func write(_ encoded: String, _ language: SentimentLanguage) throws {
        let name = "\(language)"
        var text = """
            extension LinearModel {
                /// Written by `make sentiment-train` (docs/sentiment.md): not to be edited by hand.
                static let \(name)Weights = \"\"\"

            """
        var rest = Substring(encoded)
        while !rest.isEmpty {
            text += "        \(rest.prefix(112))\n"
            rest = rest.dropFirst(112)
        }
        text += "        \"\"\"\n}\n"
        let file = "\(self.root)/Sources/Assignment/Sentiment/Model/ModelWeights+\(name.capitalized).swift"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        print(language.rawValue, encoded.utf8.count, "characters")
    }
}
