/// What a connection or request brought along, before anything was believed.
///
/// Every entrance (CONNECT over polling and WebSocket, HTTP) fills in the fields that it has and asks the one
/// `Authenticator`.
struct PresentedCredentials: Sendable {
    /// A field of the CONNECT payload.
    enum Field: Sendable, Hashable {
        /// Not there, or `null`: what `localStorage.getItem` gives a widget that has no token yet.
        case absent
        case text(Secret)
        /// A number, an object, …
        case wrongType
    }

    /// The credential that decides.
    enum Choice: Sendable, Hashable {
        /// A JWT or an API key.
        case token(Secret)
        /// A widget key.
        case widgetKey(Secret)
    }

    var authToken: Field = .absent
    var authKey: Field = .absent
    /// The `Authorization` header as it came.
    var authorization: Secret?
    /// `?token=`, percent-decoded.
    var queryToken: Secret?
    /// `?key=`, percent-decoded.
    var queryKey: Secret?
    /// The `Origin` header of the handshake.
    var origin: String?
    /// By which bad credentials are counted; nil for whoever is not limited.
    var address: NetworkAddress?

    /// The first credential present, in the order of docs/security.md. One that turns out invalid is not rescued by a
    /// later one.
    func choice(queryAllowed: Bool) throws(AuthenticationError) -> Choice {
        switch self.authToken {
        case .text(let secret): return .token(secret)
        case .wrongType: throw .unauthenticated(.notText)
        case .absent: break
        }
        switch self.authKey {
        case .text(let secret): return .widgetKey(secret)
        case .wrongType: throw .unauthenticated(.notText)
        case .absent: break
        }
        if let authorization {
            return .token(try Self.bearer(authorization))
        }
        if queryAllowed {
            if let queryToken { return .token(queryToken) }
            if let queryKey { return .widgetKey(queryKey) }
        }
        throw .unauthenticated(.missing)
    }

    /// RFC 6750 section 2.1; the scheme is case-insensitive (RFC 9110 section 11.1).
    private static func bearer(_ authorization: Secret) throws(AuthenticationError) -> Secret {
        let value = authorization.reveal()
        guard let space = value.firstIndex(of: " "), value[..<space].lowercased() == "bearer" else {
            throw .unauthenticated(.malformed)
        }
        let token = value[space...].drop { $0 == " " }
        guard !token.isEmpty else { throw .unauthenticated(.malformed) }
        return Secret(String(token))
    }
}
