/// What the trainer sees of the engine: the features of a text, and how weights are written down.
package enum SentimentTraining {
    /// A text in numbers, as the model reads it.
    package struct Example: Sendable {
        package var dense: [Float]
        package var sparse: [UInt32]
        /// The value of each n-gram.
        package var sparseValue: Float
    }

    /// The features of a text in a language that is known.
    package static func example(_ text: String, _ language: SentimentLanguage) -> Example {
        let tokens = TextTokens(text) { Lexicon.spanish.knows($0) || Lexicon.english.knows($0) }
        let features = TextFeatures(tokens, LexicalSignals(tokens, .of(language)))
        return Example(dense: features.dense, sparse: features.sparse, sparseValue: features.sparseValue)
    }

    /// The polarity that the engine tells where the model has these probabilities.
    package static func polarity(negative: Double, positive: Double) -> Double {
        Sentiment.polarity(negative: negative, positive: positive)
    }

    package static var denseCount: Int { TextFeatures.denseCount }

    /// Weights for negative, positive and frustration, as the source files hold them.
    package static func encode(dense: [[Float]], sparse: [(bucket: UInt32, weights: [Float])]) -> String {
        LinearModel.encode(dense: dense, sparse: sparse)
    }
}
