internal import Crypto

/// The form of API keys and widget keys: a prefix that secret scanners know, 190 random bits, and a checksum that
/// tells a mistyped key from an unknown one without asking the database.
enum KeySecret {
    enum Kind: String, Sendable {
        case api = "puente_ak_"
        case widget = "puente_wk_"
    }

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let randomLength = 32
    private static let checksumLength = 6

    static func generate(_ kind: Kind) -> Secret {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<Self.randomLength).map { _ in
            Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &generator)]
        }
        return Secret(kind.rawValue + String(decoding: random + Self.checksum(of: random), as: UTF8.self))
    }

    /// Whether `secret` has the form of that kind and a checksum that fits.
    static func isWellFormed(_ secret: Secret, _ kind: Kind) -> Bool {
        let text = secret.reveal()
        guard text.hasPrefix(kind.rawValue) else { return false }
        let body = Array(text.utf8.dropFirst(kind.rawValue.utf8.count))
        guard body.count == Self.randomLength + Self.checksumLength else { return false }
        return Self.checksum(of: Array(body[..<Self.randomLength])) == Array(body[Self.randomLength...])
    }

    /// What is stored instead of the key, in lower-case hexadecimal. A slow hash has nothing to add to 190 random bits.
    static func hash(_ secret: Secret) -> String {
        Hexadecimal.encode(SHA256.hash(data: Array(secret.reveal().utf8)))
    }

    private static func checksum(of body: [UInt8]) -> [UInt8] {
        let digest = SHA256.hash(data: body)
        return digest.prefix(Self.checksumLength).map { Self.alphabet[Int($0) % Self.alphabet.count] }
    }
}

/// Bytes as lower-case hexadecimal digits.
enum Hexadecimal {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
