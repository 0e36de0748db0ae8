/// Tells whether text can stand in a JSON string as it is, eight bytes at a time.
enum PlainText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Whether none of the eight bytes is a quote, a backslash or a control character.
    ///
    /// A byte is zero, or below a bound, if and only if subtracting borrows from it. A borrow may make the byte above
    /// look guilty too, which does not matter: then one was.
    static func isPlain(_ word: UInt64) -> Bool {
        let quotes = word ^ (self.ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (self.ones &* UInt64(UInt8(ascii: "\\")))
        let guilty =
            (quotes &- self.ones) & ~quotes | (backslashes &- self.ones) & ~backslashes
            | (word &- self.ones &* 0x20) & ~word
        return guilty & self.highs == 0
    }

    /// Whether the byte is none of those.
    static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Moves `position` over plain bytes, but not over all of them: up to seven may be left.
    static func skip(_ bytes: Span<UInt8>, _ position: inout Int) {
        let raw = bytes.bytes
        while position &+ 8 <= raw.byteCount,
            self.isPlain(raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
        {
            position &+= 8
        }
    }

    /// Whether the whole text is plain.
    static func isPlain(_ text: borrowing String) -> Bool {
        let bytes = text.utf8.span
        var position = 0
        self.skip(bytes, &position)
        while position < bytes.count {
            guard self.isPlain(bytes[position]) else { return false }
            position += 1
        }
        return true
    }
}
