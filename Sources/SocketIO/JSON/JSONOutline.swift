/// What a JSON text looks like from outside: enough for the protocol layer to take an event apart.
package struct JSONOutline: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case null
        case bool
        case number
        case string
        case array
        case object
    }

    /// The kind of the whole text.
    package var kind: Kind = .null
    /// Elements of the outermost array; 0 for every other kind.
    package var elementCount = 0
    /// The first element of the outermost array.
    package var firstKind: Kind = .null
    /// Where the first element stands, quotes included; offsets from the first readable byte.
    package var first: Range<Int> = 0..<0
    /// Whether the first element is a string with escape sequences.
    package var firstHasEscapes = false
    /// What follows the first element and its comma, without the closing bracket.
    package var rest: Range<Int> = 0..<0
    /// The inside of the outermost array.
    package var inside: Range<Int> = 0..<0
}

/// Follows a reading and keeps its outline.
struct JSONOutliner: JSONVisitor {
    private(set) var outline = JSONOutline()
    private var depth = 0
    private let bracket: Int

    /// - Parameter isList: whether the outermost array has no brackets.
    init(isList: Bool = false) {
        self.bracket = isList ? 0 : 1
    }

    private mutating func began(_ kind: JSONOutline.Kind, at offset: Int) {
        if self.depth == 0 {
            self.outline.kind = kind
        } else if self.depth == 1, self.outline.kind == .array {
            self.outline.elementCount += 1
            switch self.outline.elementCount {
            case 1:
                self.outline.firstKind = kind
                self.outline.first = offset..<offset
            case 2:
                self.outline.rest = offset..<offset
            default:
                break
            }
        }
    }

    private mutating func ended(at offset: Int) {
        if self.depth == 1, self.outline.kind == .array, self.outline.elementCount == 1 {
            self.outline.first = self.outline.first.lowerBound..<offset
        }
    }

    mutating func beginArray(at offset: Int) {
        self.began(.array, at: offset)
        if self.depth == 0 { self.outline.inside = (offset + self.bracket)..<(offset + self.bracket) }
        self.depth += 1
    }

    mutating func endArray(at offset: Int) {
        self.depth -= 1
        if self.depth == 0 {
            self.outline.inside = self.outline.inside.lowerBound..<offset
            let start = self.outline.elementCount > 1 ? self.outline.rest.lowerBound : offset
            self.outline.rest = start..<offset
        } else {
            self.ended(at: offset + 1)
        }
    }

    mutating func beginObject(at offset: Int) {
        self.began(.object, at: offset)
        self.depth += 1
    }

    mutating func endObject(at offset: Int) {
        self.depth -= 1
        self.ended(at: offset + 1)
    }

    mutating func key(_ range: Range<Int>, hasEscapes: Bool) {}

    mutating func string(_ range: Range<Int>, hasEscapes: Bool) {
        self.began(.string, at: range.lowerBound)
        if self.depth == 1, self.outline.elementCount == 1 { self.outline.firstHasEscapes = hasEscapes }
        self.ended(at: range.upperBound)
    }

    mutating func number(_ range: Range<Int>) {
        self.began(.number, at: range.lowerBound)
        self.ended(at: range.upperBound)
    }

    mutating func bool(_ value: Bool, _ range: Range<Int>) {
        self.began(.bool, at: range.lowerBound)
        self.ended(at: range.upperBound)
    }

    mutating func null(_ range: Range<Int>) {
        self.began(.null, at: range.lowerBound)
        self.ended(at: range.upperBound)
    }
}
