package import NIOCore

/// Checks UTF-8 piece by piece: a character may be cut anywhere between two pieces.
///
/// Rejects what RFC 3629 rejects: overlong forms, surrogates, code points above U+10FFFF, stray continuation bytes.
package struct UTF8Validator: Sendable, Equatable {
    /// Continuation bytes that the character under way still needs.
    private var needed: UInt8 = 0
    /// The range that the next continuation byte must lie in; narrower than 80...BF after some first bytes.
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF

    package init() {}

    /// Whether the bytes so far end between two characters.
    package var isComplete: Bool { needed == 0 }

    /// Takes the readable bytes of `piece`; false as soon as they cannot be the continuation of valid UTF-8.
    package mutating func consume(_ piece: ByteBuffer) -> Bool {
        let span = piece.readableBytesSpan
        var index = 0
        while index < span.byteCount {
            if needed == 0 {
                // Most text is ASCII: eight bytes at a time while no high bit is set.
                while index &+ 8 <= span.byteCount,
                    span.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    index &+= 8
                }
                guard index < span.byteCount else { break }
            }
            let byte = span.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            index &+= 1
            if needed == 0 {
                guard begin(byte) else { return false }
            } else {
                guard byte >= lower, byte <= upper else { return false }
                lower = 0x80
                upper = 0xBF
                needed &-= 1
            }
        }
        return true
    }

    /// Whether all of `bytes` is valid UTF-8.
    package static func isValid(_ bytes: ByteBuffer) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(bytes) && validator.isComplete
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: needed = 1
        case 0xE0: (needed, lower) = (2, 0xA0)
        case 0xED: (needed, upper) = (2, 0x9F)
        case 0xE1...0xEF: needed = 2
        case 0xF0: (needed, lower) = (3, 0x90)
        case 0xF1...0xF3: needed = 3
        case 0xF4: (needed, upper) = (3, 0x8F)
        default: return false
        }
        return true
    }
}
