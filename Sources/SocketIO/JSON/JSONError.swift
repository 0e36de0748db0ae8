/// Why a text is not JSON, or not JSON that may come in.
package struct JSONError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        // Grammar (RFC 8259) and depth: judged by `scan` and `decode` alike.
        case malformed
        case tooDeep = "too_deep"

        // What only `decode` refuses.
        case duplicateKey = "duplicate_key"
        case tooManyKeys = "too_many_keys"
        case nullCharacter = "null_character"
        case loneSurrogate = "lone_surrogate"
        case invalidUTF8 = "invalid_utf8"
        case numberOutOfRange = "number_out_of_range"
    }

    package var code: Code
    /// Bytes from the start of the text to where it was noticed.
    package var offset: Int
    /// The field, as in `metadata.tags[3]`; empty at the top and for grammar errors of `scan`.
    package var path: String

    package init(_ code: Code, at offset: Int, path: String = "") {
        self.code = code
        self.offset = offset
        self.path = path
    }
}
