/// The words that the rules know, numbered, with the spellings that stand for them.
struct Vocabulary: Sendable {
    private var ids: [String: Int] = [:]
    /// Words that begin a new clause: what follows is not under a negation before it.
    private(set) var adversatives: Set<Int> = []
    /// Prepositions after which a comma did not end the clause.
    private(set) var carriesOn: Set<Int> = []

    private static let spellings: [String: String] = [
        "q": "que", "k": "que", "ke": "que", "kiero": "quiero", "qiero": "quiero", "kero": "quiero",
        "ablar": "hablar", "hablr": "hablar", "umano": "humano", "xq": "porque", "pq": "porque", "u": "you",
        "pls": "please", "plz": "please", "ppl": "people", "sum1": "someone", "hooman": "human",
        "porfavor": "porfa", "xfa": "porfa", "xfavor": "porfa", "plis": "porfa",
    ]

    init() {
        self.adversatives = Set(
            ["pero", "but", "sino", "aunque", "though", "although", "porque", "because"].map { self.add($0) })
        self.carriesOn = Set(["con", "with", "to"].map { self.add($0) })
        for canonical in Self.spellings.values { self.add(canonical) }
    }

    /// Numbers a word; the same word keeps its number.
    @discardableResult
    mutating func add(_ word: String) -> Int {
        if let id = self.ids[word] { return id }
        let id = self.ids.count + 1
        self.ids[word] = id
        return id
    }

    /// The number of a word of the rules, 0 where there is none.
    func id(of word: String) -> Int { self.ids[word] ?? 0 }

    /// The word that a folded spelling stands for.
    ///
    /// "persooona" is `persona`: three or more of a letter stand for one or two, whichever makes a known word.
    func canonical(_ folded: String) -> (text: String, id: Int) {
        if let known = self.lookUp(folded) { return known }
        let twice = Self.squeeze(folded, to: 2)
        guard twice != folded else { return (folded, 0) }
        let once = Self.squeeze(folded, to: 1)
        return self.lookUp(once) ?? self.lookUp(twice) ?? (once, 0)
    }

    private func lookUp(_ word: String) -> (text: String, id: Int)? {
        let canonical = Self.spellings[word] ?? word
        guard let id = self.ids[canonical] else { return nil }
        return (canonical, id)
    }

    private static func squeeze(_ word: String, to limit: Int) -> String {
        var result = ""
        var previous: Unicode.Scalar?
        var run = 0
        for scalar in word.unicodeScalars {
            run = scalar == previous ? run + 1 : 1
            previous = scalar
            if run <= limit { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
