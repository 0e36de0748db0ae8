package import NIOCore

/// Base64 with the standard alphabet and padding, RFC 4648 section 4, strict in what it reads.
package enum Base64 {
    private static let alphabet: [UInt8] = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let invalid: UInt8 = 0xFF

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: invalid, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    /// Bytes of the text form of `count` bytes.
    package static func encodedLength(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Appends the text form of `bytes`.
    package static func encode(_ bytes: ByteBuffer, into buffer: inout ByteBuffer) {
        var rest = bytes
        buffer.reserveCapacity(minimumWritableBytes: encodedLength(rest.readableBytes))
        while let (a, b, c) = rest.readMultipleIntegers(as: (UInt8, UInt8, UInt8).self) {
            buffer.writeMultipleIntegers(
                alphabet[Int(a >> 2)], alphabet[Int((a & 3) << 4 | b >> 4)],
                alphabet[Int((b & 15) << 2 | c >> 6)], alphabet[Int(c & 63)])
        }
        let pad = UInt8(ascii: "=")
        if let (a, b) = rest.readMultipleIntegers(as: (UInt8, UInt8).self) {
            buffer.writeMultipleIntegers(
                alphabet[Int(a >> 2)], alphabet[Int((a & 3) << 4 | b >> 4)], alphabet[Int((b & 15) << 2)], pad)
        } else if let a = rest.readInteger(as: UInt8.self) {
            buffer.writeMultipleIntegers(alphabet[Int(a >> 2)], alphabet[Int((a & 3) << 4)], pad, pad)
        }
    }

    /// The bytes that `text` stands for; nil for a foreign character, a missing or misplaced `=`, or left-over bits
    /// that are not zero.
    package static func decode(_ text: ByteBuffer) -> ByteBuffer? {
        var rest = text
        guard rest.readableBytes.isMultiple(of: 4) else { return nil }
        var result = ByteBufferAllocator().buffer(capacity: rest.readableBytes / 4 * 3)
        while let (a, b, c, d) = rest.readMultipleIntegers(as: (UInt8, UInt8, UInt8, UInt8).self) {
            let (first, second) = (values[Int(a)], values[Int(b)])
            guard first != invalid, second != invalid else { return nil }
            let padding = UInt8(ascii: "=")
            if d == padding {
                guard rest.readableBytes == 0 else { return nil }
                result.writeInteger(first << 2 | second >> 4)
                guard c != padding else { return second & 15 == 0 ? result : nil }
                let third = values[Int(c)]
                guard third != invalid, third & 3 == 0 else { return nil }
                result.writeInteger((second & 15) << 4 | third >> 2)
            } else {
                let (third, fourth) = (values[Int(c)], values[Int(d)])
                guard third != invalid, fourth != invalid else { return nil }
                result.writeMultipleIntegers(
                    first << 2 | second >> 4, (second & 15) << 4 | third >> 2, (third & 3) << 6 | fourth)
            }
        }
        return result
    }
}
