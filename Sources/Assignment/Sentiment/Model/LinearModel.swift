/// A linear model with three outputs over `TextFeatures`: negative and positive against neutral, and frustration.
struct LinearModel: Sendable {
    /// What the weights say of a text: probabilities of a label, which sum to one, and of frustration.
    struct Outputs: Sendable {
        var negative: Float
        var neutral: Float
        var positive: Float
        var frustration: Float
    }

    /// Weights of one feature for each output.
    struct Weights: Sendable, Hashable {
        var negative: Float = 0
        var positive: Float = 0
        var frustration: Float = 0
    }

    private(set) var dense: [Weights]
    private var slots: [UInt32]
    private var weights: [Weights]

    static let spanish = LinearModel(encoded: spanishWeights)
    static let english = LinearModel(encoded: englishWeights)

    static func of(_ language: SentimentLanguage) -> LinearModel {
        switch language {
        case .spanish: self.spanish
        case .english: self.english
        }
    }

    init(dense: [Weights], sparse: [(bucket: UInt32, weights: Weights)]) {
        self.dense = dense
        var capacity = 1024
        while capacity < sparse.count * 2 { capacity *= 2 }
        // Bucket numbers are below 2^18, so that this is none.
        self.slots = Array(repeating: .max, count: capacity)
        self.weights = Array(repeating: Weights(), count: capacity)
        for (bucket, weights) in sparse {
            let slot = self.slot(bucket)
            self.slots[slot] = bucket
            self.weights[slot] = weights
        }
    }

    private func slot(_ bucket: UInt32) -> Int {
        let mask = self.slots.count - 1
        var index = Int(bucket) & mask
        while self.slots[index] != .max, self.slots[index] != bucket { index = (index + 1) & mask }
        return index
    }

    /// The weights of an n-gram; none for one that was not trained on.
    func weights(of bucket: UInt32) -> Weights {
        let slot = self.slot(bucket)
        return self.slots[slot] == bucket ? self.weights[slot] : Weights()
    }

    func outputs(_ features: TextFeatures) -> Outputs {
        var sum = Weights()
        for (value, weights) in zip(features.dense, self.dense) where value != 0 {
            sum.negative += value * weights.negative
            sum.positive += value * weights.positive
            sum.frustration += value * weights.frustration
        }
        var ngrams = Weights()
        for bucket in features.sparse {
            let weights = self.weights(of: bucket)
            ngrams.negative += weights.negative
            ngrams.positive += weights.positive
            ngrams.frustration += weights.frustration
        }
        return Self.outputs(
            negative: sum.negative + ngrams.negative * features.sparseValue,
            positive: sum.positive + ngrams.positive * features.sparseValue,
            frustration: sum.frustration + ngrams.frustration * features.sparseValue)
    }

    /// Softmax over the two labels and neutral, which stands at zero; a logistic curve for frustration.
    static func outputs(negative: Float, positive: Float, frustration: Float) -> Outputs {
        let top = max(0, negative, positive)
        let (below, above, between) = (
            Exponential.of(negative - top), Exponential.of(positive - top), Exponential.of(-top)
        )
        let total = below + above + between
        return Outputs(
            negative: below / total, neutral: between / total, positive: above / total,
            frustration: 1 / (1 + Exponential.of(-frustration)))
    }
}

/// e^x without Foundation, the same to the last bit on every machine.
enum Exponential {
    /// Good to six digits; arguments beyond what a float can hold are cut off.
    static func of(_ exponent: Float) -> Float {
        let scaled = Double(max(-80, min(80, exponent))) * 1.4426950408889634
        let whole = scaled.rounded(.down)
        let rest = (scaled - whole) * 0.6931471805599453
        // Horner's scheme of the series up to the ninth power, on 0..<ln 2.
        var series = 1.0
        for power in stride(from: 9.0, through: 1, by: -1) { series = 1 + rest / power * series }
        return Float(series * Double(sign: .plus, exponent: Int(whole), significand: 1))
    }
}
