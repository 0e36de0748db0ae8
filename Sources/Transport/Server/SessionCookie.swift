/// A cookie with the session's id, by which a balancer keeps a client on one node.
///
/// It is set by the answer to a polling handshake alone, as in Node, and nothing of ours ever reads it.
package struct SessionCookie: Sendable, Equatable {
    package enum SameSite: String, Sendable {
        case strict = "Strict"
        case lax = "Lax"
        /// Needs `isSecure`, or browsers drop the cookie.
        case none = "None"
    }

    /// What stands between the id and the end of the header.
    private let attributes: String
    private let name: String

    /// Nil where a text is none that a header can carry.
    ///
    /// - Parameters:
    ///   - path: nil leaves it to the browser, which then takes the folder of the request.
    ///   - maxAge: in seconds; nil keeps the cookie until the browser is closed.
    package init?(
        name: String = "io", domain: String? = nil, path: String? = "/", maxAge: Int? = nil, isHTTPOnly: Bool = true,
        isSecure: Bool = false, sameSite: SameSite? = .lax, isPartitioned: Bool = false
    ) {
        guard !name.isEmpty, name.utf8.allSatisfy(HTTPToken.isTokenByte),
            [domain, path].allSatisfy({ $0.map(Self.isAttributeValue) ?? true })
        else { return nil }
        self.name = name
        var attributes = ""
        if let maxAge { attributes += "; Max-Age=\(maxAge)" }
        if let domain { attributes += "; Domain=\(domain)" }
        if let path { attributes += "; Path=\(path)" }
        if isHTTPOnly { attributes += "; HttpOnly" }
        if isSecure { attributes += "; Secure" }
        if isPartitioned { attributes += "; Partitioned" }
        if let sameSite { attributes += "; SameSite=\(sameSite.rawValue)" }
        self.attributes = attributes
    }

    /// The value of `Set-Cookie`.
    func header(id: String) -> String { "\(name)=\(id)\(attributes)" }

    /// RFC 6265, section 4.1.1: anything but controls and `;`.
    private static func isAttributeValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ";") }
    }
}
