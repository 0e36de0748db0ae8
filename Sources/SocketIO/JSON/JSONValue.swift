internal import NIOCore

/// A JSON value, as decoded from an event's arguments or built for one that goes out.
///
/// Numbers keep their source text and objects keep the order of their members, so that what came in can be
/// stored and sent on exactly as it was.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// A whole number.
    package static func int(_ value: some BinaryInteger) -> JSONValue {
        .number(JSONNumber(value))
    }

    /// A string, or null where there is none.
    package init(_ string: String?) {
        self = string.map(JSONValue.string) ?? .null
    }

    /// A whole number, or null where there is none.
    package init(_ integer: (some BinaryInteger)?) {
        self = integer.map { .number(JSONNumber($0)) } ?? .null
    }

    package var isNull: Bool { self == .null }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var number: JSONNumber? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The number as a whole one within ±2^53, nil for every other value.
    package var int: Int? {
        self.number?.exactInt64.map(Int.init)
    }

    package var double: Double? {
        self.number?.double
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    package var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// A member of an object; nil when this is no object or has no such member. A member whose value is null is `.null`.
    package subscript(key: String) -> JSONValue? {
        self.object?[key]
    }

    /// An element of an array; nil when this is no array or is shorter.
    package subscript(index: Int) -> JSONValue? {
        guard let array = self.array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    package init(integerLiteral value: Int) {
        self = .number(JSONNumber(value))
    }

    package init(floatLiteral value: Double) {
        self = .number(JSONNumber(value))
    }
}

extension JSONValue: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }
}

extension JSONValue: CustomStringConvertible {
    /// The JSON text.
    package var description: String {
        var writer = JSONWriter()
        writer.write(self)
        return String(buffer: writer.buffer)
    }
}
