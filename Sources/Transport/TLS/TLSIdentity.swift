package import Foundation
internal import NIOSSL
internal import Synchronization

/// The certificate chain and the private key that a listener shows, read from PEM files.
///
/// ``reload()`` reads the files again: connections that are open go on with what they have, new ones get the new
/// certificate. TLS 1.2 and 1.3, forward secrecy and authenticated encryption only; HTTP/1.1 is the one protocol
/// offered by ALPN.
package final class TLSIdentity: Sendable {
    /// Path of the certificate, followed in the same file by the intermediate ones.
    package let certificatePath: String
    /// Path of the unencrypted key.
    package let keyPath: String
    private let current: Mutex<(context: NIOSSLContext, expiry: Date)>

    /// Reads both files.
    package init(certificatePath: String, keyPath: String) throws(TLSIdentityError) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        current = Mutex(try Self.read(certificatePath: certificatePath, keyPath: keyPath))
    }

    /// Reads both files again; if anything is wrong with them, what was read before stays in use.
    package func reload() throws(TLSIdentityError) {
        let fresh = try Self.read(certificatePath: certificatePath, keyPath: keyPath)
        current.withLock { $0 = fresh }
    }

    /// When the certificate shown now expires.
    package var expiry: Date { current.withLock { $0.expiry } }

    /// The settings of a new connection.
    var context: NIOSSLContext { current.withLock { $0.context } }

    private static func read(
        certificatePath: String, keyPath: String
    ) throws(TLSIdentityError) -> (NIOSSLContext, Date) {
        let chain = try certificates(at: certificatePath)
        let key = try privateKey(at: keyPath)
        guard let leaf = chain.first else { throw TLSIdentityError("\(certificatePath) holds no certificate") }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
        configuration.applicationProtocols = ["http/1.1"]
        do {
            let context = try NIOSSLContext(configuration: configuration)
            return (context, Date(timeIntervalSince1970: TimeInterval(leaf.notValidAfter)))
        } catch {
            // Both are sound by themselves; what is left to go wrong is that they do not belong together.
            throw TLSIdentityError("the key in \(keyPath) is not that of the certificate in \(certificatePath)")
        }
    }

    private static func certificates(at path: String) throws(TLSIdentityError) -> [NIOSSLCertificate] {
        let bytes = try contents(of: path)
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else {
            throw TLSIdentityError("\(path) holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
        }
        return chain
    }

    private static func privateKey(at path: String) throws(TLSIdentityError) -> NIOSSLPrivateKey {
        let bytes = try contents(of: path)
        // Asked first: the library would want to know the passphrase.
        if String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED") {
            throw TLSIdentityError("the key in \(path) is encrypted: nobody is there to type its passphrase")
        }
        guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
            throw TLSIdentityError("\(path) holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)")
        }
        return key
    }

    private static func contents(of path: String) throws(TLSIdentityError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw TLSIdentityError(isThere ? "\(path) may not be read by this user" : "\(path) does not exist")
        }
        return Array(data)
    }
}

/// What is wrong with a certificate or key file; the description names the file and is meant for its operator.
package struct TLSIdentityError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
