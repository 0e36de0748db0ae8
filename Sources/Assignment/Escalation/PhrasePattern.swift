/// A pattern over the words of one clause, written as text so that the rules read as a table.
///
/// `word` is itself; `{class}` is one phrase of that class; `?` after either makes it optional and `*` means none to
/// four of it; `...` is up to three words whatever; `^` and `|` are the start and the end of a clause.
struct PhrasePattern: Sendable {
    private enum Element: Sendable {
        /// Phrases by their first word.
        case phrases([Int: [[Int]]], minimum: Int, maximum: Int)
        case anything(maximum: Int)
        case clauseStart
        case clauseEnd
    }

    private var elements: [Element] = []
    /// The words with which a match can begin; a match never begins with `...`.
    private(set) var firstWords: Set<Int> = []

    /// Reads a pattern.
    ///
    /// - Throws: The name of a class that is not there.
    init(
        _ source: String, classes: [String: [[String]]], vocabulary: inout Vocabulary
    ) throws(UnknownPhraseClass) {
        for piece in source.split(separator: " ") {
            switch piece {
            case "^": self.elements.append(.clauseStart)
            case "|": self.elements.append(.clauseEnd)
            case "...": self.elements.append(.anything(maximum: 3))
            default:
                let quantifier = piece.last == "*" ? (0, 4) : piece.last == "?" ? (0, 1) : (1, 1)
                let name = quantifier.0 == 0 ? piece.dropLast() : piece
                let phrases = try Self.phrases(name, classes: classes)
                self.elements.append(
                    .phrases(
                        Self.numbered(phrases, &vocabulary), minimum: quantifier.0, maximum: quantifier.1))
            }
        }
        for element in self.elements {
            guard case .phrases(let phrases, let minimum, _) = element else { continue }
            self.firstWords.formUnion(phrases.keys)
            if minimum > 0 { break }
        }
    }

    private static func numbered(_ phrases: [[String]], _ vocabulary: inout Vocabulary) -> [Int: [[Int]]] {
        var numbered: [Int: [[Int]]] = [:]
        for phrase in phrases {
            let words = phrase.map { vocabulary.add($0) }
            if let first = words.first { numbered[first, default: []].append(words) }
        }
        return numbered
    }

    private static func phrases(
        _ name: Substring, classes: [String: [[String]]]
    ) throws(UnknownPhraseClass) -> [[String]] {
        guard name.first == "{", name.last == "}" else { return [[String(name)]] }
        let className = String(name.dropFirst().dropLast())
        guard let phrases = classes[className] else { throw UnknownPhraseClass(name: className) }
        return phrases
    }

    /// The range of words that the pattern covers when it begins at `start`; it never leaves the clause.
    func match(in utterance: Utterance, clause: Range<Int>, at start: Int) -> Range<Int>? {
        let run = Run(words: utterance.words[start..<clause.upperBound], beginsClause: start == clause.lowerBound)
        guard let end = self.end(of: run, from: 0, at: start), end > start else { return nil }
        return start..<end
    }

    /// The rest of the clause in which a match is tried.
    private struct Run {
        var words: ArraySlice<Utterance.Word>
        var beginsClause: Bool

        func reads(_ phrase: [Int], at index: Int) -> Bool {
            guard phrase.count <= self.words.endIndex - index else { return false }
            return phrase.indices.allSatisfy { self.words[index + $0].id == phrase[$0] }
        }
    }

    private func end(of run: Run, from element: Int, at index: Int) -> Int? {
        guard element < self.elements.count else { return index }
        switch self.elements[element] {
        case .clauseStart:
            guard run.beginsClause, index == run.words.startIndex else { return nil }
            return self.end(of: run, from: element + 1, at: index)
        case .clauseEnd:
            guard index == run.words.endIndex else { return nil }
            return self.end(of: run, from: element + 1, at: index)
        case .anything(let maximum):
            for skipped in 0...maximum where index + skipped <= run.words.endIndex {
                if let end = self.end(of: run, from: element + 1, at: index + skipped) { return end }
            }
            return nil
        case .phrases(let phrases, let minimum, let maximum):
            return self.end(of: run, taking: phrases, minimum, maximum, then: element + 1, at: index)
        }
    }

    /// Takes as many phrases as it can, then fewer.
    private func end(
        of run: Run, taking phrases: [Int: [[Int]]], _ minimum: Int, _ maximum: Int, then next: Int, at index: Int
    ) -> Int? {
        if maximum > 0, index < run.words.endIndex {
            for phrase in phrases[run.words[index].id] ?? [] where run.reads(phrase, at: index) {
                let after = index + phrase.count
                if let end = self.end(
                    of: run, taking: phrases, max(0, minimum - 1), maximum - 1, then: next, at: after)
                {
                    return end
                }
            }
        }
        return minimum == 0 ? self.end(of: run, from: next, at: index) : nil
    }
}

/// A pattern names a class that the phrase book does not define.
struct UnknownPhraseClass: Error, Hashable {
    var name: String
}
