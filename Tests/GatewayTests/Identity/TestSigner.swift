import Crypto
import CryptoExtras
import Foundation
import JWTKit
import Storage

@testable import Gateway

/// A back end of a workspace that signs tokens, as our gateway would never do for it.
struct TestSigner: Sendable {
    let id: String
    let algorithm: TokenAlgorithm
    /// What a workspace file says of it.
    let material: String
    /// What a key set says of it.
    let published: String
    private let signer: any JWTAlgorithm

    static func make(_ algorithm: TokenAlgorithm, id: String) async throws -> TestSigner {
        let collection = JWTKeyCollection()
        let kid = JWKIdentifier(string: id)
        let (material, members): (String, String)
        switch algorithm {
        case .hs256:
            material = "a shared secret of \(id), \(UUID().uuidString), long enough"
            members = #""kty":"oct","k":"eA""#
            await collection.add(hmac: HMACKey(from: material), digestAlgorithm: .sha256, kid: kid)
        case .rs256:
            let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            material = key.publicKey.pemRepresentation
            let primitives = try key.publicKey.getKeyPrimitives()
            let (n, e) = (
                Base64URL.encode([UInt8](primitives.modulus)), Base64URL.encode([UInt8](primitives.publicExponent))
            )
            members = #""kty":"RSA","n":"\#(n)","e":"\#(e)""#
            await collection.add(rsa: try Insecure.RSA.PrivateKey(backing: key), digestAlgorithm: .sha256, kid: kid)
        case .es256:
            let key = P256.Signing.PrivateKey()
            material = key.publicKey.pemRepresentation
            let point = [UInt8](key.publicKey.rawRepresentation)
            members =
                #""kty":"EC","crv":"P-256","x":"\#(Base64URL.encode(point[..<32]))","y":"\#(Base64URL.encode(point[32...]))""#
            await collection.add(ecdsa: try ES256PrivateKey(backing: key), kid: kid)
        case .edDSA:
            let key = Curve25519.Signing.PrivateKey()
            // RFC 8410: the algorithm's identifier, then the point.
            let header: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
            let point = [UInt8](key.publicKey.rawRepresentation)
            material =
                "-----BEGIN PUBLIC KEY-----\n\(Data(header + point).base64EncodedString())\n-----END PUBLIC KEY-----\n"
            members = #""kty":"OKP","crv":"Ed25519","x":"\#(Base64URL.encode(point))""#
            await collection.add(eddsa: EdDSA.PrivateKey(backing: key), kid: kid)
        }
        return TestSigner(
            id: id, algorithm: algorithm, material: material,
            published: #"{"kid":"\#(id)","use":"sig","alg":"\#(algorithm.rawValue)",\#(members)}"#,
            signer: try await collection.getKey(for: kid))
    }

    /// - Parameters:
    ///   - header: instead of the honest one.
    ///   - mangle: what becomes of the signature.
    func token(
        _ payload: String, header: String? = nil, mangle: ([UInt8]) -> [UInt8] = { $0 }
    ) throws -> Secret {
        let header = header ?? #"{"alg":"\#(self.algorithm.rawValue)","kid":"\#(self.id)"}"#
        let signed = "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(Array(payload.utf8)))"
        let signature = mangle(try self.signer.sign(Array(signed.utf8)))
        return Secret("\(signed).\(Base64URL.encode(signature))")
    }

    func row(_ workspace: String, issuer: String? = nil, audience: String? = nil) -> VerificationKeyRow {
        VerificationKeyRow(
            workspaceID: workspace, id: self.id, algorithm: self.algorithm.rawValue, material: self.material,
            issuer: issuer, audience: audience)
    }

    static func keySet(_ signers: TestSigner...) -> String {
        #"{"keys":[\#(signers.map(\.published).joined(separator: ","))]}"#
    }
}
