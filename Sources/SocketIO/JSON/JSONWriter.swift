package import NIOCore

/// Writes JSON into a buffer, compactly, as `JSON.stringify` would.
package struct JSONWriter {
    package var buffer: ByteBuffer

    package init(into buffer: ByteBuffer = ByteBuffer()) {
        self.buffer = buffer
    }

    package mutating func write(_ value: JSONValue) {
        switch value {
        case .null:
            self.buffer.writeStaticString("null")
        case .bool(let bool):
            self.buffer.writeStaticString(bool ? "true" : "false")
        case .number(let number):
            self.buffer.writeString(number.source)
        case .string(let string):
            self.write(string)
        case .array(let elements):
            self.buffer.writeInteger(UInt8(ascii: "["))
            self.writeList(elements)
            self.buffer.writeInteger(UInt8(ascii: "]"))
        case .object(let object):
            self.buffer.writeInteger(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { self.buffer.writeInteger(UInt8(ascii: ",")) }
                self.write(member.key)
                self.buffer.writeInteger(UInt8(ascii: ":"))
                self.write(member.value)
            }
            self.buffer.writeInteger(UInt8(ascii: "}"))
        }
    }

    /// Writes values separated by commas, without brackets.
    package mutating func writeList(_ values: [JSONValue]) {
        for (index, value) in values.enumerated() {
            if index > 0 { self.buffer.writeInteger(UInt8(ascii: ",")) }
            self.write(value)
        }
    }

    /// Writes a quoted string.
    package mutating func write(_ string: String) {
        guard PlainText.isPlain(string) else {
            self.buffer.writeInteger(UInt8(ascii: "\""))
            for byte in string.utf8 { self.writeEscaped(byte) }
            self.buffer.writeInteger(UInt8(ascii: "\""))
            return
        }
        self.buffer.writeWithOutputRawSpan(minimumWritableBytes: string.utf8.count + 2) { output in
            output.append(UInt8(ascii: "\""))
            output.append(string)
            output.append(UInt8(ascii: "\""))
        }
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        guard !PlainText.isPlain(byte) else {
            self.buffer.writeInteger(byte)
            return
        }
        switch byte {
        case UInt8(ascii: "\""):
            self.buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"):
            self.buffer.writeStaticString("\\\\")
        case 0x08:
            self.buffer.writeStaticString("\\b")
        case 0x09:
            self.buffer.writeStaticString("\\t")
        case 0x0A:
            self.buffer.writeStaticString("\\n")
        case 0x0C:
            self.buffer.writeStaticString("\\f")
        case 0x0D:
            self.buffer.writeStaticString("\\r")
        default:
            self.buffer.writeStaticString("\\u00")
            for digit in [byte >> 4, byte & 0x0F] {
                self.buffer.writeInteger(digit < 10 ? 0x30 + digit : 0x57 + digit)
            }
        }
    }
}

extension JSONValue {
    /// The JSON text as bytes.
    package func encoded() -> ByteBuffer {
        var writer = JSONWriter()
        writer.write(self)
        return writer.buffer
    }
}
