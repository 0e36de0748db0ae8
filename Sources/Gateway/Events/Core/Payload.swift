internal import Assignment
internal import Foundation
internal import NIOCore
internal import SocketIO

/// The object that an event carries, read field by field with errors that name the field.
///
/// A field that is there must be of its type, `null` included: only absence makes an optional field absent.
struct Payload: Sendable {
    /// All of it. One field is read by its name, with what is below.
    let fields: JSONObject
    private let path: String

    init(_ fields: JSONObject, path: String = "") {
        self.fields = fields
        self.path = path
    }

    /// The name of a field as errors give it: `metadata.tags`.
    func name(of key: String) -> String { self.path + key }

    func contains(_ key: String) -> Bool { self[key] != nil }

    /// A field as it came.
    subscript(key: String) -> JSONValue? {
        #if DEBUG
            Self.onRead?(self.name(of: key))
        #endif
        return self.fields[key]
    }

    #if DEBUG
        /// Hears the name of every field that is looked for: the test of all events has to know them.
        @TaskLocal static var onRead: (@Sendable (String) -> Void)?
    #endif

    func bad(_ key: String, _ expectation: String) -> EventError {
        .badPayload(field: self.name(of: key), "\(self.name(of: key)) must be \(expectation).")
    }

    func required<Value>(_ key: String, _ value: Value?) throws(EventError) -> Value {
        guard let value else {
            throw .badPayload(field: self.name(of: key), "\(self.name(of: key)) is missing.")
        }
        return value
    }
}

// MARK: Text

extension Payload {
    /// Text of `length` Unicode scalars.
    func optionalText(_ key: String, length: ClosedRange<Int> = 0...1000) throws(EventError) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.string else { throw self.bad(key, "a string") }
        guard length.contains(text.unicodeScalars.count) else {
            throw self.bad(key, "of \(length.lowerBound) to \(length.upperBound) characters")
        }
        return text
    }

    func text(_ key: String, length: ClosedRange<Int> = 1...1000) throws(EventError) -> String {
        try self.required(key, try self.optionalText(key, length: length))
    }

    /// What a person wrote: not only white space, and at most ``Limits/contentScalars``.
    func optionalContent(_ key: String) throws(EventError) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.string else { throw self.bad(key, "a string") }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw self.bad(key, "more than white space")
        }
        guard text.unicodeScalars.count <= Limits.contentScalars else {
            throw .tooLarge(
                field: self.name(of: key), "\(self.name(of: key)) is longer than \(Limits.contentScalars) characters.")
        }
        return text
    }

    func content(_ key: String) throws(EventError) -> String {
        try self.required(key, try self.optionalContent(key))
    }

    /// The id of a chat, a message or anything else that the gateway names by a UUID.
    ///
    /// Text that is no canonical UUID names nothing that exists, so it is `not_found` like any unknown id.
    func optionalID(_ key: String) throws(EventError) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.string else { throw self.bad(key, "a string") }
        guard CanonicalID.isCanonical(text) else { throw key == "chatId" ? .chatNotFound : .notFound() }
        return text
    }

    func id(_ key: String) throws(EventError) -> String {
        try self.required(key, try self.optionalID(key))
    }

    /// The subject of a commercial, bot or visitor: text of up to 128 characters, as tokens carry it.
    func optionalSubject(_ key: String) throws(EventError) -> String? {
        try self.optionalText(key, length: 1...Limits.subjectLength)
    }

    func subject(_ key: String) throws(EventError) -> String {
        try self.required(key, try self.optionalSubject(key))
    }

    /// One of the words of a closed vocabulary.
    func optionalWord<Word: RawRepresentable & CaseIterable>(
        _ key: String, as type: Word.Type = Word.self
    ) throws(EventError) -> Word? where Word.RawValue == String {
        guard let value = self[key] else { return nil }
        guard let word = value.string.flatMap(Word.init(rawValue:)) else {
            throw self.bad(key, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, as type: Word.Type = Word.self
    ) throws(EventError) -> Word where Word.RawValue == String {
        try self.required(key, try self.optionalWord(key, as: type))
    }
}

// MARK: Time

extension Payload {
    /// An instant: ISO 8601 with a time zone, with or without fractions of a second.
    func optionalTime(_ key: String) throws(EventError) -> Timestamp? {
        guard let text = try self.optionalText(key, length: 0...64) else { return nil }
        for withFractions in [true, false] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: withFractions)
            guard let date = try? style.parse(text),
                let microseconds = Int64(exactly: (date.timeIntervalSince1970 * 1_000_000).rounded())
            else { continue }
            return Timestamp(microseconds: microseconds)
        }
        throw self.bad(key, "a time like 2030-01-31T12:00:00Z")
    }
}

