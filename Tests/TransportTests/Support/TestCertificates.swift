import Foundation
import NIOSSL

@testable import Transport

/// The files of Tests/Certificates.
enum TestCertificates {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Certificates").path

    /// `first` or `second`.
    static func identity(_ name: String) throws -> TLSIdentity {
        try TLSIdentity(certificatePath: "\(folder)/\(name).pem", keyPath: "\(folder)/\(name).key")
    }

    static func certificate(_ name: String) throws -> NIOSSLCertificate? {
        try NIOSSLCertificate.fromPEMFile("\(folder)/\(name).pem").first
    }

    /// A client that trusts the test authority alone.
    static func client(
        maximum: TLSVersion? = nil, _ configure: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file("\(folder)/authority.pem")
        // The tests connect to an address; the name is the clients' tests' business.
        configuration.certificateVerification = .noHostnameVerification
        if let maximum {
            configuration.minimumTLSVersion = .tlsv1
            configuration.maximumTLSVersion = maximum
        }
        configure(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }
}
