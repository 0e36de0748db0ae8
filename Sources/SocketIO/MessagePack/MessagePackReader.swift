internal import NIOCore

/// Rewrites MessagePack as JSON text, the form in which arguments travel through this library.
///
/// Iterative and linear: what a header promises is believed only as far as bytes follow. Binary values become
/// attachments, with placeholders in the text as the text form has them. What JSON cannot say becomes what
/// `JSON.stringify` makes of it: dates their ISO 8601 text, `undefined` and the numbers NaN and infinity null.
struct MessagePackReader {
    /// JSON text and the binary values that it refers to.
    struct Value {
        var json = ByteBuffer()
        var attachments: [ByteBuffer] = []
        /// Whether it is nil or `undefined`, which in a packet mean the same as being left out.
        var isNil = false
    }

    private struct Container {
        let isMap: Bool
        /// Elements, or pairs, that are still to come.
        var remaining: Int
        /// In a map: whether the next value is a key.
        var expectsKey: Bool
    }

    private var input: ByteBuffer
    private let maximumBinaries: Int

    init(_ input: ByteBuffer, maximumBinaries: Int) {
        self.input = input
        self.maximumBinaries = maximumBinaries
    }

    var isAtEnd: Bool { self.input.readableBytes == 0 }

    /// Whether nil stands here, or the JavaScript library's `undefined`: an extension of type 0 and one byte. Its client
    /// writes that for what its packets have not, as for the `data` of a CONNECT without credentials.
    private var isAtNothing: Bool {
        let bytes = self.input.readableBytesView
        return bytes.first == 0xC0 || bytes.starts(with: [0xD4, 0x00])
    }

    // MARK: Single fields

    /// The number of pairs of a map that starts here; nil when something else does.
    mutating func readMapHeader() throws(MessagePackError) -> Int? {
        try self.mapLength(try self.integer(UInt8.self))
    }

    /// A string that stands here; nil when it is something else.
    mutating func readString() throws(MessagePackError) -> String? {
        let type = try self.integer(UInt8.self)
        guard let length = try self.stringLength(type) else { return nil }
        return try self.text(length)
    }

    /// A whole number that is not negative and stands here; nil when it is something else.
    mutating func readUnsigned() throws(MessagePackError) -> UInt64? {
        let type = try self.integer(UInt8.self)
        switch try self.wholeNumber(type) {
        case .unsigned(let value):
            return value
        case .signed(let value):
            return UInt64(exactly: value)
        case nil:
            return nil
        }
    }

    // MARK: Any value

    /// Reads one value, whatever it is.
    mutating func readValue() throws(MessagePackError) -> Value {
        var value = Value()
        var writer = JSONWriter(into: ByteBufferAllocator().buffer(capacity: self.input.readableBytes + 16))
        var containers: [Container] = []
        value.isNil = self.isAtNothing
        while true {
            if containers.last?.expectsKey == true {
                try self.key(into: &writer)
                containers[containers.count - 1].expectsKey = false
                continue
            }
            if let opened = try self.open(into: &writer, value: &value) {
                guard containers.count < JSONReader.maximumDepth else { throw .tooDeep }
                containers.append(opened)
                if opened.remaining > 0 { continue }
            } else {
                guard !containers.isEmpty else { break }
                containers[containers.count - 1].remaining -= 1
            }
            Self.close(&containers, into: &writer)
            guard let last = containers.last else { break }
            writer.buffer.writeInteger(UInt8(ascii: ","))
            containers[containers.count - 1].expectsKey = last.isMap
        }
        value.json = writer.buffer
        return value
    }

    /// Writes the ends of the containers that are complete.
    private static func close(_ containers: inout [Container], into writer: inout JSONWriter) {
        while let last = containers.last, last.remaining == 0 {
            writer.buffer.writeInteger(UInt8(ascii: last.isMap ? "}" : "]"))
            containers.removeLast()
            if !containers.isEmpty { containers[containers.count - 1].remaining -= 1 }
        }
    }

    /// Reads a key and the colon behind it.
    private mutating func key(into writer: inout JSONWriter) throws(MessagePackError) {
        let type = try self.integer(UInt8.self)
        if let length = try self.stringLength(type) {
            let key = try self.text(length)
            // The text form's placeholder would be taken for one further on.
            if key == "_placeholder", self.input.readableBytesView.first == 0xC3 { throw .placeholder }
            writer.write(key)
        } else {
            switch try self.wholeNumber(type) {
            case .unsigned(let number):
                writer.write(String(number))
            case .signed(let number):
                writer.write(String(number))
            case nil:
                throw .invalidKey
            }
        }
        writer.buffer.writeInteger(UInt8(ascii: ":"))
    }

