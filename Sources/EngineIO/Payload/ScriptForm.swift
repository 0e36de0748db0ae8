internal import NIOCore

/// JSONP, how the oldest browsers poll (revision 3): answers are scripts, POSTs are HTML forms.
///
/// Source: `engine.io/lib/transports/polling-jsonp.ts` and the client's `polling-jsonp.js`.
enum ScriptForm {
    /// `___eio[<callback>]("<payload>");`
    static func script(calling callback: UInt32, with payload: ByteBuffer) -> ByteBuffer {
        var script = ByteBufferAllocator().buffer(capacity: payload.readableBytes + payload.readableBytes / 8 + 32)
        script.writeString("___eio[\(callback)](")
        script.writeJSONString(payload.readableBytesView)
        script.writeStaticString(");")
        return script
    }

    /// The payload in the field `d` of a form; nil if there is no such field, or several.
    static func payload(ofForm body: ByteBuffer) -> ByteBuffer? {
        var payload: ByteBuffer?
        for field in body.readableBytesView.split(separator: UInt8(ascii: "&")) {
            guard field.starts(with: "d=".utf8) else { continue }
            guard payload == nil else { return nil }
            payload = restoringLineFeeds(decodingForm(field.dropFirst(2)))
        }
        return payload
    }

    /// `+` is a blank, `%XX` a byte; a malformed escape stays as it is.
    private static func decodingForm(_ text: ByteBufferView) -> ByteBuffer {
        var result = ByteBufferAllocator().buffer(capacity: text.count)
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                result.writeInteger(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                var escape = rest.prefix(2)
                if let high = escape.popFirst().flatMap(hexValue), let low = escape.popFirst().flatMap(hexValue) {
                    result.writeInteger(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else {
                    result.writeInteger(byte)
                }
            default:
                result.writeInteger(byte)
            }
        }
        return result
    }

    /// Browsers change line feeds in forms, so the client writes them as `\n`, and what already looked like that as
    /// `\\n`.
    private static func restoringLineFeeds(_ text: ByteBuffer) -> ByteBuffer {
        let (backslash, n) = (UInt8(ascii: "\\"), UInt8(ascii: "n"))
        let bytes = text.readableBytesView
        guard bytes.contains(backslash) else { return text }
        var result = ByteBufferAllocator().buffer(capacity: bytes.count)
        /// Backslashes that may yet turn out to belong to an `n`.
        var backslashes = 0
        for byte in bytes {
            if byte == backslash {
                backslashes += 1
                continue
            }
            switch (byte, backslashes) {
            case (n, 1):
                result.writeInteger(UInt8(ascii: "\n"))
            case (n, 2...):
                result.writeRepeatingByte(backslash, count: backslashes - 1)
                result.writeInteger(n)
            default:
                result.writeRepeatingByte(backslash, count: backslashes)
                result.writeInteger(byte)
            }
            backslashes = 0
        }
        result.writeRepeatingByte(backslash, count: backslashes)
        return result
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

extension ByteBuffer {
    /// Appends text as a string literal that JSON and every version of JavaScript read: quotes, backslashes, control
    /// characters, U+2028 and U+2029 are escaped.
    mutating func writeJSONString(_ text: some Collection<UInt8>) {
        writeInteger(UInt8(ascii: "\""))
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                writeInteger(UInt8(ascii: "\\"))
                writeInteger(byte)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                writeString("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
            case 0xE2 where rest.starts(with: [0x80, 0xA8]):
                writeStaticString("\\u2028")
                rest = rest.dropFirst(2)
            case 0xE2 where rest.starts(with: [0x80, 0xA9]):
                writeStaticString("\\u2029")
                rest = rest.dropFirst(2)
            default:
                writeInteger(byte)
            }
        }
        writeInteger(UInt8(ascii: "\""))
    }
}
