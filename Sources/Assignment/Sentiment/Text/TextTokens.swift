/// A message as the sentiment engine reads it: folded words in one flat buffer, and what stood around them.
struct TextTokens: Sendable {
    struct Token: Sendable {
        enum Kind: UInt8, Sendable {
            case word, emoji, number
        }

        /// Where its folded bytes lie in the buffer. Between two tokens lies one space.
        var bytes: Range<Int>
        var hash: WordHash
        var kind: Kind
        var clause: Int
        var sentence: Int
        /// Two letters or more, all of them capitals.
        var isShouted = false
        /// A letter was repeated three times or more.
        var isElongated = false
    }

    private(set) var buffer: [UInt8] = []
    private(set) var tokens: [Token] = []
    /// Per sentence: whether it is asked.
    private(set) var questions: [Bool] = []
    private(set) var exclamations = 0
    private(set) var questionMarks = 0
    private(set) var ellipses = 0
    private(set) var links = 0
    private(set) var mentions = 0
    private(set) var hashtags = 0
    private(set) var quotes = 0
    private(set) var letters = 0
    private(set) var capitals = 0

    /// Longer texts are read up to here, so that the cost of a message has a bound.
    static let maximumScalars = 8000

    private var wordStart = 0
    private var clause = 0
    private var sentence = 0
    private var isAsked = false
    private var run = 0
    private var longestRun = 0
    private var wordLetters = 0
    private var wordCapitals = 0
    private var isHashtag = false
    private var lastWasSmall = false

    /// Cuts a text into tokens.
    ///
    /// - Parameter isKnown: Whether a lexicon has the word; decides how far a repeated letter is shortened.
    init(_ text: String, isKnown: (WordHash) -> Bool) {
        self.buffer.reserveCapacity(min(text.utf8.count, Self.maximumScalars) + 1)
        self.tokens.reserveCapacity(16)
        let scalars = Array(text.unicodeScalars.prefix(Self.maximumScalars))
        var index = 0
        while index < scalars.count {
            index += self.read(scalars, at: index, isKnown)
        }
        self.endSentence(isKnown)
        while self.questions.count <= self.sentence { self.questions.append(false) }
    }

    /// The folded letters of a token.
    func text(_ token: Token) -> String { String(decoding: self.buffer[token.bytes], as: UTF8.self) }

    /// The folded letters of several tokens.
    func text(_ range: Range<Int>) -> String {
        guard let first = range.first, let last = range.last else { return "" }
        return String(
            decoding: self.buffer[self.tokens[first].bytes.lowerBound..<self.tokens[last].bytes.upperBound],
            as: UTF8.self)
    }

    // MARK: Scalars

    /// Reads what stands at `index` and says how many scalars it was.
    private mutating func read(_ scalars: [Unicode.Scalar], at index: Int, _ isKnown: (WordHash) -> Bool) -> Int {
        let scalar = scalars[index]
        switch LatinFolding.fold(scalar) {
        case .letter(let byte, let isCapital):
            if self.isWordEmpty, byte == UInt8(ascii: "h") || byte == UInt8(ascii: "w") {
                let length = Self.linkLength(scalars, at: index)
                if length > 0 {
                    self.links += 1
                    return length
                }
            }
            if self.isHashtag, isCapital, self.lastWasSmall { self.endWord(isKnown) }
            self.addLetter(byte, isCapital: isCapital)
            return 1
        case .digit(let byte):
            self.append(byte)
            return 1
        case .foreign:
            for byte in UTF8.encode(scalar) ?? UTF8.EncodedScalar() { self.append(byte) }
            return 1
        case .mark:
            return 1
        case .other:
            break
        }
        if Emoticon.isEmoji(scalar) {
            self.endWord(isKnown)
            self.addSymbol(UTF8.encode(scalar) ?? UTF8.EncodedScalar())
            return 1
        }
        if let (face, length) = Emoticon.match(scalars, at: index, afterLetter: !self.isWordEmpty) {
            self.endWord(isKnown)
            self.addSymbol(face.utf8)
            return length
        }
        return self.readMark(scalars, at: index, isKnown)
    }

    private mutating func readMark(
        _ scalars: [Unicode.Scalar], at index: Int, _ isKnown: (WordHash) -> Bool
    ) -> Int {
        switch scalars[index] {
        case "'", "\u{2019}", "\u{2018}", "`", "\u{b4}", "\u{fe0f}", "\u{200d}":
            // "don't" is one word, "dont".
            return 1
        case "@":
            self.endWord(isKnown)
            self.mentions += 1
            return 1 + Self.nameLength(scalars, at: index + 1)
        case "#":
            self.endWord(isKnown)
            self.hashtags += 1
            self.isHashtag = true
            return 1
        case ",", ";", ":", "(", ")", "\u{2014}", "\u{2013}", "/":
            self.endWord(isKnown)
            self.clause += 1
        case "\"", "\u{ab}", "\u{bb}", "\u{201c}", "\u{201d}":
            self.endWord(isKnown)
            self.quotes += 1
        case ".":
            if index + 1 < scalars.count, scalars[index + 1] == ".", index > 0, scalars[index - 1] != "." {
                self.ellipses += 1
            }
            self.endSentence(isKnown)
        case "\u{2026}":
            self.ellipses += 1
            self.endSentence(isKnown)
        case "!":
            self.exclamations += 1
            self.endSentence(isKnown)
        case "\n", "\u{a1}":
            self.endSentence(isKnown)
        case "?":
            self.questionMarks += 1
            self.isAsked = true
            self.endSentence(isKnown)
        case "\u{bf}":
            self.endSentence(isKnown)
            self.isAsked = true
        default:
            self.endWord(isKnown)
        }
        return 1
    }

