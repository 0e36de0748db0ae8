/// What the rules count in one text with one language's lexicon: valences after negation, degree and contrast, and the
/// marks of mood around them.
struct LexicalSignals: Sendable {
    var positive: Float = 0
    var negative: Float = 0
    var positiveHits = 0
    var negativeHits = 0
    var strongestPositive: Float = 0
    var strongestNegative: Float = 0
    /// The last valence of the text: what a writer ends on weighs most.
    var last: Float = 0
    var positiveEmoji: Float = 0
    var negativeEmoji: Float = 0
    var negators = 0
    var negatedPositives = 0
    var negatedNegatives = 0
    var adversatives = 0
    var boosters = 0
    var unreal = 0
    var asking = 0
    var firstPerson = 0
    var secondPerson = 0
    var swearing = 0
    var anger = 0
    var ordeal = 0
    var topic = 0
    var greetings = 0
    var laughs = 0
    var common = 0
    var unknown = 0
    var numbers = 0
    var shouted = 0
    var elongated = 0
    /// The tokens that carried a valence of weight or anger, in the order of the text.
    var evidence: [(words: Range<Int>, valence: Float)] = []
    /// Tokens that a negation reaches.
    var negatedTokens: [Bool]

    /// How many tokens a negation reaches within its clause.
    private static let negationReach = 4
    private static let laughs: Set<UInt64> = Set(["jaja", "haha", "xd", "lol", "lmao"].map { WordHash($0).value })

    init(_ text: TextTokens, _ lexicon: Lexicon) {
        self.negatedTokens = Array(repeating: false, count: text.tokens.count)
        var reader = Reader(text: text, lexicon: lexicon)
        var index = 0
        while index < text.tokens.count {
            index += self.read(&reader, at: index)
        }
        for value in reader.values { self.add(value, turn: reader.lastTurn) }
    }

    /// A valence that was found, and where.
    private struct Value {
        var words: Range<Int>
        var valence: Float
        var isEmoji: Bool
    }

    private struct Reader {
        let text: TextTokens
        let lexicon: Lexicon
        var values: [Value] = []
        /// The last negation that still reaches what comes: its token.
        var negation: Int?
        var degree: Float = 1
        var degreeAt = -1
        /// Sentence in which what is said is only wished.
        var unrealClause = -1
        /// The token of the last adversative.
        var lastTurn: Int?
    }

    /// Reads what begins at a token and says how many tokens it was.
    private mutating func read(_ reader: inout Reader, at index: Int) -> Int {
        let token = reader.text.tokens[index]
        let (entry, length) = reader.lexicon.match(reader.text, at: index)
        self.count(token, entry)
        if let negation = reader.negation {
            let reaches =
                reader.text.tokens[negation].clause == token.clause && index - negation <= Self.negationReach
            if !reaches { reader.negation = nil }
        }
        if reader.negation != nil {
            for word in index..<index + length { self.negatedTokens[word] = true }
        }
        let words = index..<index + length
        let valence = entry.valence == 0 ? 0 : self.take(entry.valence, words, token, &reader)
        if abs(valence) >= 1.5 || entry.roles.contains(.anger) {
            self.evidence.append((words, entry.roles.contains(.anger) ? min(valence, -2) : valence))
        }
        if entry.roles.contains(.negator) {
            self.negators += 1
            reader.negation = index + length - 1
        }
        if entry.roles.contains(.adversative) {
            self.adversatives += 1
            reader.lastTurn = index
            reader.negation = nil
        }
        if entry.roles.contains(.booster) {
            self.boosters += 1
            (reader.degree, reader.degreeAt) = (1.3, index + length)
        } else if entry.roles.contains(.dampener) {
            (reader.degree, reader.degreeAt) = (0.6, index + length)
        }
        if entry.roles.contains(.unreal) {
            self.unreal += 1
            reader.unrealClause = token.clause
        }
        return length
    }

    private mutating func count(_ token: TextTokens.Token, _ entry: LexiconEntry) {
        if entry.roles.contains(.common) { self.common += 1 }
        if entry.roles.isEmpty, token.kind == .word { self.unknown += 1 }
        if entry.roles.contains(.asking) { self.asking += 1 }
        if entry.roles.contains(.firstPerson) { self.firstPerson += 1 }
        if entry.roles.contains(.secondPerson) { self.secondPerson += 1 }
        if entry.roles.contains(.swearing) { self.swearing += 1 }
        if entry.roles.contains(.anger) { self.anger += 1 }
        if entry.roles.contains(.ordeal) { self.ordeal += 1 }
        if entry.roles.contains(.topic) { self.topic += 1 }
        if entry.roles.contains(.greeting) { self.greetings += 1 }
        if Self.laughs.contains(token.hash.value) { self.laughs += 1 }
        if token.kind == .number { self.numbers += 1 }
        if token.isShouted { self.shouted += 1 }
        if token.isElongated { self.elongated += 1 }
    }

    private mutating func take(
        _ plain: Float, _ words: Range<Int>, _ token: TextTokens.Token, _ reader: inout Reader
    ) -> Float {
        var valence = plain
        if token.isShouted || token.isElongated { valence *= 1.2 }
        // "muy bueno", "muy, muy bueno": the degree is at most two words away.
        if reader.degreeAt >= 0, words.lowerBound - reader.degreeAt <= 1 { valence *= reader.degree }
        if token.kind != .emoji, reader.negation != nil {
            if valence > 0 {
                valence *= -0.7
                self.negatedPositives += 1
            } else {
                valence *= -0.3
                self.negatedNegatives += 1
            }
        }
        if valence > 0, reader.unrealClause == token.clause { valence *= 0.6 }
        reader.values.append(Value(words: words, valence: valence, isEmoji: token.kind == .emoji))
        return valence
    }

    /// - Parameter turn: Where the last "but" stands: what comes before it counts for less, what follows for more.
    private mutating func add(_ value: Value, turn: Int?) {
        var valence = value.valence
        if let turn { valence *= value.words.lowerBound < turn ? 0.6 : 1.3 }
        self.last = valence
        if value.isEmoji {
            if valence > 0 { self.positiveEmoji += valence } else { self.negativeEmoji -= valence }
        }
        if valence > 0 {
            self.positive += valence
            self.positiveHits += 1
            self.strongestPositive = max(self.strongestPositive, valence)
        } else {
            self.negative -= valence
            self.negativeHits += 1
            self.strongestNegative = max(self.strongestNegative, -valence)
        }
    }
}
