internal import Assignment
internal import Foundation

/// Logistic regression by averaged gradient steps in a fixed order: the same lines give the same weights.
struct Trainer {
    struct Options {
        var rounds = 25
        var step = 0.15
        var densePenalty = 0.005
        var sparsePenalty = 0.01
        var seed: UInt64 = 1
    }

    struct Sample {
        var example: SentimentTraining.Example
        var label: SentimentReading.Label
        /// `nil` where the line does not say.
        var isFrustrated: Bool?
        var weight: Double
    }

    let options: Options
    private(set) var dense = [[Double]](
        repeating: [0, 0, 0], count: SentimentTraining.denseCount)
    private(set) var sparse: [UInt32: [Double]] = [:]
    private var denseSquares = [[Double]](
        repeating: [0, 0, 0], count: SentimentTraining.denseCount)
    private var sparseSquares: [UInt32: [Double]] = [:]

    init(_ options: Options) { self.options = options }

    /// Every label weighs the same, however many lines it has.
    static func samples(_ lines: [LabelledLine], _ language: SentimentLanguage) -> [Sample] {
        let counts = Dictionary(grouping: lines, by: \.label).mapValues { Double($0.count) }
        return lines.map { line in
            Sample(
                example: SentimentTraining.example(line.text, language), label: line.label,
                isFrustrated: line.isChat ? line.isFrustrated : nil,
                weight: Double(lines.count) / 3 / (counts[line.label] ?? 1))
        }
    }

    /// N-grams that stand in one line only teach nothing about the next.
    mutating func train(_ samples: [Sample]) {
        var seen: [UInt32: Int] = [:]
        for sample in samples { for bucket in sample.example.sparse { seen[bucket, default: 0] += 1 } }
        for (bucket, count) in seen where count >= 2 {
            self.sparse[bucket] = [0, 0, 0]
            self.sparseSquares[bucket] = [0, 0, 0]
        }
        var order = Array(samples.indices)
        var random = SplitMix(state: self.options.seed)
        for _ in 0..<self.options.rounds {
            order.shuffle(using: &random)
            for index in order { self.step(samples[index], count: samples.count) }
        }
    }

    /// Probabilities of negative and positive, and of frustration.
    func outputs(_ example: SentimentTraining.Example) -> [Double] {
        var sums = [0.0, 0.0, 0.0]
        for (value, weights) in zip(example.dense, self.dense) where value != 0 {
            for output in 0..<3 { sums[output] += Double(value) * weights[output] }
        }
        for bucket in example.sparse {
            guard let weights = self.sparse[bucket] else { continue }
            for output in 0..<3 { sums[output] += Double(example.sparseValue) * weights[output] }
        }
        let top = max(0, sums[0], sums[1])
        let (below, above) = (exp(sums[0] - top), exp(sums[1] - top))
        let total = below + above + exp(-top)
        return [below / total, above / total, 1 / (1 + exp(-sums[2]))]
    }

    private mutating func step(_ sample: Sample, count: Int) {
        let outputs = self.outputs(sample.example)
        var slopes = [
            (outputs[0] - (sample.label == .negative ? 1 : 0)) * sample.weight,
            (outputs[1] - (sample.label == .positive ? 1 : 0)) * sample.weight,
            0,
        ]
        if let isFrustrated = sample.isFrustrated { slopes[2] = outputs[2] - (isFrustrated ? 1 : 0) }
        for output in 0..<3 where slopes[output] != 0 {
            for (index, value) in sample.example.dense.enumerated() where value != 0 {
                let slope =
                    slopes[output] * Double(value)
                    + (index == 0 ? 0 : self.options.densePenalty * self.dense[index][output])
                self.denseSquares[index][output] += slope * slope
                self.dense[index][output] -=
                    self.options.step * slope / (self.denseSquares[index][output].squareRoot() + 1e-6)
            }
        }
        for bucket in sample.example.sparse {
            guard var weights = self.sparse[bucket], var squares = self.sparseSquares[bucket] else { continue }
            for output in 0..<3 where slopes[output] != 0 {
                let slope =
                    slopes[output] * Double(sample.example.sparseValue) + self.options.sparsePenalty * weights[output]
                squares[output] += slope * slope
                weights[output] -= self.options.step * slope / (squares[output].squareRoot() + 1e-6)
            }
            self.sparse[bucket] = weights
            self.sparseSquares[bucket] = squares
        }
    }

    /// The weights as the engine holds them.
    var encoded: String {
        SentimentTraining.encode(
            dense: self.dense.map { $0.map(Float.init) },
            sparse: self.sparse.map { (bucket: $0.key, weights: $0.value.map(Float.init)) })
    }
}

/// A small generator with a seed, the same on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var bits = self.state
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}