// MARK: Numbers and truth

extension Payload {
    func optionalInteger(
        _ key: String, in range: ClosedRange<Int64> = 0...JSONNumber.exactLimit
    ) throws(EventError) -> Int64? {
        guard let value = self[key] else { return nil }
        guard let integer = value.number?.exactInt64, range.contains(integer) else {
            throw self.bad(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    func integer(
        _ key: String, in range: ClosedRange<Int64> = 0...JSONNumber.exactLimit
    ) throws(EventError) -> Int64 {
        try self.required(key, try self.optionalInteger(key, in: range))
    }

    /// A page size: any whole number, clamped to `1...maximum`.
    func pageLimit(_ key: String, default standard: Int, maximum: Int) throws(EventError) -> Int {
        let range = -JSONNumber.exactLimit...JSONNumber.exactLimit
        guard let wish = try self.optionalInteger(key, in: range) else { return standard }
        return Int(min(max(wish, 1), Int64(maximum)))
    }

    func optionalDouble(_ key: String, in range: ClosedRange<Double>) throws(EventError) -> Double? {
        guard let value = self[key] else { return nil }
        guard let double = value.double, range.contains(double) else {
            throw self.bad(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return double
    }

    func optionalFlag(_ key: String) throws(EventError) -> Bool? {
        guard let value = self[key] else { return nil }
        guard let flag = value.bool else { throw self.bad(key, "true or false") }
        return flag
    }

    func flag(_ key: String) throws(EventError) -> Bool {
        try self.required(key, try self.optionalFlag(key))
    }
}

// MARK: Structure

extension Payload {
    /// An object that is stored as it came, up to `bytes` of JSON, as PostgreSQL writes it.
    func optionalObject(_ key: String, maximumBytes bytes: Int = Limits.metadataBytes) throws(EventError) -> JSONObject?
    {
        guard let value = self[key] else { return nil }
        guard let object = value.object else { throw self.bad(key, "an object") }
        guard value.encoded().readableBytes + value.digitsBesides <= bytes else {
            throw .tooLarge(field: self.name(of: key), "\(self.name(of: key)) is larger than \(bytes) bytes.")
        }
        return object
    }

    /// An object whose fields are read in turn.
    func optionalNested(_ key: String) throws(EventError) -> Payload? {
        guard let value = self[key] else { return nil }
        guard let object = value.object else { throw self.bad(key, "an object") }
        return Payload(object, path: self.name(of: key) + ".")
    }

    func nested(_ key: String) throws(EventError) -> Payload {
        try self.required(key, try self.optionalNested(key))
    }

    func optionalList(_ key: String, maximum: Int) throws(EventError) -> [JSONValue]? {
        guard let value = self[key] else { return nil }
        guard let list = value.array, list.count <= maximum else {
            throw self.bad(key, "a list of at most \(maximum) entries")
        }
        return list
    }

    func optionalTexts(
        _ key: String, maximum: Int, length: ClosedRange<Int> = 1...64
    ) throws(EventError) -> [String]? {
        guard let list = try self.optionalList(key, maximum: maximum) else { return nil }
        var texts: [String] = []
        for (index, value) in list.enumerated() {
            guard let text = value.string, length.contains(text.unicodeScalars.count) else {
                throw self.bad(
                    "\(key)[\(index)]", "a string of \(length.lowerBound) to \(length.upperBound) characters")
            }
            texts.append(text)
        }
        return texts
    }
}

extension JSONValue {
    /// Digits that `jsonb` writes out of numbers that came with an exponent: `1e308` is five bytes here and 309 there.
    fileprivate var digitsBesides: Int {
        switch self {
        case .number(let number): number.digitsBesides
        case .array(let values): values.reduce(0) { $0 + $1.digitsBesides }
        case .object(let object): object.members.reduce(0) { $0 + $1.value.digitsBesides }
        case .null, .bool, .string: 0
        }
    }
}

extension JSONNumber {
    /// A 0 may have any exponent, and so many of its digits that they are no `Int`: enough to be above every limit.
    fileprivate var digitsBesides: Int {
        guard let mark = self.source.utf8.lastIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return 0 }
        let most = 1 << 20
        let exponent = Int(self.source[self.source.utf8.index(after: mark)...])
        return min(exponent.map { Int(clamping: $0.magnitude) } ?? most, most)
    }
}
