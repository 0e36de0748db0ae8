/// The one spelling of an id that the stores look up: 36 characters, lower-case hexadecimal, hyphens in their places.
///
/// Anything else in a payload names nothing, so look-ups by id answer as for an unknown id instead of asking
/// PostgreSQL.
package enum CanonicalUUID {
    package static func matches(_ text: String) -> Bool {
        var count = 0
        for byte in text.utf8 {
            switch count {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return false }
            case 0..<36:
                let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
                let isLetter = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f")
                guard isDigit || isLetter else { return false }
            default:
                return false
            }
            count += 1
        }
        return count == 36
    }
}
