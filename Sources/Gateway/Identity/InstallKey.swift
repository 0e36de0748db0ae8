internal import Crypto
internal import JWTKit

/// The install's own HS256 key: signs visitor and command-line tokens, and may name any workspace.
struct InstallKey: Sendable {
    static let algorithm = "HS256"

    /// The key's name in the `kid` header, derived from the key, so that a replaced key is told from its successor.
    let id: String
    private let secret: Secret

    /// - Parameter secret: at least 32 bytes; a shorter one is refused where it is read.
    init(secret: Secret) {
        self.secret = secret
        let digest = SHA256.hash(data: Array("puente install key ".utf8) + Array(secret.reveal().utf8))
        self.id = Base64URL.encode(digest.prefix(6).map { $0 })
    }

    /// A fresh key of 256 random bits.
    static func generate() -> InstallKey {
        InstallKey(secret: Secret(Base64URL.encode(SecureRandom.bytes(count: 32))))
    }

    /// The key as it is kept in a file or row.
    func reveal() -> String { self.secret.reveal() }

    /// A collection of jwt-kit that holds this key, and nothing to fall back to.
    func collection() async -> JWTKeyCollection {
        await JWTKeyCollection().add(
            hmac: HMACKey(from: self.secret.reveal()), digestAlgorithm: .sha256, kid: JWKIdentifier(string: self.id)
        )
    }
}

/// Randomness for secrets: the system's generator.
enum SecureRandom {
    static func bytes(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
