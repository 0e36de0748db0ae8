/// One element of a `Sec-WebSocket-Extensions` header: RFC 6455, section 9.1.
struct WebSocketExtensionOffer: Equatable {
    struct Parameter: Equatable {
        var name: Substring
        /// Nil where there is only a name.
        var value: Substring?
        /// Whether the value was written in quotation marks.
        var isQuoted = false
    }

    /// The header does not follow the grammar.
    struct Malformed: Error, Equatable {}

    var name: Substring
    var parameters: [Parameter] = []

    /// All offers of a header, in order, in one pass over its bytes.
    static func parse(_ header: String) throws(Malformed) -> [WebSocketExtensionOffer] {
        var offers: [WebSocketExtensionOffer] = []
        var rest = header[...]
        repeat {
            skipBlanks(&rest)
            var offer = WebSocketExtensionOffer(name: try token(&rest))
            while try separator(";", &rest) {
                skipBlanks(&rest)
                var parameter = Parameter(name: try token(&rest))
                if try separator("=", &rest) {
                    skipBlanks(&rest)
                    parameter.isQuoted = rest.utf8.first == UInt8(ascii: "\"")
                    parameter.value = parameter.isQuoted ? try quoted(&rest) : try token(&rest)
                }
                offer.parameters.append(parameter)
            }
            offers.append(offer)
        } while try separator(",", &rest)
        guard rest.isEmpty else { throw Malformed() }
        return offers
    }

    /// Takes one separator, with the blanks before it.
    private static func separator(_ mark: Unicode.Scalar, _ rest: inout Substring) throws(Malformed) -> Bool {
        skipBlanks(&rest)
        guard rest.unicodeScalars.first == mark else { return false }
        rest.unicodeScalars.removeFirst()
        return true
    }

    private static func token(_ rest: inout Substring) throws(Malformed) -> Substring {
        let token = rest.utf8.prefix(while: HTTPToken.isTokenByte)
        guard !token.isEmpty else { throw Malformed() }
        rest = rest[token.endIndex...]
        return Substring(token)
    }

    /// What is between quotation marks; escapes are no token and therefore never legal here.
    private static func quoted(_ rest: inout Substring) throws(Malformed) -> Substring {
        rest.unicodeScalars.removeFirst()
        let value = try token(&rest)
        guard rest.utf8.first == UInt8(ascii: "\"") else { throw Malformed() }
        rest.unicodeScalars.removeFirst()
        return value
    }

    private static func skipBlanks(_ rest: inout Substring) {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }
}

/// Tokens of HTTP: RFC 9110, section 5.6.2.
enum HTTPToken {
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
