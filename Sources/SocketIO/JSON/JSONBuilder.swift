internal import NIOCore

/// Follows a reading and builds the value, refusing what only content can show to be wrong.
struct JSONBuilder: JSONVisitor {
    private struct Frame {
        var isObject: Bool
        var elements: [JSONValue] = []
        var members: [JSONObject.Member] = []
        /// Filled once a linear search for duplicates would be slow.
        var keys: Set<String> = []
        var key = ""
    }

    private(set) var root: JSONValue = .null
    private let buffer: ByteBuffer
    private let strict: Bool
    private var frames: [Frame] = []

    /// - Parameter strict: whether duplicate keys, too many keys, U+0000, lone surrogates and numbers out of range
    ///   are errors.
    init(buffer: ByteBuffer, strict: Bool) {
        self.buffer = buffer
        self.strict = strict
    }

    mutating func beginArray(at offset: Int) {
        self.frames.append(Frame(isObject: false))
    }

    mutating func endArray(at offset: Int) {
        guard let frame = self.frames.popLast() else { return }
        self.add(.array(frame.elements))
    }

    mutating func beginObject(at offset: Int) {
        self.frames.append(Frame(isObject: true))
    }

    mutating func endObject(at offset: Int) {
        guard let frame = self.frames.popLast() else { return }
        self.add(.object(JSONObject(frame.members)))
    }

    mutating func key(_ range: Range<Int>, hasEscapes: Bool) throws(JSONError) {
        let key = try self.text(range, hasEscapes: hasEscapes)
        guard let last = self.frames.indices.last else { return }
        self.frames[last].key = key
        guard self.strict else { return }
        guard self.frames[last].members.count < JSONReader.maximumKeys else {
            throw self.error(.tooManyKeys, at: range.lowerBound)
        }
        guard self.isNewKey(key, in: last) else { throw self.error(.duplicateKey, at: range.lowerBound) }
    }

    mutating func string(_ range: Range<Int>, hasEscapes: Bool) throws(JSONError) {
        self.add(.string(try self.text(range, hasEscapes: hasEscapes)))
    }

    mutating func number(_ range: Range<Int>) throws(JSONError) {
        if self.strict, range.count > JSONReader.maximumNumberLength {
            throw self.error(.numberOutOfRange, at: range.lowerBound)
        }
        let number = JSONNumber(checked: self.slice(range))
        if self.strict {
            let fits =
                number.isIntegerLiteral
                ? number.exactInt64 != nil
                    // A double that came out infinite or, from digits that are not all 0, as 0 was rounded away.
                : number.double.isFinite && (number.double != 0 || Self.isZero(number.source))
            guard fits else { throw self.error(.numberOutOfRange, at: range.lowerBound) }
        }
        self.add(.number(number))
    }

    mutating func bool(_ value: Bool, _ range: Range<Int>) {
        self.add(.bool(value))
    }

    mutating func null(_ range: Range<Int>) {
        self.add(.null)
    }

    private mutating func add(_ value: JSONValue) {
        guard let last = self.frames.indices.last else {
            self.root = value
            return
        }
        if self.frames[last].isObject {
            self.frames[last].members.append(JSONObject.Member(key: self.frames[last].key, value: value))
        } else {
            self.frames[last].elements.append(value)
        }
    }

    private mutating func isNewKey(_ key: String, in frame: Int) -> Bool {
        let count = self.frames[frame].members.count
        if count < 16 { return !self.frames[frame].members.contains { $0.key == key } }
        if count == 16 { self.frames[frame].keys = Set(self.frames[frame].members.map(\.key)) }
        return self.frames[frame].keys.insert(key).inserted
    }

    private static func isZero(_ source: String) -> Bool {
        for byte in source.utf8 {
            if byte | 0x20 == UInt8(ascii: "e") { return true }
            if (0x31...0x39).contains(byte) { return false }
        }
        return true
    }

    // MARK: Text

    private func slice(_ range: Range<Int>) -> String {
        self.buffer.getString(at: self.buffer.readerIndex + range.lowerBound, length: range.count) ?? ""
    }

    /// The content of a quoted string.
    private func text(_ quoted: Range<Int>, hasEscapes: Bool) throws(JSONError) -> String {
        let range = (quoted.lowerBound + 1)..<(quoted.upperBound - 1)
        let start = self.buffer.readerIndex + range.lowerBound
        guard let bytes = self.buffer.viewBytes(at: start, length: range.count) else { return "" }
        guard hasEscapes else { return try self.validated(bytes, at: range.lowerBound) }
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\") else {
                unescaped.append(byte)
                index += 1
                continue
            }
            let scalar = try self.escape(bytes, &index, at: range.lowerBound)
            unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return try self.validated(unescaped, at: range.lowerBound)
    }

    private func validated(_ bytes: some Collection<UInt8>, at offset: Int) throws(JSONError) -> String {
        if let string = String(validating: bytes, as: UTF8.self) { return string }
        guard !self.strict else { throw self.error(.invalidUTF8, at: offset) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One escape sequence, or two that make a surrogate pair; the grammar has been checked.
    private func escape(
        _ bytes: ByteBufferView, _ index: inout Int, at offset: Int
    ) throws(JSONError) -> Unicode.Scalar {
        let kind = bytes[index + 1]
        guard kind == UInt8(ascii: "u") else {
            index += 2
            switch kind {
            case UInt8(ascii: "b"):
                return "\u{08}"
            case UInt8(ascii: "f"):
                return "\u{0C}"
            case UInt8(ascii: "n"):
                return "\n"
            case UInt8(ascii: "r"):
                return "\r"
            case UInt8(ascii: "t"):
                return "\t"
            default:
                return Unicode.Scalar(kind)
            }
        }
        let unit = Self.codeUnit(bytes, index)
        index += 6
        if unit == 0, self.strict { throw self.error(.nullCharacter, at: offset) }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if UTF16.isLeadSurrogate(unit), index + 6 <= bytes.endIndex,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        {
            let trail = Self.codeUnit(bytes, index)
            if UTF16.isTrailSurrogate(trail) {
                index += 6
                return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
            }
        }
        guard !self.strict else { throw self.error(.loneSurrogate, at: offset) }
        return "\u{FFFD}"
    }

    private static func codeUnit(_ bytes: ByteBufferView, _ index: Int) -> UInt16 {
        (2...5).reduce(0) { $0 << 4 | (JSONGrammar.hexValue(bytes[index + $1]) ?? 0) }
    }

    // MARK: Errors

    private func error(_ code: JSONError.Code, at offset: Int) -> JSONError {
        var path = ""
        for frame in self.frames {
            if frame.isObject {
                path += path.isEmpty ? frame.key : ".\(frame.key)"
            } else {
                path += "[\(frame.elements.count)]"
            }
        }
        return JSONError(code, at: offset, path: path)
    }
}
