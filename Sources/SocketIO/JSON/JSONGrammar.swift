internal import NIOCore

/// What a reading reports, in the order of the text. Offsets count from the first readable byte; ranges of strings
/// include the quotes.
protocol JSONVisitor {
    mutating func beginArray(at offset: Int) throws(JSONError)
    mutating func endArray(at offset: Int) throws(JSONError)
    mutating func beginObject(at offset: Int) throws(JSONError)
    mutating func endObject(at offset: Int) throws(JSONError)
    mutating func key(_ range: Range<Int>, hasEscapes: Bool) throws(JSONError)
    mutating func string(_ range: Range<Int>, hasEscapes: Bool) throws(JSONError)
    mutating func number(_ range: Range<Int>) throws(JSONError)
    mutating func bool(_ value: Bool, _ range: Range<Int>) throws(JSONError)
    mutating func null(_ range: Range<Int>) throws(JSONError)
}

/// The grammar of RFC 8259, without recursion: containers are bits of one 64-bit word.
enum JSONGrammar {
    enum Form {
        /// One value with nothing but white space around it.
        case text
        /// Values separated by commas, as inside an array; reported as one array.
        case list
    }

    static func read(
        _ buffer: ByteBuffer, form: Form, into visitor: inout some JSONVisitor
    ) throws(JSONError) {
        try self.read(buffer.readableBytesUInt8Span, form: form, into: &visitor)
    }

    private static func read(
        _ bytes: Span<UInt8>, form: Form, into visitor: inout some JSONVisitor
    ) throws(JSONError) {
        var index = 0
        var stack = ContainerStack()
        self.skipSpace(bytes, &index)
        if form == .list {
            try visitor.beginArray(at: 0)
            _ = stack.push(object: false)
            if index == bytes.count { return try visitor.endArray(at: index) }
        }
        while true {
            // A value is due.
            guard index < bytes.count else { throw JSONError(.malformed, at: index) }
            let start = index
            var opened = false
            switch bytes[index] {
            case UInt8(ascii: "\""):
                let hasEscapes = try self.skipString(bytes, &index)
                try visitor.string(start..<index, hasEscapes: hasEscapes)
            case UInt8(ascii: "{"):
                guard stack.push(object: true) else { throw JSONError(.tooDeep, at: index) }
                try visitor.beginObject(at: index)
                opened = true
            case UInt8(ascii: "["):
                guard stack.push(object: false) else { throw JSONError(.tooDeep, at: index) }
                try visitor.beginArray(at: index)
                opened = true
            case UInt8(ascii: "-"), 0x30...0x39:
                try self.skipNumber(bytes, &index)
                try visitor.number(start..<index)
            case UInt8(ascii: "t"):
                try self.skipWord("true", bytes, &index)
                try visitor.bool(true, start..<index)
            case UInt8(ascii: "f"):
                try self.skipWord("false", bytes, &index)
                try visitor.bool(false, start..<index)
            case UInt8(ascii: "n"):
                try self.skipWord("null", bytes, &index)
                try visitor.null(start..<index)
            default:
                throw JSONError(.malformed, at: index)
            }
            if opened {
                index += 1
                self.skipSpace(bytes, &index)
                let closing = UInt8(ascii: stack.isObject ? "}" : "]")
                if index >= bytes.count || bytes[index] != closing {
                    if stack.isObject { try self.readKey(bytes, &index, into: &visitor) }
                    continue
                }
            }
            // A value is complete, or a container that was just opened is about to close.
            guard try self.advance(bytes, &index, &stack, form: form, into: &visitor) else { return }
        }
    }

