/// The rules of all languages, compiled once. Languages are not told apart first: a message often holds two.
struct PhraseBook: Sendable {
    private var rules: [(rule: PhraseRule, pattern: PhrasePattern)] = []
    /// By the number of a word: the rules that may begin with it.
    private var rulesByFirstWord: [[Int]] = []
    private(set) var vocabulary = Vocabulary()

    private var negators: Set<Int> = []
    /// Words that may stand between a negation and what it negates.
    private var transparent: Set<Int> = []
    /// Words before a negation that turn it around: "si no me pasas…", "why can't I…"
    private var rhetorical: Set<Int> = []
    private var pronouns: Set<Int> = []
    /// Words before a match that put it into somebody else's mouth: "they want to talk…"
    private var otherSubjects: Set<Int> = []
    /// Words before "I" that make it a question of necessity: "do I need to talk…"
    private var auxiliaries: Set<Int> = []
    /// Words before another subject that ask it for something: "could you transfer me…"
    private var requests: Set<Int> = []
    /// Words beside an insult that turn it on the writer: "soy", "question".
    private var oneself: Set<Int> = []

    static let shared: PhraseBook = {
        do {
            return try PhraseBook(languages: [.spanish, .english])
        } catch {
            // Unreachable while the tests pass: they compile the same book and fail on any unknown class.
            return PhraseBook()
        }
    }()

    private init() {}

    /// Compiles a phrase book.
    ///
    /// - Throws: The first class that a rule names and no language defines.
    init(languages: [PhraseLanguage]) throws(UnknownPhraseClass) {
        for language in languages {
            let classes = language.classes.mapValues { list in
                list.split(separator: ",").map { $0.split(separator: " ").map(String.init) }
            }
            for rule in language.rules {
                let pattern = try PhrasePattern(rule.source, classes: classes, vocabulary: &self.vocabulary)
                for word in pattern.firstWords { self.note(word) }
                self.rules.append((rule, pattern))
            }
            self.negators.formUnion(self.numbers(language.negators))
            self.transparent.formUnion(self.numbers(language.transparent))
            self.rhetorical.formUnion(self.numbers(language.rhetorical))
            self.pronouns.formUnion(self.numbers(language.pronouns))
            self.otherSubjects.formUnion(self.numbers(language.otherSubjects))
            self.auxiliaries.formUnion(self.numbers(language.auxiliaries))
            self.requests.formUnion(self.numbers(language.requests))
            self.oneself.formUnion(self.numbers(language.oneself))
        }
    }

    /// Has the next rule tried where this word stands.
    private mutating func note(_ word: Int) {
        while self.rulesByFirstWord.count <= word { self.rulesByFirstWord.append([]) }
        self.rulesByFirstWord[word].append(self.rules.count)
    }

    private mutating func numbers(_ words: String) -> [Int] {
        words.split(separator: " ").map { self.vocabulary.add(String($0)) }
    }

    /// Everything that the rules find, in the order of the text.
    func findings(in utterance: Utterance) -> [(sign: PhraseRule.Sign, words: Range<Int>)] {
        var found: [(sign: PhraseRule.Sign, words: Range<Int>)] = []
        for clause in utterance.clauses {
            for start in clause {
                let word = utterance.words[start].id
                guard word > 0, word < self.rulesByFirstWord.count else { continue }
                for index in self.rulesByFirstWord[word] {
                    guard let words = self.rules[index].pattern.match(in: utterance, clause: clause, at: start),
                        self.counts(self.rules[index].rule, utterance, words)
                    else { continue }
                    found.append((self.rules[index].rule.sign, words))
                }
            }
        }
        return found
    }

    private func counts(_ rule: PhraseRule, _ utterance: Utterance, _ words: Range<Int>) -> Bool {
        let asked = utterance.isQuestion(at: words.lowerBound)
        if rule.isStatementOnly, asked { return false }
        if rule.sign == .person, self.isSomebodyElses(utterance, words.lowerBound) { return false }
        if rule.sign == .insult, self.isAimedAtOneself(utterance, words) { return false }
        switch rule.polarity {
        case .either:
            return true
        case .affirmed:
            return !self.isNegated(utterance, words.lowerBound)
        case .negated:
            return self.isNegated(utterance, words.lowerBound)
        case .ability:
            return asked || !self.isNegated(utterance, words.lowerBound)
        }
    }

    /// Looks left for a negation, over words that do not stop it.
    private func isNegated(_ utterance: Utterance, _ start: Int) -> Bool {
        let clause = utterance.words[start].clause
        var index = start
        var steps = 0
        while index > 0, utterance.words[index - 1].clause == clause, steps < 6 {
            index -= 1
            steps += 1
            let id = utterance.words[index].id
            if self.negators.contains(id) {
                // "No I want…" is an answer and a wish, not a refusal.
                if id == self.vocabulary.id(of: "no"), index + 1 < utterance.words.count,
                    self.pronouns.contains(utterance.words[index + 1].id)
                {
                    return false
                }
                return !self.isTurnedAround(utterance, index)
            }
            guard self.transparent.contains(id) else { return false }
        }
        return false
    }

    private func isTurnedAround(_ utterance: Utterance, _ negation: Int) -> Bool {
        let clause = utterance.words[negation].clause
        for index in (max(0, negation - 2)..<negation).reversed() {
            guard utterance.words[index].clause == clause else { return false }
            if self.rhetorical.contains(utterance.words[index].id) { return true }
            if index > 0, utterance.words[index].text == "que", utterance.words[index - 1].text == "por" { return true }
        }
        return false
    }

    /// "Soy tonto", "sorry for the stupid question": nobody is insulted.
    private func isAimedAtOneself(_ utterance: Utterance, _ words: Range<Int>) -> Bool {
        let clause = utterance.words[words.lowerBound].clause
        let before = max(0, words.lowerBound - 3)..<words.lowerBound
        let after = words.upperBound..<min(utterance.words.count, words.upperBound + 1)
        return before.contains { self.oneself.contains(utterance.words[$0].id) && utterance.words[$0].clause == clause }
            || after.contains { self.oneself.contains(utterance.words[$0].id) && utterance.words[$0].clause == clause }
    }

    private func isSomebodyElses(_ utterance: Utterance, _ start: Int) -> Bool {
        guard start > 0, !utterance.isClauseStart(start) else { return false }
        let before = utterance.words[start - 1].id
        if self.otherSubjects.contains(before) {
            return start < 2 || !self.requests.contains(utterance.words[start - 2].id)
        }
        guard self.pronouns.contains(before), start > 1, !utterance.isClauseStart(start - 1) else { return false }
        return self.auxiliaries.contains(utterance.words[start - 2].id)
    }
}
