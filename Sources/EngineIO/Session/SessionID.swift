package import NIOCore

/// The id of a session: 120 random bits, written as 20 characters of base64url.
///
/// It is the capability for the session, so it is never logged in full. Twenty characters, because adapters of
/// Socket.IO recognise ids by that length.
package struct SessionID: Sendable, Hashable {
    /// Characters of the text form.
    package static let textLength = 20

    private let high: UInt64
    private let low: UInt64

    /// Draws a new id.
    package init(using generator: inout some RandomNumberGenerator) {
        high = generator.next() >> 4
        low = generator.next() >> 4
    }

    /// Reads the text form; anything but 20 characters of base64url is no id.
    package init?(_ text: Span<UInt8>) {
        guard text.count == Self.textLength else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        for index in text.indices {
            guard let digit = Self.value(of: text[index]) else { return nil }
            if index < Self.textLength / 2 {
                halves.0 = halves.0 << 6 | digit
            } else {
                halves.1 = halves.1 << 6 | digit
            }
        }
        (high, low) = halves
    }

    /// Appends the text form.
    package func write(into buffer: inout ByteBuffer) {
        for half in [high, low] {
            for shift in stride(from: 54, through: 0, by: -6) {
                buffer.writeInteger(Self.character(of: UInt8(truncatingIfNeeded: half >> shift) & 63))
            }
        }
    }

    private static func character(of digit: UInt8) -> UInt8 {
        switch digit {
        case 0..<26: UInt8(ascii: "A") + digit
        case 26..<52: UInt8(ascii: "a") + digit - 26
        case 52..<62: UInt8(ascii: "0") + digit - 52
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }

    private static func value(of byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt64(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}

extension SessionID: CustomStringConvertible {
    /// The text form, 20 characters.
    package var description: String {
        var buffer = ByteBufferAllocator().buffer(capacity: Self.textLength)
        write(into: &buffer)
        return String(buffer: buffer)
    }
}
