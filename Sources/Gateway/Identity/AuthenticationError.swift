/// Why somebody does not come in.
///
/// The first two are what the client must change, and refuse a CONNECT (`44`). The others are no judgement: a CONNECT
/// loses its transport, at once or after a while, and its client comes back.
enum AuthenticationError: Error, Sendable, Equatable {
    /// No credential, or one that is not valid. The reason is for the log, not for the peer.
    case unauthenticated(Reason)
    /// A valid credential that may not be used here: from this origin, or in this role.
    case forbidden
    /// PostgreSQL is away or overloaded.
    case unavailable
    /// Too many bad credentials came from the same address; nothing was looked at. Seconds until that changes.
    case throttled(retryAfter: Int)

    /// A closed set, fit for a metric's label.
    enum Reason: String, Sendable, CaseIterable {
        case missing
        case notText
        case tooLong
        case malformed
        case algorithm
        case critical
        case unknownKey
        case signature
        case claims
        case expired
        case notYetValid
        case issuer
        case audience
        case revoked
    }

    /// The code on the wire, or `nil` where nothing may be said.
    var code: String? {
        switch self {
        case .unauthenticated: "unauthenticated"
        case .forbidden: "forbidden"
        case .unavailable, .throttled: nil
        }
    }
}
