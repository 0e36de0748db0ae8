/// CORS as applications configure it, with the options that Node's `cors` has.
package struct CORSOptions: CORSPolicy {
    /// Which origins may read answers.
    package enum Origins: Sendable {
        /// `Access-Control-Allow-Origin: *`; never with credentials.
        case any
        /// Whatever the request says.
        case reflected
        /// This one, named in every answer.
        case fixed(String)
        /// Any of these; others get no header.
        case listed([OriginPattern])
        /// Those that the function says yes to. It is called on event loops and must not wait for anything.
        case decided(@Sendable (_ origin: String, _ request: RequestView) -> Bool)
    }

    package var origins: Origins
    /// `Access-Control-Allow-Credentials`. Default false.
    package var credentials: Bool
    /// Headers of answers that pages may read besides the simple ones. Default none.
    package var exposedHeaders: [String]
    package var preflight: CORSPreflight

    package init(
        origins: Origins = .any, credentials: Bool = false, exposedHeaders: [String] = [],
        preflight: CORSPreflight = CORSPreflight()
    ) {
        self.origins = origins
        self.credentials = credentials
        self.exposedHeaders = exposedHeaders
        self.preflight = preflight
    }

    package func decide(origin: String?, request: RequestView) -> CORSDecision {
        switch origins {
        case .any:
            allow("*", variesByOrigin: false)
        case .fixed(let fixed):
            allow(fixed)
        case .reflected:
            origin.map { allow($0) } ?? .silent
        case .listed(let patterns):
            origin.flatMap { origin in patterns.contains { $0.matches(origin) } ? allow(origin) : nil } ?? .silent
        case .decided(let accepts):
            origin.flatMap { accepts($0, request) ? allow($0) : nil } ?? .silent
        }
    }

    private func allow(_ origin: String, variesByOrigin: Bool = true) -> CORSDecision {
        .allow(
            CORSAllowance(
                origin: origin, allowsCredentials: credentials, variesByOrigin: variesByOrigin,
                exposedHeaders: exposedHeaders))
    }
}

/// What preflights are told beside the verdict on their origin.
package struct CORSPreflight: Sendable, Equatable {
    /// `Access-Control-Allow-Methods`.
    package var methods: [String]
    /// `Access-Control-Allow-Headers`; nil, the default, allows whatever the request asks for.
    package var allowedHeaders: [String]?
    /// `Access-Control-Max-Age` in seconds; nil leaves it to the browser.
    package var maxAge: Int?
    /// Status of the answer; 204 by default, 200 for browsers of old.
    package var status: Int
    /// Leave the answer to the engine, which refuses `OPTIONS` (code 2), after adding the headers. Default false.
    package var continues: Bool

    package init(
        methods: [String] = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"], allowedHeaders: [String]? = nil,
        maxAge: Int? = nil, status: Int = 204, continues: Bool = false
    ) {
        self.methods = methods
        self.allowedHeaders = allowedHeaders
        self.maxAge = maxAge
        self.status = status
        self.continues = continues
    }
}

/// An origin, or many: `*` stands for one or more labels of a host, as in `https://*.example.com`.
package struct OriginPattern: Sendable, Equatable, ExpressibleByStringLiteral {
    private let before: String
    /// Behind the star; nil where there is none.
    private let after: String?

    /// Only the first `*` is special.
    package init(_ pattern: String) {
        guard let star = pattern.firstIndex(of: "*") else {
            (before, after) = (pattern, nil)
            return
        }
        before = String(pattern[..<star])
        after = String(pattern[pattern.index(after: star)...])
    }

    package init(stringLiteral pattern: String) {
        self.init(pattern)
    }

    package func matches(_ origin: String) -> Bool {
        guard let after else { return origin == before }
        guard origin.utf8.starts(with: before.utf8) else { return false }
        let rest = origin.utf8.dropFirst(before.utf8.count)
        guard rest.count > after.utf8.count, rest.reversed().starts(with: after.utf8.reversed()) else { return false }
        return rest.dropLast(after.utf8.count).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}
