/// The demo bot's knowledge, read from `answers.txt`; the file's head explains its form.
struct DemoAnswers: Sendable {
    /// What a block of the file is for.
    enum Purpose: String, Sendable {
        case answer
        case greeting
        case unknown
        case handover
        case person
    }

    struct Block: Sendable, Equatable {
        var language: DemoLanguage
        var purpose: Purpose
        /// Each group needs one of its words; a word that ends in `*` stands for all that begin so.
        var groups: [[String]]
        var text: String
    }

    /// Why the file can't be used.
    struct SyntaxError: Error, Equatable {
        var line: Int
        var message: String
    }

    let blocks: [Block]

    /// The file that is compiled in.
    static func embedded() throws(SyntaxError) -> DemoAnswers {
        try DemoAnswers(text: String(decoding: PackageResources.answers_txt, as: UTF8.self))
    }

    init(text: String) throws(SyntaxError) {
        var blocks: [Block] = []
        var open: Block?
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("#") { continue }
            if line.allSatisfy(\.isWhitespace) {
                if let block = open { blocks.append(block) }
                open = nil
            } else if open != nil {
                if open?.text.isEmpty == false { open?.text += "\n" }
                open?.text += String(line)
            } else {
                open = try Self.head(line, number: index + 1)
            }
        }
        if let block = open { blocks.append(block) }
        self.blocks = blocks
        for language in DemoLanguage.allCases {
            for purpose in [Purpose.greeting, .unknown, .handover] where self.text(purpose, in: language) == nil {
                throw SyntaxError(line: lines.count, message: "no \(language.rawValue) \(purpose.rawValue)")
            }
        }
    }

    /// Reads `es person: a | b* + c`.
    private static func head(_ line: Substring, number: Int) throws(SyntaxError) -> Block {
        guard let colon = line.firstIndex(of: ":") else {
            throw SyntaxError(line: number, message: "a block begins with a language and a colon")
        }
        let names = line[..<colon].split(separator: " ")
        guard let language = names.first.flatMap({ DemoLanguage(rawValue: String($0)) }), names.count <= 2 else {
            throw SyntaxError(line: number, message: "the language is es or en")
        }
        guard let purpose = names.count == 2 ? Purpose(rawValue: String(names[1])) : .answer else {
            throw SyntaxError(line: number, message: "no such kind of block: \(names[1])")
        }
        let groups = line[line.index(after: colon)...].split(separator: "+").map { group in
            group.split(separator: "|").map { Self.fold($0.filter { !$0.isWhitespace }) }.filter { !$0.isEmpty }
        }.filter { !$0.isEmpty }
        return Block(language: language, purpose: purpose, groups: groups, text: "")
    }

    /// The text of a block without conditions.
    func text(_ purpose: Purpose, in language: DemoLanguage) -> String? {
        self.blocks.first { $0.purpose == purpose && $0.language == language && !$0.text.isEmpty }?.text
    }

    /// The block that fits a visitor's words best; `preferred` decides between the languages.
    func match(_ words: [String], preferred: DemoLanguage) -> Block? {
        var best: (block: Block, score: Int)?
        for block in self.blocks where !block.groups.isEmpty && block.fits(words) {
            // A request for a person outranks every answer; then more conditions, then the language of the chat.
            let score =
                (block.purpose == .person ? 1000 : 0) + block.groups.count * 2 + (block.language == preferred ? 1 : 0)
            if score > (best?.score ?? 0) { best = (block, score) }
        }
        return best?.block
    }

    /// A text's words in lower case and without accents.
    static func words(_ text: String) -> [String] {
        self.fold(text).split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    /// Lower case, and the accents of Spanish taken off; `ñ` is a letter of its own and stays.
    private static func fold(_ text: some StringProtocol) -> String {
        String(
            text.lowercased().map { character in
                switch character {
                case "á": "a"
                case "é": "e"
                case "í": "i"
                case "ó": "o"
                case "ú", "ü": "u"
                default: character
                }
            })
    }
}

extension DemoAnswers.Block {
    /// Whether every group has a word among `words`.
    fileprivate func fits(_ words: [String]) -> Bool {
        self.groups.allSatisfy { group in
            group.contains { wanted in
                wanted.hasSuffix("*")
                    ? words.contains { $0.hasPrefix(wanted.dropLast()) }
                    : words.contains(wanted)
            }
        }
    }
}