    /// Reads a value; of an array or a map only the beginning, which is returned.
    private mutating func open(
        into writer: inout JSONWriter, value: inout Value
    ) throws(MessagePackError) -> Container? {
        let type = try self.integer(UInt8.self)
        if let count = try self.arrayLength(type) {
            writer.buffer.writeInteger(UInt8(ascii: "["))
            return Container(isMap: false, remaining: count, expectsKey: false)
        }
        if let count = try self.mapLength(type) {
            writer.buffer.writeInteger(UInt8(ascii: "{"))
            return Container(isMap: true, remaining: count, expectsKey: count > 0)
        }
        if let length = try self.stringLength(type) {
            writer.write(try self.text(length))
        } else if let number = try self.wholeNumber(type) {
            writer.buffer.writeString(number.description)
        } else if let length = try self.binaryLength(type) {
            guard value.attachments.count < self.maximumBinaries else { throw .tooManyBinaries }
            guard let bytes = self.input.readSlice(length: length) else { throw .truncated }
            writer.buffer.writeString(#"{"_placeholder":true,"num":\#(value.attachments.count)}"#)
            value.attachments.append(bytes)
        } else {
            try self.scalar(type, into: &writer)
        }
        return nil
    }

    private mutating func scalar(_ type: UInt8, into writer: inout JSONWriter) throws(MessagePackError) {
        switch type {
        case 0xC0:
            writer.buffer.writeStaticString("null")
        case 0xC2:
            writer.buffer.writeStaticString("false")
        case 0xC3:
            writer.buffer.writeStaticString("true")
        case 0xCA:
            Self.write(Double(Float(bitPattern: try self.integer(UInt32.self))), into: &writer)
        case 0xCB:
            Self.write(Double(bitPattern: try self.integer(UInt64.self)), into: &writer)
        default:
            try self.extensionValue(type, into: &writer)
        }
    }

    private static func write(_ number: Double, into writer: inout JSONWriter) {
        writer.buffer.writeString(number.isFinite ? number.description : "null")
    }

    // MARK: Extensions

    /// Timestamps (type -1), and the date and `undefined` of the JavaScript library (type 0).
    private mutating func extensionValue(_ code: UInt8, into writer: inout JSONWriter) throws(MessagePackError) {
        let length: Int
        switch code {
        case 0xD4:
            length = 1
        case 0xD6:
            length = 4
        case 0xD7:
            length = 8
        case 0xC7:
            length = Int(try self.integer(UInt8.self))
        default:
            throw .unsupportedType
        }
        let milliseconds: Int64?
        switch (try self.integer(Int8.self), length) {
        case (0, 1):
            _ = try self.integer(UInt8.self)
            milliseconds = nil
        case (0, 8):
            milliseconds = try self.integer(Int64.self)
        case (-1, 4):
            milliseconds = Int64(try self.integer(UInt32.self)) * 1000
        case (-1, 8):
            let packed = try self.integer(UInt64.self)
            milliseconds = Int64(packed & 0x3_FFFF_FFFF) * 1000 + Int64(packed >> 34) / 1_000_000
        case (-1, 12):
            let nanoseconds = Int64(try self.integer(UInt32.self))
            let (seconds, overflow) = try self.integer(Int64.self).multipliedReportingOverflow(by: 1000)
            milliseconds = overflow ? nil : seconds.addingReportingOverflow(nanoseconds / 1_000_000).partialValue
        default:
            throw .unsupportedType
        }
        if let text = milliseconds.flatMap(ISODate.text) {
            writer.write(text)
        } else {
            writer.buffer.writeStaticString("null")
        }
    }

    // MARK: Headers

    private enum WholeNumber: CustomStringConvertible {
        case unsigned(UInt64)
        case signed(Int64)

        var description: String {
            switch self {
            case .unsigned(let value): String(value)
            case .signed(let value): String(value)
            }
        }
    }

    private mutating func wholeNumber(_ type: UInt8) throws(MessagePackError) -> WholeNumber? {
        switch type {
        case 0x00...0x7F:
            .unsigned(UInt64(type))
        case 0xE0...0xFF:
            .signed(Int64(Int8(bitPattern: type)))
        case 0xCC:
            .unsigned(UInt64(try self.integer(UInt8.self)))
        case 0xCD:
            .unsigned(UInt64(try self.integer(UInt16.self)))
        case 0xCE:
            .unsigned(UInt64(try self.integer(UInt32.self)))
        case 0xCF:
            .unsigned(try self.integer(UInt64.self))
        case 0xD0:
            .signed(Int64(try self.integer(Int8.self)))
        case 0xD1:
            .signed(Int64(try self.integer(Int16.self)))
        case 0xD2:
            .signed(Int64(try self.integer(Int32.self)))
        case 0xD3:
            .signed(try self.integer(Int64.self))
        default:
            nil
        }
    }

    private mutating func stringLength(_ type: UInt8) throws(MessagePackError) -> Int? {
        switch type {
        case 0xA0...0xBF:
            Int(type & 0x1F)
        case 0xD9:
            Int(try self.integer(UInt8.self))
        case 0xDA:
            Int(try self.integer(UInt16.self))
        case 0xDB:
            Int(try self.integer(UInt32.self))
        default:
            nil
        }
    }

    private mutating func binaryLength(_ type: UInt8) throws(MessagePackError) -> Int? {
        switch type {
        case 0xC4:
            Int(try self.integer(UInt8.self))
        case 0xC5:
            Int(try self.integer(UInt16.self))
        case 0xC6:
            Int(try self.integer(UInt32.self))
        default:
            nil
        }
    }

    private mutating func arrayLength(_ type: UInt8) throws(MessagePackError) -> Int? {
        switch type {
        case 0x90...0x9F:
            Int(type & 0x0F)
        case 0xDC:
            Int(try self.integer(UInt16.self))
        case 0xDD:
            Int(try self.integer(UInt32.self))
        default:
            nil
        }
    }

    private mutating func mapLength(_ type: UInt8) throws(MessagePackError) -> Int? {
        switch type {
        case 0x80...0x8F:
            Int(type & 0x0F)
        case 0xDE:
            Int(try self.integer(UInt16.self))
        case 0xDF:
            Int(try self.integer(UInt32.self))
        default:
            nil
        }
    }

    private mutating func integer<Number: FixedWidthInteger>(
        _ type: Number.Type
    ) throws(MessagePackError) -> Number {
        guard let number = self.input.readInteger(as: type) else { throw .truncated }
        return number
    }

    private mutating func text(_ length: Int) throws(MessagePackError) -> String {
        guard let bytes = self.input.readSlice(length: length) else { throw .truncated }
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else { throw .invalidUTF8 }
        return text
    }
}
