/// A message as the rules read it: words without case, accents, elongation and punctuation, cut into clauses.
struct Utterance: Sendable {
    struct Word: Sendable {
        /// The word in its folded form.
        var text: String
        /// Its number in the vocabulary; 0 for words that no rule knows.
        var id: Int
        /// Which stretch between punctuation marks or adversatives it stands in.
        var clause: Int
        var sentence: Int
    }

    private(set) var words: [Word] = []
    /// Per sentence: whether it is asked.
    private(set) var questions: [Bool] = []
    private(set) var exclamationMarks = 0
    /// Whether most of it is written in capitals.
    private(set) var isShouted = false

    /// Reads a text.
    init(_ text: String, vocabulary: Vocabulary) {
        var scanner = Scanner(vocabulary: vocabulary)
        for scalar in text.unicodeScalars { scanner.read(scalar) }
        scanner.finish()
        self.words = scanner.words
        self.questions = scanner.questions
        self.exclamationMarks = scanner.exclamationMarks
        self.isShouted = scanner.capitals >= 8 && scanner.capitals * 10 >= scanner.letters * 7
    }

    func isClauseStart(_ index: Int) -> Bool {
        index == 0 || self.words[index - 1].clause != self.words[index].clause
    }

    /// The ranges of words that stand in one clause each.
    var clauses: [Range<Int>] {
        var clauses: [Range<Int>] = []
        var start = 0
        for index in self.words.indices where index > 0 && self.isClauseStart(index) {
            clauses.append(start..<index)
            start = index
        }
        if start < self.words.count { clauses.append(start..<self.words.count) }
        return clauses
    }

    func isQuestion(at index: Int) -> Bool {
        let sentence = self.words[index].sentence
        return sentence < self.questions.count && self.questions[sentence]
    }
}

extension Utterance {
    private struct Scanner {
        let vocabulary: Vocabulary
        var words: [Word] = []
        var questions: [Bool] = []
        var exclamationMarks = 0
        var capitals = 0
        var letters = 0

        private var pending = ""
        private var clause = 0
        private var sentence = 0
        private var sentenceIsAsked = false
        /// A comma was read, and whether it parts clauses depends on the next word.
        private var afterComma = false
        private var clauseFollowsComma = false

        init(vocabulary: Vocabulary) {
            self.vocabulary = vocabulary
        }

        mutating func read(_ scalar: Unicode.Scalar) {
            if let folded = LetterFolding.fold(scalar) {
                self.countLetter(scalar)
                self.pending += folded
                return
            }
            switch scalar {
            case "'", "\u{2019}", "\u{2018}", "`", "\u{b4}":
                // "don't" is one word, "dont".
                return
            case ",", "(", ")", "\u{2014}", "\u{2013}", "\"", "\u{ab}", "\u{bb}", "\u{201c}", "\u{201d}":
                self.endWord()
                self.afterComma = true
            case ".", ";", ":", "\n", "\u{2026}":
                self.endSentence()
            case "!", "\u{a1}":
                if scalar == "!" { self.exclamationMarks += 1 }
                self.endSentence()
            case "?":
                self.endWord()
                self.sentenceIsAsked = true
                self.endSentence()
            case "\u{bf}":
                self.endSentence()
                self.sentenceIsAsked = true
            default:
                self.endWord()
            }
        }

        /// Most letters are ASCII, and the Unicode tables are slow.
        private mutating func countLetter(_ scalar: Unicode.Scalar) {
            if scalar.isASCII {
                if scalar.value >= 0x41 { self.letters += 1 }
                if (0x41...0x5a).contains(scalar.value) { self.capitals += 1 }
            } else if scalar.properties.isAlphabetic {
                self.letters += 1
                if scalar.properties.isUppercase { self.capitals += 1 }
            }
        }

        mutating func finish() {
            self.endSentence()
        }

        private mutating func endSentence() {
            self.endWord()
            self.afterComma = false
            guard self.words.last?.sentence == self.sentence else {
                // "?!" and "..." end one sentence, not several.
                if self.sentenceIsAsked, let last = self.questions.indices.last { self.questions[last] = true }
                self.sentenceIsAsked = false
                return
            }
            self.questions.append(self.sentenceIsAsked)
            self.sentenceIsAsked = false
            self.sentence += 1
            self.clause += 1
            self.clauseFollowsComma = false
        }

        private mutating func endWord() {
            guard !self.pending.isEmpty else { return }
            let word = self.vocabulary.canonical(self.pending)
            self.pending = ""
            let isFirstOfClause = self.words.last?.clause != self.clause
            if self.afterComma {
                self.afterComma = false
                // "hablar, si puede ser, con alguien": a preposition carries on what the comma interrupted.
                if self.vocabulary.carriesOn.contains(word.id) {
                    self.rejoin()
                } else if !isFirstOfClause {
                    self.clause += 1
                    self.clauseFollowsComma = true
                }
            }
            if self.vocabulary.adversatives.contains(word.id) {
                if !isFirstOfClause { self.clause += 1 }
                self.clauseFollowsComma = false
                return
            }
            self.words.append(Word(text: word.text, id: word.id, clause: self.clause, sentence: self.sentence))
        }

        /// Takes what stood between two commas into the clause before them.
        private mutating func rejoin() {
            guard self.clauseFollowsComma else { return }
            self.clauseFollowsComma = false
            for index in self.words.indices.reversed() {
                guard self.words[index].clause == self.clause else { break }
                self.words[index].clause = self.clause - 1
            }
            self.clause -= 1
        }
    }
}
