/// A JSON number that keeps its source text, so that nothing is rounded on the way through.
package struct JSONNumber: Sendable, Hashable {
    /// The text, valid by the grammar of RFC 8259.
    package let source: String

    /// The largest magnitude up to which every integer is exact in a client's double: 2^53.
    package static let exactLimit: Int64 = 9_007_199_254_740_992

    /// Takes text that has already been checked against the grammar.
    init(checked source: String) {
        self.source = source
    }

    package init(_ value: some BinaryInteger) {
        self.source = String(value)
    }

    /// A number from a double; what JSON cannot say (NaN, infinities) becomes 0.
    package init(_ value: Double) {
        if let integer = Int64(exactly: value), integer.magnitude <= Self.exactLimit.magnitude {
            self.source = String(integer)
        } else {
            self.source = value.isFinite ? value.description : "0"
        }
    }

    /// Whether the text is an integer: no fraction and no exponent.
    package var isIntegerLiteral: Bool {
        self.source.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
    }

    /// The value if it is whole and within ±2^53, in whatever form it was written (`3`, `3.0`, `3e0`).
    package var exactInt64: Int64? {
        if let integer = Int64(self.source) {
            return integer.magnitude <= Self.exactLimit.magnitude ? integer : nil
        }
        guard !self.isIntegerLiteral, let integer = Int64(exactly: self.double) else { return nil }
        return integer.magnitude <= Self.exactLimit.magnitude ? integer : nil
    }

    /// The nearest double; infinite where the text is out of range.
    package var double: Double {
        Double(self.source) ?? .infinity
    }
}
