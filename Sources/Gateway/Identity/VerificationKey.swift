internal import Crypto
internal import JWTKit
internal import Storage

/// The algorithms that a key may be for.
enum TokenAlgorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case rs256 = "RS256"
    case es256 = "ES256"
    case edDSA = "EdDSA"
}

/// A key that verifies tokens of one workspace, bound to one algorithm, whatever a token's header says.
struct VerificationKey: Sendable {
    /// Why a key cannot be used; for the one who wrote it down.
    struct Unusable: Error, Sendable, CustomStringConvertible {
        var description: String
    }

    /// As tokens name it in `kid`.
    let id: String
    let algorithm: TokenAlgorithm
    /// What `iss` and `aud` of its tokens must be, where somebody cares.
    let issuer: String?
    let audience: String?
    /// Tells a key from its successor of the same name.
    let fingerprint: String
    private let verifier: any JWTAlgorithm

    private init(
        id: String, algorithm: TokenAlgorithm, issuer: String?, audience: String?, material: String,
        collection: JWTKeyCollection
    ) async throws(Unusable) {
        self.id = id
        self.algorithm = algorithm
        self.issuer = issuer
        self.audience = audience
        let digest = SHA256.hash(data: Array("\(algorithm.rawValue) \(material)".utf8))
        self.fingerprint = Base64URL.encode(digest.prefix(12).map { $0 })
        do { self.verifier = try await collection.getKey(for: JWKIdentifier(string: id)) } catch {
            throw Unusable(description: "is no key")
        }
    }

    /// Whether the signature is this key's.
    func verifies(_ header: TokenHeader) -> Bool {
        (try? self.verifier.verify(header.signature, signs: header.signedPart)) ?? false
    }

    // MARK: A key that was written down

    /// A key of a workspace file: a secret of at least 32 bytes, or a public key in PEM form.
    init(_ row: VerificationKeyRow) async throws(Unusable) {
        guard let algorithm = TokenAlgorithm(rawValue: row.algorithm) else {
            throw Unusable(description: "is for an algorithm that is not known")
        }
        let collection = JWTKeyCollection()
        let id = JWKIdentifier(string: row.id)
        do {
            switch algorithm {
            case .hs256:
                // RFC 7518 section 3.2.
                guard row.material.utf8.count >= 32 else { throw Unusable(description: "has less than 32 bytes") }
                await collection.add(hmac: HMACKey(from: row.material), digestAlgorithm: .sha256, kid: id)
            case .rs256:
                await collection.add(
                    rsa: try Insecure.RSA.PublicKey(pem: row.material), digestAlgorithm: .sha256, kid: id)
            case .es256:
                await collection.add(ecdsa: try ES256PublicKey(pem: row.material), kid: id)
            case .edDSA:
                await collection.add(eddsa: try EdDSA.PublicKey(pem: row.material), kid: id)
            }
        } catch let error as Unusable {
            throw error
        } catch {
            throw Unusable(
                description: "is no public key for \(algorithm.rawValue) in PEM form of at least 2048 bits (RSA)")
        }
        try await self.init(
            id: row.id, algorithm: algorithm, issuer: row.issuer, audience: row.audience, material: row.material,
            collection: collection)
    }

    // MARK: A key of a set

    /// What an entry of a key set holds, as far as it matters here (RFC 7517, RFC 7518 section 6, RFC 8037).
    enum Published: Sendable, Hashable {
        case rsa(modulus: String, exponent: String)
        case p256(x: String, y: String)
        case ed25519(x: String)

        var algorithm: TokenAlgorithm {
            switch self {
            case .rsa: .rs256
            case .p256: .es256
            case .ed25519: .edDSA
            }
        }
    }

    init(
        id: String, published: Published, issuer: String?, audience: String?
    ) async throws(Unusable) {
        let collection = JWTKeyCollection()
        let kid = JWKIdentifier(string: id)
        do {
            switch published {
            case .rsa(let modulus, let exponent):
                let key = try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
                await collection.add(rsa: key, digestAlgorithm: .sha256, kid: kid)
            case .p256(let x, let y):
                await collection.add(ecdsa: try ES256PublicKey(parameters: (x, y)), kid: kid)
            case .ed25519(let x):
                await collection.add(eddsa: try EdDSA.PublicKey(x: x, curve: .ed25519), kid: kid)
            }
        } catch {
            throw Unusable(description: "is no key for \(published.algorithm.rawValue)")
        }
        try await self.init(
            id: id, algorithm: published.algorithm, issuer: issuer, audience: audience, material: "\(published)",
            collection: collection)
    }
}
