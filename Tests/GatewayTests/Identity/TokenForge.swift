import Crypto

@testable import Gateway

/// Makes tokens that no signer of ours would make.
enum TokenForge {
    static let secret = "a secret for tests that has more than 32 bytes"

    static let key = InstallKey(secret: Secret(Self.secret))

    /// A token of these very texts, signed as HS256 unless another signature is given.
    static func token(header: String, payload: String, key: String = Self.secret, signature: String? = nil) -> Secret {
        let signed = "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(Array(payload.utf8)))"
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: Array(key.utf8)))
        return Secret("\(signed).\(signature ?? Base64URL.encode(Array(code)))")
    }

    static let header = #"{"alg":"HS256","typ":"JWT"}"#

    static func payload(_ claims: String) -> Secret {
        Self.token(header: Self.header, payload: claims)
    }

    static func header(_ header: String) -> Secret {
        Self.token(header: header, payload: #"{"sub":"ana","role":"commercial","exp":2000}"#)
    }
}
