internal import NIOCore

// Revision 3 counts text as JavaScript does, in UTF-16 code units, and sends it as UTF-8. The buffers here are valid
// UTF-8, which the callers have checked.

extension ByteBuffer {
    /// UTF-16 code units of the readable text.
    var utf16Length: Int {
        var length = 0
        for byte in readableBytesView { length &+= Self.utf16Units(of: byte) }
        return length
    }

    /// Takes text of exactly this many UTF-16 code units; nil if there is less, or if it would end inside a character.
    mutating func readText(utf16Length: Int) -> ByteBuffer? {
        var missing = utf16Length
        var bytes = 0
        for byte in readableBytesView {
            let units = Self.utf16Units(of: byte)
            // Continuation bytes belong to the character before them, also behind the last one.
            if missing <= 0, units > 0 { break }
            missing -= units
            bytes += 1
        }
        return missing == 0 ? readSlice(length: bytes) : nil
    }

    /// A character's first byte stands for all of it: two units above U+FFFF. Continuation bytes count nothing.
    private static func utf16Units(of byte: UInt8) -> Int {
        if byte & 0xC0 == 0x80 { return 0 }
        return byte >= 0xF0 ? 2 : 1
    }
}
