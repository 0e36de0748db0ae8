/// Decides about `Origin` for every request under an engine's path, preflights and upgrades included.
///
/// Called on the connection's event loop for each request, so it answers from memory.
package protocol CORSPolicy: Sendable {
    /// The verdict on a request. `origin` is the header's value; nil where the request has none.
    func decide(origin: String?, request: RequestView) -> CORSDecision

    /// Whether preflights are answered at all; if not, `OPTIONS` is a handshake with a bad method.
    var answersPreflights: Bool { get }

    /// What the preflights of allowed origins are told.
    var preflight: CORSPreflight { get }
}

extension CORSPolicy {
    package var answersPreflights: Bool { true }
    package var preflight: CORSPreflight { CORSPreflight() }
}

/// What a ``CORSPolicy`` decided about one request.
package enum CORSDecision: Sendable, Equatable {
    /// No header: browsers keep the answer from foreign pages.
    case silent
    /// Headers that let the origin read the answer.
    case allow(CORSAllowance)
    /// 403, code 4; a preflight is still answered 204 but without any CORS header.
    case refuse
}

/// The headers of an allowed request.
package struct CORSAllowance: Sendable, Equatable {
    /// Value of `Access-Control-Allow-Origin`: `*`, a fixed origin or the request's own.
    package var origin: String
    /// `Access-Control-Allow-Credentials: true`; never together with `*`.
    package var allowsCredentials: Bool
    /// `Vary: Origin`, wherever the answer depends on the request's origin.
    package var variesByOrigin: Bool
    /// `Access-Control-Expose-Headers`; empty leaves it out.
    package var exposedHeaders: [String]

    package init(
        origin: String, allowsCredentials: Bool = false, variesByOrigin: Bool = true, exposedHeaders: [String] = []
    ) {
        self.origin = origin
        self.allowsCredentials = allowsCredentials && origin != "*"
        self.variesByOrigin = variesByOrigin
        self.exposedHeaders = exposedHeaders
    }
}

/// The policies that need no knowledge of the application.
package enum StaticCORSPolicy: CORSPolicy, Sendable, Equatable {
    /// No CORS at all, as in Node without the option `cors`: preflights are refused with code 2.
    case off
    /// `Access-Control-Allow-Origin: *`.
    case anyOrigin
    /// The request's origin, with credentials: what unchanged v2 widgets need.
    case reflect
    /// These origins, reflected with `Vary: Origin`; others get no header.
    case origins(Set<String>, credentials: Bool)

    package var answersPreflights: Bool { self != .off }

    package func decide(origin: String?, request: RequestView) -> CORSDecision {
        switch self {
        case .off: .silent
        case .anyOrigin: .allow(CORSAllowance(origin: "*", variesByOrigin: false))
        case .reflect: origin.map { .allow(CORSAllowance(origin: $0, allowsCredentials: true)) } ?? .silent
        case .origins(let allowed, let credentials):
            if let origin, allowed.contains(origin) {
                .allow(CORSAllowance(origin: origin, allowsCredentials: credentials))
            } else {
                .silent
            }
        }
    }
}

/// What a policy may look at: the raw target and the headers of a request.
package struct RequestView: Sendable {
    /// Path and query as sent.
    package let target: String
    /// The peer's IP address, without port.
    package let remoteAddress: String
    /// The `Host` header, which names the server's own origin.
    package let host: String?

    package init(target: String, remoteAddress: String, host: String? = nil) {
        self.target = target
        self.remoteAddress = remoteAddress
        self.host = host
    }

    /// The first value of a query parameter, percent-decoded.
    package func queryValue(_ name: String) -> String? {
        QueryParameters(target: target).first { $0.name == name }?.value
    }
}