    /// Closes containers and passes a comma; false when the text is complete.
    private static func advance(
        _ bytes: Span<UInt8>, _ index: inout Int, _ stack: inout ContainerStack, form: Form,
        into visitor: inout some JSONVisitor
    ) throws(JSONError) -> Bool {
        while true {
            self.skipSpace(bytes, &index)
            guard index < bytes.count else {
                switch (form, stack.depth) {
                case (.text, 0):
                    return false
                case (.list, 1):
                    try visitor.endArray(at: index)
                    return false
                default:
                    throw JSONError(.malformed, at: index)
                }
            }
            guard stack.depth > 0 else { throw JSONError(.malformed, at: index) }
            switch bytes[index] {
            case UInt8(ascii: ","):
                index += 1
                self.skipSpace(bytes, &index)
                if stack.isObject { try self.readKey(bytes, &index, into: &visitor) }
                return true
            case UInt8(ascii: "}") where stack.isObject:
                try visitor.endObject(at: index)
            case UInt8(ascii: "]") where !stack.isObject && !(form == .list && stack.depth == 1):
                try visitor.endArray(at: index)
            default:
                throw JSONError(.malformed, at: index)
            }
            stack.pop()
            index += 1
        }
    }

    private static func readKey(
        _ bytes: Span<UInt8>, _ index: inout Int, into visitor: inout some JSONVisitor
    ) throws(JSONError) {
        let start = index
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw JSONError(.malformed, at: index) }
        let hasEscapes = try self.skipString(bytes, &index)
        try visitor.key(start..<index, hasEscapes: hasEscapes)
        self.skipSpace(bytes, &index)
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { throw JSONError(.malformed, at: index) }
        index += 1
        self.skipSpace(bytes, &index)
    }

    private static func skipSpace(_ bytes: Span<UInt8>, _ index: inout Int) {
        while index < bytes.count, self.isBlank(bytes[index]) { index += 1 }
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: true
        default: false
        }
    }

    private static func skipWord(
        _ word: StaticString, _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(JSONError) {
        let matches = word.withUTF8Buffer { expected in
            guard expected.count <= bytes.count - index else { return false }
            return expected.indices.allSatisfy { expected[$0] == bytes[index + $0] }
        }
        guard matches else { throw JSONError(.malformed, at: index) }
        index += word.utf8CodeUnitCount
    }

    /// Passes a string; returns whether it has escape sequences.
    private static func skipString(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) -> Bool {
        var position = index + 1
        var hasEscapes = false
        while true {
            PlainText.skip(bytes, &position)
            guard position < bytes.count else { break }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                index = position + 1
                return hasEscapes
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try self.skipEscape(bytes, &position)
            } else if byte < 0x20 {
                throw JSONError(.malformed, at: position)
            } else {
                position += 1
            }
        }
        throw JSONError(.malformed, at: bytes.count)
    }

    private static func skipEscape(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) {
        guard position + 1 < bytes.count else { throw JSONError(.malformed, at: position) }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard position + 5 < bytes.count else { throw JSONError(.malformed, at: position) }
            for offset in 2...5 where self.hexValue(bytes[position + offset]) == nil {
                throw JSONError(.malformed, at: position)
            }
            position += 6
        default:
            throw JSONError(.malformed, at: position)
        }
    }

    private static func skipNumber(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) {
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        guard index < bytes.count else { throw JSONError(.malformed, at: index) }
        if bytes[index] == UInt8(ascii: "0") {
            index += 1
        } else {
            try self.skipDigits(bytes, &index)
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try self.skipDigits(bytes, &index)
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try self.skipDigits(bytes, &index)
        }
    }

    /// Passes one digit or more.
    private static func skipDigits(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        guard index > start else { throw JSONError(.malformed, at: index) }
    }

    static func hexValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 0x30...0x39:
            UInt16(byte &- 0x30)
        case 0x41...0x46:
            UInt16(byte &- 0x37)
        case 0x61...0x66:
            UInt16(byte &- 0x57)
        default:
            nil
        }
    }
}

/// The open containers, one bit each: 1 is an object.
private struct ContainerStack {
    private(set) var depth = 0
    private var objects: UInt64 = 0

    var isObject: Bool { self.objects & 1 == 1 }

    /// False when the nesting would become too deep.
    mutating func push(object: Bool) -> Bool {
        guard self.depth < JSONReader.maximumDepth else { return false }
        self.depth += 1
        self.objects = self.objects << 1 | (object ? 1 : 0)
        return true
    }

    mutating func pop() {
        self.depth -= 1
        self.objects >>= 1
    }
}
