/// A JSON value as text, carried through the stores without being understood.
///
/// Whoever makes one vouches that it is well-formed; PostgreSQL checks it again where it is written into a `jsonb`
/// column.
package struct JSONText: Sendable, Hashable, Codable, CustomStringConvertible {
    package var text: String

    package init(_ text: String) {
        self.text = text
    }

    /// `{}`
    package static let emptyObject = JSONText("{}")

    package var description: String { self.text }

    package init(from decoder: any Decoder) throws {
        self.text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Encoded as a string that contains the JSON: the outbox only has to bring it back unchanged.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.text)
    }
}
