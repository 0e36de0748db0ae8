internal import ArgumentParser

/// Trains the sentiment engine's weights and measures it; what it prints is in docs/sentiment.md.
@main
struct SentimentLab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sentiment-lab", abstract: "Trains and measures the sentiment engine.",
        subcommands: [TrainCommand.self, EvaluateCommand.self, TimeCommand.self])
}
