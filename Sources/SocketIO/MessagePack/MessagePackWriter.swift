internal import NIOCore

/// Writes values as MessagePack, each in its shortest form; placeholders become the binary values that they stand for.
struct MessagePackWriter {
    private(set) var buffer = ByteBuffer()
    private let attachments: [ByteBuffer]

    init(attachments: [ByteBuffer] = []) {
        self.attachments = attachments
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null:
            self.buffer.writeInteger(0xC0 as UInt8)
        case .bool(let bool):
            self.buffer.writeInteger(bool ? 0xC3 : 0xC2 as UInt8)
        case .number(let number):
            self.write(number)
        case .string(let string):
            self.write(string)
        case .array(let elements):
            self.writeArrayHeader(elements.count)
            // Recursion is bounded by the depth that the JSON reader admits.
            for element in elements { self.write(element) }
        case .object(let object):
            if let attachment = self.attachment(object) { return self.write(binary: attachment) }
            self.writeMapHeader(object.count)
            for member in object.members {
                self.write(member.key)
                self.write(member.value)
            }
        }
    }

    private func attachment(_ object: JSONObject) -> ByteBuffer? {
        guard !self.attachments.isEmpty, object["_placeholder"] == .bool(true), let number = object["num"]?.int,
            self.attachments.indices.contains(number)
        else { return nil }
        return self.attachments[number]
    }

    private mutating func write(_ number: JSONNumber) {
        // Whole, but with a sign that only a double keeps.
        if number.source == "-0" {
            self.write(-0.0)
        } else if let value = Int64(number.source) {
            self.write(value)
        } else if number.isIntegerLiteral, let value = UInt64(number.source) {
            self.writeHeader(0xCF, value)
        } else {
            self.write(number.double)
        }
    }

    private mutating func write(_ number: Double) {
        self.writeHeader(0xCB, number.bitPattern)
    }

    mutating func write(_ number: Int64) {
        switch number {
        case 0...0x7F:
            self.buffer.writeInteger(UInt8(truncatingIfNeeded: number))
        case -0x20..<0:
            self.buffer.writeInteger(Int8(truncatingIfNeeded: number))
        case 0...0xFF:
            self.writeHeader(0xCC, UInt8(truncatingIfNeeded: number))
        case 0...0xFFFF:
            self.writeHeader(0xCD, UInt16(truncatingIfNeeded: number))
        case 0...0xFFFF_FFFF:
            self.writeHeader(0xCE, UInt32(truncatingIfNeeded: number))
        case 0...:
            self.writeHeader(0xCF, UInt64(number))
        case -0x80..<0:
            self.writeHeader(0xD0, Int8(truncatingIfNeeded: number))
        case -0x8000..<0:
            self.writeHeader(0xD1, Int16(truncatingIfNeeded: number))
        case -0x8000_0000..<0:
            self.writeHeader(0xD2, Int32(truncatingIfNeeded: number))
        default:
            self.writeHeader(0xD3, number)
        }
    }

    mutating func write(_ string: String) {
        let count = string.utf8.count
        switch count {
        case ..<32:
            self.buffer.writeInteger(0xA0 | UInt8(truncatingIfNeeded: count))
        case ..<0x100:
            self.writeHeader(0xD9, UInt8(truncatingIfNeeded: count))
        case ..<0x1_0000:
            self.writeHeader(0xDA, UInt16(truncatingIfNeeded: count))
        default:
            self.writeHeader(0xDB, UInt32(clamping: count))
        }
        self.buffer.writeString(string)
    }

    private mutating func write(binary: ByteBuffer) {
        let count = binary.readableBytes
        switch count {
        case ..<0x100:
            self.writeHeader(0xC4, UInt8(truncatingIfNeeded: count))
        case ..<0x1_0000:
            self.writeHeader(0xC5, UInt16(truncatingIfNeeded: count))
        default:
            self.writeHeader(0xC6, UInt32(clamping: count))
        }
        self.buffer.writeImmutableBuffer(binary)
    }

    mutating func writeArrayHeader(_ count: Int) {
        switch count {
        case ..<16:
            self.buffer.writeInteger(0x90 | UInt8(truncatingIfNeeded: count))
        case ..<0x1_0000:
            self.writeHeader(0xDC, UInt16(truncatingIfNeeded: count))
        default:
            self.writeHeader(0xDD, UInt32(clamping: count))
        }
    }

    mutating func writeMapHeader(_ count: Int) {
        switch count {
        case ..<16:
            self.buffer.writeInteger(0x80 | UInt8(truncatingIfNeeded: count))
        case ..<0x1_0000:
            self.writeHeader(0xDE, UInt16(truncatingIfNeeded: count))
        default:
            self.writeHeader(0xDF, UInt32(clamping: count))
        }
    }

    private mutating func writeHeader(_ type: UInt8, _ value: some FixedWidthInteger) {
        self.buffer.writeInteger(type)
        self.buffer.writeInteger(value)
    }
}
