package import NIOCore

/// The one reader of JSON: iterative, linear, over the bytes.
///
/// Two levels of strictness (docs/events.md, "Two places judge JSON"): ``scan(_:)`` for the protocol layer checks
/// grammar and depth only; ``decode(_:)`` for whoever reads the content also refuses what a database or a second
/// reader could understand differently.
package enum JSONReader {
    /// Arrays and objects inside one another, the outermost included.
    package static let maximumDepth = 64
    /// Members of one object, in ``decode(_:)``.
    package static let maximumKeys = 256
    /// Bytes of one number's text, in ``decode(_:)``: no client prints a double longer than 25.
    package static let maximumNumberLength = 64

    /// Checks that the readable bytes are exactly one JSON text and says what it looks like from outside.
    @discardableResult
    package static func scan(_ buffer: ByteBuffer) throws(JSONError) -> JSONOutline {
        var outliner = JSONOutliner()
        try JSONGrammar.read(buffer, form: .text, into: &outliner)
        return outliner.outline
    }

    /// As ``scan(_:)`` for values separated by commas, without brackets around.
    package static func scanList(_ buffer: ByteBuffer) throws(JSONError) -> JSONOutline {
        var outliner = JSONOutliner(isList: true)
        try JSONGrammar.read(buffer, form: .list, into: &outliner)
        return outliner.outline
    }

    /// Decodes one JSON text.
    package static func decode(_ buffer: ByteBuffer) throws(JSONError) -> JSONValue {
        var builder = JSONBuilder(buffer: buffer, strict: true)
        try JSONGrammar.read(buffer, form: .text, into: &builder)
        return builder.root
    }

    /// Decodes one JSON text.
    package static func decode(_ string: String) throws(JSONError) -> JSONValue {
        try self.decode(ByteBuffer(string: string))
    }

    /// Decodes one JSON text that was judged when it came in: PostgreSQL writes numbers out to their last digit, and what
    /// was merged may have more members than one event.
    package static func decodeStored(_ string: String) throws(JSONError) -> JSONValue {
        let buffer = ByteBuffer(string: string)
        var builder = JSONBuilder(buffer: buffer, strict: false)
        try JSONGrammar.read(buffer, form: .text, into: &builder)
        return builder.root
    }

    /// Decodes values separated by commas, without brackets around: the inside of an array, possibly empty.
    package static func decodeList(_ buffer: ByteBuffer) throws(JSONError) -> [JSONValue] {
        var builder = JSONBuilder(buffer: buffer, strict: true)
        try JSONGrammar.read(buffer, form: .list, into: &builder)
        return builder.root.array ?? []
    }

    /// As ``decodeList(_:)``, but only grammar and depth are judged: lone surrogates become U+FFFD, of equal keys
    /// the first is found by look-up.
    static func decodeListLeniently(_ buffer: ByteBuffer) throws(JSONError) -> [JSONValue] {
        var builder = JSONBuilder(buffer: buffer, strict: false)
        try JSONGrammar.read(buffer, form: .list, into: &builder)
        return builder.root.array ?? []
    }
}
