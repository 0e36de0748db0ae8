internal import Assignment
internal import JWTKit
internal import NIOCore
internal import SocketIO

/// Signs and verifies tokens. Pure but for the signature: no storage, and the time is a parameter.
struct Tokens: Sendable {
    /// How far the clocks of signer and verifier may differ for `nbf` and `iat`; `exp` is strict.
    static let leeway: Int64 = 30

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

    /// The claims of a token that is genuine and valid at `now` (seconds since 1970).
    func verify(_ token: Secret, now: Int64) async throws(AuthenticationError) -> TokenClaims {
        let header = try TokenHeader(reading: token)
        guard header.algorithm == InstallKey.algorithm else { throw .unauthenticated(.algorithm) }
        // With a single key `kid` may be missing; one that names another key is never tried with ours.
        guard header.keyID == nil || header.keyID == self.keyID else { throw .unauthenticated(.unknownKey) }
        do {
            let key = try await self.keys.getKey(for: JWKIdentifier(string: self.keyID))
            guard try key.verify(header.signature, signs: header.signedPart) else {
                throw AuthenticationError.unauthenticated(.signature)
            }
        } catch {
            throw .unauthenticated(.signature)
        }
        let claims = try TokenClaims(reading: header.payload)
        try self.check(claims, now: now)
        return claims
    }

    private func check(_ claims: TokenClaims, now: Int64) throws(AuthenticationError) {
        guard now < claims.expiresAt else { throw .unauthenticated(.expired) }
        let latest = now.addingReportingOverflow(Self.leeway).partialValue
        guard (claims.notBefore ?? 0) <= latest, (claims.issuedAt ?? 0) <= latest else {
            throw .unauthenticated(.notYetValid)
        }
        if let issuer, claims.issuer != issuer { throw .unauthenticated(.issuer) }
        if let audience, !claims.audience.contains(audience) { throw .unauthenticated(.audience) }
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
