internal import Assignment

extension SQLValue {
    /// The object id of the type that is declared to PostgreSQL; 0 leaves it to inference (`pg_type.dat`).
    var typeID: UInt32 {
        switch self {
        case .null, .text: 0
        case .bool: 16
        case .bytes: 17
        case .int: 20
        case .double: 701
        case .texts, .optionalTexts: 1009
        case .ints: 1016
        case .timestamp: 1184
        }
    }

    /// Whether ``encode(into:)`` writes PostgreSQL's binary form rather than its text form.
    var isBinary: Bool {
        switch self {
        case .bytes, .timestamp: true
        case .null, .text, .int, .double, .bool, .texts, .optionalTexts, .ints: false
        }
    }

    /// Appends the wire form, without a terminating zero. Nothing is written for `null`.
    func encode(into bytes: inout [UInt8]) throws(StorageError) {
        switch self {
        case .null:
            break
        case .text(let value):
            try Self.checkForZero(value)
            bytes.append(contentsOf: value.utf8)
        case .int(let value):
            bytes.append(contentsOf: String(value).utf8)
        case .double(let value):
            bytes.append(contentsOf: value.description.utf8)
        case .bool(let value):
            bytes.append(UInt8(ascii: value ? "t" : "f"))
        case .bytes(let value):
            bytes.append(contentsOf: value)
        case .texts(let values):
            try Self.encode(array: values, into: &bytes)
        case .optionalTexts(let values):
            try Self.encode(array: values, into: &bytes)
        case .ints(let values):
            bytes.append(UInt8(ascii: "{"))
            bytes.append(contentsOf: values.map(String.init).joined(separator: ",").utf8)
            bytes.append(UInt8(ascii: "}"))
        case .timestamp(let value):
            withUnsafeBytes(of: value.postgresMicroseconds.bigEndian) { bytes.append(contentsOf: $0) }
        }
    }

    /// The text form of an array (PostgreSQL documentation, 8.15.2), every element in double quotes.
    private static func encode(array values: [String?], into bytes: inout [UInt8]) throws(StorageError) {
        bytes.append(UInt8(ascii: "{"))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            guard let value else {
                bytes.append(contentsOf: "NULL".utf8)
                continue
            }
            try Self.checkForZero(value)
            bytes.append(UInt8(ascii: "\""))
            for byte in value.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// PostgreSQL stores no U+0000, and libpq would silently cut the text there.
    private static func checkForZero(_ value: String) throws(StorageError) {
        guard !value.utf8.contains(0) else {
            throw .unexpected("U+0000 in a text parameter: it must be refused before it comes here")
        }
    }
}

extension Timestamp {
    /// Microseconds from the Unix epoch to PostgreSQL's, 2000-01-01T00:00:00Z.
    private static let postgresEpoch: Int64 = 946_684_800_000_000

    /// The binary form of `timestamptz`. The ends of the range are PostgreSQL's `infinity` and `-infinity`.
    fileprivate var postgresMicroseconds: Int64 {
        if self.microseconds == .max { return .max }
        let (result, overflow) = self.microseconds.subtractingReportingOverflow(Self.postgresEpoch)
        return overflow ? .min : result
    }
}
