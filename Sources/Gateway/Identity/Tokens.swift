internal import Assignment
internal import JWTKit
internal import NIOCore
internal import SocketIO

/// Signs and verifies tokens. Pure but for the signature: no storage, and the time is a parameter.
struct Tokens: Sendable {
    private let keyID: String
    private let keys: JWTKeyCollection
    private let issuer: String?
    private let audience: String?

    init(key: InstallKey, settings: JWTSettings) async {
        self.keyID = key.id
        self.keys = await key.collection()
        self.issuer = settings.issuer
        self.audience = settings.audience
    }

    /// Whether a token claims to be the install's own: it names this key, or, being HS256, none at all.
    ///
    /// With a single key `kid` may be missing; one that names another key is never tried with ours.
    func claimsToBeOwn(_ header: TokenHeader) -> Bool {
        header.keyID.map { $0 == self.keyID } ?? (header.algorithm == InstallKey.algorithm)
    }

    /// The claims of a token of the install's own that is genuine and valid at `now` (seconds since 1970).
    func verify(_ header: TokenHeader, now: Int64) async throws(AuthenticationError) -> TokenClaims {
        guard header.algorithm == InstallKey.algorithm else { throw .unauthenticated(.algorithm) }
        guard self.claimsToBeOwn(header) else { throw .unauthenticated(.unknownKey) }
        do {
            let key = try await self.keys.getKey(for: JWKIdentifier(string: self.keyID))
            guard try key.verify(header.signature, signs: header.signedPart) else {
                throw AuthenticationError.unauthenticated(.signature)
            }
        } catch {
            throw .unauthenticated(.signature)
        }
        let claims = try TokenClaims(reading: header.payload)
        try claims.check(now: now, issuer: self.issuer, audience: self.audience)
        return claims
    }

    func verify(_ token: Secret, now: Int64) async throws(AuthenticationError) -> TokenClaims {
        try await self.verify(TokenHeader(reading: token), now: now)
    }

    /// A token that `verify` accepts: `iss` and `aud` are filled in where they are configured.
    func mint(_ claims: TokenClaims) async throws -> Secret {
        var claims = claims
        claims.issuer = self.issuer
        claims.audience = self.audience.map { [$0] } ?? []
        let header: JSONValue = ["alg": .string(InstallKey.algorithm), "typ": "JWT", "kid": .string(self.keyID)]
        let signed =
            "\(Base64URL.encode(header.encoded().readableBytesView)).\(Base64URL.encode(claims.json.encoded().readableBytesView))"
        let key = try await self.keys.getKey(for: JWKIdentifier(string: self.keyID))
        return Secret("\(signed).\(Base64URL.encode(try key.sign(Array(signed.utf8))))")
    }
}
