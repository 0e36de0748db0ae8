internal import Assignment

/// Who a connection is. Everything in it comes from the credential, nothing from a payload.
struct Principal: Sendable, Hashable {
    /// What proved the identity, to find the connections that a revocation ends.
    enum Credential: Sendable, Hashable {
        /// A token, with its `jti` where it has one, and the fingerprint of the workspace's key that verified it; nil
        /// for the install's own.
        case token(id: String?, key: String? = nil)
        /// An API key, by its row's id.
        case apiKey(id: String)
        /// A widget key, by its row's id: an anonymous visitor, with or without a visitor token.
        case widgetKey(id: String)
    }

    var workspace: String
    var role: Role
    /// The stable id inside the workspace: a visitor's, a commercial's, a bot's name.
    var subject: String
    var name: String?
    /// What an `ai` may do; empty for everybody else.
    var scopes: Set<Scope>
    /// The instant after which the identity is void; `nil` for API keys.
    var expiry: Timestamp?
    var credential: Credential
    /// When the token was issued, in seconds since 1970; nil where it does not say, and for API keys.
    var issuedAt: Int64?

    /// The id of the widget key that an anonymous visitor came in by.
    var widgetKey: String? {
        if case .widgetKey(let id) = self.credential { id } else { nil }
    }

    /// Whether somebody vouches for the subject: everybody but a visitor under a widget key.
    var isVerified: Bool { self.widgetKey == nil }

    /// What a revocation of tokens goes by; nil for API keys, which have revocations of their own.
    var revocable: Revocations.Identity? {
        var tokenID: String?
        switch self.credential {
        case .token(let id, _): tokenID = id
        case .widgetKey: break
        case .apiKey: return nil
        }
        return Revocations.Identity(
            workspace: self.workspace, role: self.role, subject: self.subject, tokenID: tokenID,
            issuedAt: self.issuedAt)
    }

    /// The identity as it is written beside messages, assignments and audit rows.
    var participant: Participant {
        Participant(role: self.role, id: self.subject, name: self.name)
    }
}
