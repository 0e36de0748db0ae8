/// All that is known of one language's words: their valence, and what they do to their neighbours.
///
/// The lists are text: `2.5: word stem* a_phrase_of_words`, everything folded. A stem stands for all words that begin with
/// it; the longest one counts, and a word of its own counts before any stem.
///
/// A class, because it is handed about for every token of every message: copies of a struct would count references of
/// all its tables each time.
final class Lexicon: Sendable {
    let language: SentimentLanguage
    private let exact: LexiconTable
    private let stems: LexiconTable
    /// What did not fit or could not be read: empty, as the tests prove.
    let rejected: [String]
    let entryCount: Int

    static let spanish = Lexicon(
        .spanish,
        valences: [spanishPositive, spanishNegative, emojiValences], roles: spanishRoles)
    static let english = Lexicon(
        .english,
        valences: [englishPositive, englishNegative, emojiValences], roles: englishRoles)

    static func of(_ language: SentimentLanguage) -> Lexicon {
        switch language {
        case .spanish: self.spanish
        case .english: self.english
        }
    }

    init(_ language: SentimentLanguage, valences: [String], roles: [(LexiconEntry.Roles, String)]) {
        var lists = Lists()
        for list in valences {
            var valence: Float = 0
            for word in list.split(whereSeparator: \.isWhitespace) {
                if word.last == ":", let number = Float(word.dropLast()) {
                    valence = number
                } else {
                    let value = valence
                    lists.add(word) { entry in
                        entry.valence = value
                        entry.roles.insert(.valued)
                    }
                }
            }
        }
        for (role, list) in roles {
            for word in list.split(whereSeparator: \.isWhitespace) {
                lists.add(word) { entry in entry.roles.insert(role) }
            }
        }
        self.language = language
        self.exact = lists.exact
        self.stems = lists.stems
        self.rejected = lists.rejected
        self.entryCount = lists.entryCount
    }

    /// A lexicon while its lists are read.
    private struct Lists {
        var exact = LexiconTable(capacity: 32_768)
        var stems = LexiconTable(capacity: 8192)
        var rejected: [String] = []
        var entryCount = 0

        mutating func add(_ word: Substring, _ change: (inout LexiconEntry) -> Void) {
            var phrase = Array(word.utf8)
            let isStem = phrase.last == UInt8(ascii: "*")
            if isStem { phrase.removeLast() }
            var hash = WordHash()
            var fits = !phrase.isEmpty
            for byte in phrase {
                if byte == UInt8(ascii: "_") {
                    fits = fits && !isStem && self.exact.update(hash) { $0.roles.insert(.continues) }
                    hash.addSpace()
                } else {
                    hash.add(byte)
                }
            }
            fits = fits && (isStem ? self.stems.update(hash, change) : self.exact.update(hash, change))
            if fits { self.entryCount += 1 } else { self.rejected.append(String(word)) }
        }
    }

    /// Whether the word stands in the lists by itself.
    func knows(_ hash: WordHash) -> Bool { self.exact.find(hash) != nil }

    /// What begins at a token: the longest phrase, else the word, else the longest stem; and how many tokens it is long.
    func match(_ text: TextTokens, at index: Int) -> (entry: LexiconEntry, length: Int) {
        let token = text.tokens[index]
        var best = (entry: LexiconEntry.none, length: 1)
        var hash = token.hash
        var found = self.exact.find(hash)
        if let word = found {
            best.entry = word
            if !word.roles.contains(.valued), let stem = self.stem(text, token) {
                best.entry.valence = stem.valence
                best.entry.roles.formUnion(stem.roles)
            }
        } else if let stem = self.stem(text, token) {
            best.entry = stem
        }
        var next = index + 1
        while let prefix = found, prefix.roles.contains(.continues), next < text.tokens.count,
            text.tokens[next].clause == token.clause
        {
            hash.addSpace()
            for byte in text.buffer[text.tokens[next].bytes] { hash.add(byte) }
            found = self.exact.find(hash)
            next += 1
            if let phrase = found, !phrase.roles.subtracting(.continues).isEmpty {
                best = (phrase, next - index)
            }
        }
        return best
    }

    private func stem(_ text: TextTokens, _ token: TextTokens.Token) -> LexiconEntry? {
        guard token.kind == .word else { return nil }
        var hash = WordHash()
        var best: LexiconEntry?
        for byte in text.buffer[token.bytes] {
            hash.add(byte)
            if let stem = self.stems.find(hash) { best = stem }
        }
        return best
    }
}
