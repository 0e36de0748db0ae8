/// Tells whether a visitor asks what a bot has already answered: then the answer was none.
package struct RepeatedQuestion: Sendable {
    /// How alike two questions are that are the same one, from 0 to 1.
    private static let likeness: Float = 0.7
    /// Words that every text has weigh this much of a word of its own.
    private static let commonWeight: Float = 0.25
    /// What weighs less is a greeting, a yes or a thank you.
    private static let leastWeight: Float = 1.5

    /// Words by their first letters, so that endings do not matter, with what they weigh.
    private let words: [UInt64: Float]
    /// Whether the text asks for something or says that something does not work.
    package let isQuestion: Bool

    package init(_ text: String) {
        let (spanish, english) = (Lexicon.spanish, Lexicon.english)
        let tokens = TextTokens(text) { spanish.knows($0) || english.knows($0) }
        var words: [UInt64: Float] = [:]
        var asks = tokens.questionMarks > 0
        for (index, token) in tokens.tokens.enumerated() where token.kind != .emoji {
            let roles = spanish.match(tokens, at: index).entry.roles
                .union(english.match(tokens, at: index).entry.roles)
            if !roles.isDisjoint(with: [.asking, .topic, .negator, .ordeal]) { asks = true }
            if roles.contains(.greeting) { continue }
            let stem = WordHash(tokens.buffer[token.bytes.prefix(5)])
            words[stem.value] = roles.contains(.common) ? Self.commonWeight : 1
        }
        self.words = words
        self.isQuestion = asks && words.values.reduce(0, +) >= Self.leastWeight
    }

    /// The earlier message of the visitor's that asked the same and got an answer of the bot's.
    func asked(before earlier: [ConversationTurn]) -> String? {
        guard self.isQuestion else { return nil }
        var wasAnswered = false
        for turn in earlier.reversed() {
            switch turn.author {
            case .bot: wasAnswered = true
            case .person: return nil
            case .visitor where wasAnswered:
                let other = RepeatedQuestion(turn.text)
                if other.isQuestion, self.likeness(to: other) >= Self.likeness { return turn.text }
            case .visitor: break
            }
        }
        return nil
    }

    /// The weight of the words in both, of that of the words in either.
    private func likeness(to other: RepeatedQuestion) -> Float {
        var (both, either): (Float, Float) = (0, 0)
        for (word, weight) in self.words {
            either += weight
            if other.words[word] != nil { both += weight }
        }
        for (word, weight) in other.words where self.words[word] == nil { either += weight }
        return either == 0 ? 0 : both / either
    }
}
