/// A text as numbers: the rules' signals, squashed into about -1...1, and hashed n-grams of its words.
struct TextFeatures: Sendable {
    /// Signals of the rules, in a fixed order that the weights were trained for.
    private(set) var dense: [Float] = []
    /// Buckets of n-grams, ascending and each once.
    private(set) var sparse: [UInt32] = []
    /// The value of each n-gram: long texts have more of them, each worth less.
    private(set) var sparseValue: Float = 0

    static let denseCount = 46
    /// Buckets are 18 bits: with some thousands of weights one n-gram in sixty falls on another's.
    static let bucketBits: UInt64 = 18

    init(_ text: TextTokens, _ signals: LexicalSignals) {
        self.dense = Self.dense(text, signals)
        self.sparse = Self.sparse(text, signals)
        self.sparseValue = self.sparse.isEmpty ? 0 : 1 / Float(self.sparse.count).squareRoot()
    }

    private static func dense(_ text: TextTokens, _ signals: LexicalSignals) -> [Float] {
        let sum = signals.positive - signals.negative
        let length = Float(text.tokens.count)
        let perWord = 1 / max(4, length).squareRoot()
        let compound = sum / (sum * sum + 15).squareRoot()
        let isAsked = text.questions.contains(true)
        return [
            1,
            compound,
            signals.positive / (signals.positive * signals.positive + 8).squareRoot(),
            signals.negative / (signals.negative * signals.negative + 8).squareRoot(),
            max(-1, min(1, sum * perWord / 2)),
            signals.positiveHits > 0 ? 1 : 0,
            signals.negativeHits > 0 ? 1 : 0,
            Self.capped(signals.positiveHits, 4),
            Self.capped(signals.negativeHits, 4),
            min(1, signals.strongestPositive / 4),
            min(1, signals.strongestNegative / 4),
            max(-1, min(1, signals.last / 4)),
            min(1, signals.positiveEmoji / 3),
            min(1, signals.negativeEmoji / 3),
            Self.capped(text.exclamations, 3),
            text.exclamations > 0 ? compound : 0,
            isAsked ? 1 : 0,
            isAsked ? compound : 0,
            Self.capped(signals.negators, 3),
            signals.negators > 0 && signals.positiveHits + signals.negativeHits == 0 ? 1 : 0,
            Self.capped(signals.negatedPositives, 2),
            Self.capped(signals.negatedNegatives, 2),
            signals.adversatives > 0 ? 1 : 0,
            Self.capped(signals.boosters, 3),
            Self.capped(signals.unreal, 2),
            signals.asking > 0 ? 1 : 0,
            Self.capped(signals.firstPerson, 3),
            Self.capped(signals.secondPerson, 3),
            Self.capped(signals.swearing, 2),
            Self.capped(signals.anger, 3),
            Self.capped(signals.ordeal, 3),
            Self.capped(signals.topic, 3),
            Self.capped(signals.greetings, 2),
            Self.capped(signals.laughs, 1),
            Self.capped(signals.numbers, 3),
            text.links > 0 ? 1 : 0,
            text.links > 0 ? compound : 0,
            Self.capped(text.mentions, 2),
            Self.capped(text.hashtags, 3),
            Self.capped(text.ellipses, 1),
            Self.capped(text.quotes, 2),
            Self.capped(signals.shouted, 3),
            Self.capped(signals.elongated, 2),
            min(1, length / 30),
            signals.ordeal > 0 && (signals.negators > 0 || signals.anger > 0) ? 1 : 0,
            signals.positiveHits > 0 && signals.negativeHits > 0 ? 1 : 0,
        ]
    }

    private static func capped(_ count: Int, _ limit: Int) -> Float { Float(min(count, limit)) / Float(limit) }

    private static func sparse(_ text: TextTokens, _ signals: LexicalSignals) -> [UInt32] {
        var buckets: [UInt32] = []
        buckets.reserveCapacity(text.tokens.count * 3)
        for (index, token) in text.tokens.enumerated() {
            var hash = token.hash
            if signals.negatedTokens[index] { hash.add(1) }
            buckets.append(Self.bucket(hash))
            if token.bytes.count > 6, token.kind == .word {
                // The beginning of a long word stands for all its endings.
                var stem = WordHash(text.buffer[token.bytes.prefix(5)])
                stem.add(2)
                buckets.append(Self.bucket(stem))
            }
            if index > 0, text.tokens[index - 1].sentence == token.sentence {
                var pair = text.tokens[index - 1].hash
                pair.addSpace()
                for byte in text.buffer[token.bytes] { pair.add(byte) }
                buckets.append(Self.bucket(pair))
            }
        }
        if let first = text.tokens.first { buckets.append(Self.marked(first.hash, 3)) }
        if let last = text.tokens.last { buckets.append(Self.marked(last.hash, 4)) }
        buckets.sort()
        var unique = 0
        for bucket in buckets where unique == 0 || buckets[unique - 1] != bucket {
            buckets[unique] = bucket
            unique += 1
        }
        buckets.removeSubrange(unique...)
        return buckets
    }

    private static func marked(_ hash: WordHash, _ mark: UInt8) -> UInt32 {
        var hash = hash
        hash.add(mark)
        return Self.bucket(hash)
    }

    private static func bucket(_ hash: WordHash) -> UInt32 {
        UInt32(truncatingIfNeeded: hash.mixed & ((1 << Self.bucketBits) - 1))
    }
}