    /// How long a web address at this place is, 0 where there is none.
    private static func linkLength(_ scalars: [Unicode.Scalar], at index: Int) -> Int {
        guard self.begins(scalars, at: index, "http") || self.begins(scalars, at: index, "www.") else { return 0 }
        let end = scalars[index...].firstIndex { $0.properties.isWhitespace } ?? scalars.count
        let isLink = ["http://", "https://", "www."].contains {
            end - index > $0.unicodeScalars.count && self.begins(scalars, at: index, $0)
        }
        // Where addresses were cut out of a text, "http" is what is left of them.
        return isLink || end - index == 4 ? end - index : 0
    }

    private static func begins(_ scalars: [Unicode.Scalar], at index: Int, _ text: String) -> Bool {
        var position = index
        for scalar in text.unicodeScalars {
            guard position < scalars.count, scalars[position] == scalar else { return false }
            position += 1
        }
        return true
    }

    private static func nameLength(_ scalars: [Unicode.Scalar], at index: Int) -> Int {
        var end = index
        while end < scalars.count,
            scalars[end] == "_" || scalars[end].properties.isAlphabetic
                || ("0"..."9").contains(scalars[end])
        { end += 1 }
        return end - index
    }

    // MARK: Words

    private var isWordEmpty: Bool { self.buffer.count == self.wordStart }

    private mutating func addLetter(_ byte: UInt8, isCapital: Bool) {
        self.letters += 1
        self.wordLetters += 1
        if isCapital {
            self.capitals += 1
            self.wordCapitals += 1
        }
        self.lastWasSmall = !isCapital
        self.append(byte)
    }

    private mutating func append(_ byte: UInt8) {
        self.run = !self.isWordEmpty && self.buffer.last == byte ? self.run + 1 : 1
        self.longestRun = max(self.longestRun, self.run)
        self.buffer.append(byte)
    }

    private mutating func addSymbol(_ bytes: some Sequence<UInt8>) {
        self.buffer.append(contentsOf: bytes)
        self.push(.emoji)
    }

    private mutating func endSentence(_ isKnown: (WordHash) -> Bool) {
        self.endWord(isKnown)
        self.clause += 1
        if self.tokens.last?.sentence == self.sentence {
            while self.questions.count < self.sentence { self.questions.append(false) }
            self.questions.append(self.isAsked)
            self.sentence += 1
        } else if self.isAsked, let last = self.questions.indices.last {
            self.questions[last] = true
        }
        self.isAsked = false
    }

    private mutating func endWord(_ isKnown: (WordHash) -> Bool) {
        guard !self.isWordEmpty else {
            self.isHashtag = self.isHashtag && self.wordLetters == 0
            return
        }
        let isElongated = self.wordLetters > 0 && self.longestRun >= 3
        if self.wordLetters == 0, self.buffer[self.wordStart] < 0x80 {
            self.replaceWord("0".utf8)
            self.push(.number)
        } else {
            if let laugh = Self.laugh(self.buffer[self.wordStart...]) {
                self.replaceWord(laugh.utf8)
            } else if isElongated {
                self.shorten(isKnown)
            }
            if let spelling = ChatSpelling.canonical(self.buffer[self.wordStart...]) {
                self.replaceWord(spelling.utf8)
            }
            let isShouted = self.wordLetters >= 2 && self.wordCapitals == self.wordLetters
            self.push(.word, isShouted: isShouted, isElongated: isElongated)
        }
        self.isHashtag = false
    }

    private mutating func replaceWord(_ bytes: some Sequence<UInt8>) {
        self.buffer.removeSubrange(self.wordStart...)
        self.buffer.append(contentsOf: bytes)
    }

    private mutating func push(_ kind: Token.Kind, isShouted: Bool = false, isElongated: Bool = false) {
        let bytes = self.wordStart..<self.buffer.count
        self.tokens.append(
            Token(
                bytes: bytes, hash: WordHash(self.buffer[bytes]), kind: kind, clause: self.clause,
                sentence: self.sentence, isShouted: isShouted, isElongated: isElongated))
        self.buffer.append(0x20)
        self.wordStart = self.buffer.count
        self.run = 0
        self.longestRun = 0
        self.wordLetters = 0
        self.wordCapitals = 0
        self.lastWasSmall = false
    }

    /// Three or more of a letter stand for two where that makes a known word, else for one.
    private mutating func shorten(_ isKnown: (WordHash) -> Bool) {
        let twice = Self.squeeze(self.buffer[self.wordStart...], to: 2)
        let once = Self.squeeze(self.buffer[self.wordStart...], to: 1)
        self.replaceWord(isKnown(WordHash(twice[...])) ? twice : once)
    }

    /// Cuts runs of three and more down to `limit`; doubles stay.
    private static func squeeze(_ bytes: ArraySlice<UInt8>, to limit: Int) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var end = index
            while end < bytes.endIndex, bytes[end] == bytes[index] { end += 1 }
            let length = end - index
            result.append(contentsOf: repeatElement(bytes[index], count: length >= 3 ? limit : length))
            index = end
        }
        return result
    }

    /// "jajajaj", "jejeje", "hahah" and their kin in one spelling each.
    private static func laugh(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count >= 4 else { return nil }
        var consonants = (j: 0, h: 0)
        var vowels = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "j"): consonants.j += 1
            case UInt8(ascii: "h"): consonants.h += 1
            case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"): vowels += 1
            default: return nil
            }
        }
        guard consonants.j + consonants.h >= 2, vowels >= 1 else { return nil }
        return consonants.j > consonants.h ? "jaja" : "haha"
    }
}
