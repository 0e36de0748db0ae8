internal import NIOCore
internal import SocketIO

/// A token taken apart, and its header judged, before jwt-kit sees it: jwt-kit falls back to a default key on an
/// unknown `kid` and enforces neither `crit` nor the header's `alg`.
struct TokenHeader: Sendable, Hashable {
    /// The longest token that is looked at.
    static let maximumLength = 8192

    let algorithm: String
    let keyID: String?
    /// The bytes that the signature covers.
    let signedPart: [UInt8]
    let payload: [UInt8]
    let signature: [UInt8]

    /// RFC 7515 section 3.1 (compact serialization) and section 4.1.11 (`crit`).
    init(reading token: Secret) throws(AuthenticationError) {
        let bytes = Array(token.reveal().utf8)
        guard bytes.count <= Self.maximumLength else { throw .unauthenticated(.tooLong) }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }),
            let header = Base64URL.decode(parts[0]),
            let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .unauthenticated(.malformed) }
        self.payload = payload
        self.signature = signature
        self.signedPart = Array(bytes[..<parts[1].endIndex])

        let decoded: JSONValue
        do {
            decoded = try JSONReader.decode(ByteBuffer(bytes: header))
        } catch {
            throw .unauthenticated(.malformed)
        }
        guard case .object(let fields) = decoded else { throw .unauthenticated(.malformed) }
        // Whatever extension `crit` names, we don't understand it; `b64` is such an extension even without `crit`.
        guard fields["crit"] == nil, fields["b64"] == nil else { throw .unauthenticated(.critical) }
        guard let algorithm = fields["alg"]?.string else { throw .unauthenticated(.algorithm) }
        self.algorithm = algorithm
        switch fields["kid"] {
        case nil: self.keyID = nil
        case .string(let keyID) where keyID.utf8.count <= 128: self.keyID = keyID
        default: throw .unauthenticated(.unknownKey)
        }
    }
}
