/// The parameters of a request target's query, in order, read lazily and in one pass.
///
/// Decoding is that of forms: `+` is a blank, `%XX` a byte; a malformed escape stays as it is, and bytes that are no
/// UTF-8 become U+FFFD, as in Node's `querystring`.
package struct QueryParameters: Sequence, IteratorProtocol {
    private var rest: Substring.UTF8View

    package init(target: String) {
        let bytes = target[...].utf8
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else {
            rest = bytes[bytes.endIndex...]
            return
        }
        let query = bytes[bytes.index(after: mark)...]
        rest = query[..<(query.firstIndex(of: UInt8(ascii: "#")) ?? query.endIndex)]
    }

    package mutating func next() -> (name: String, value: String)? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.endIndex
            let pair = rest[..<end]
            rest = end == rest.endIndex ? rest[end...] : rest[rest.index(after: end)...]
            guard !pair.isEmpty else { continue }
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else {
                return (Self.decode(pair), "")
            }
            return (Self.decode(pair[..<equals]), Self.decode(pair[pair.index(after: equals)...]))
        }
        return nil
    }

    private static func decode(_ text: Substring.UTF8View) -> String {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(Substring(text))
        }
        return decode(text.span)
    }

    /// The text that these bytes of a query stand for.
    static func decode(_ text: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                if index + 1 < text.count, let high = hexValue(text[index]), let low = hexValue(text[index + 1]) {
                    bytes.append(high << 4 | low)
                    index += 2
                } else {
                    bytes.append(byte)
                }
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
