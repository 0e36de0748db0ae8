import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// The gateway with a certificate of its own.
@Suite(.serialized) struct SecureServeTests {
    static let certificates = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Certificates").path

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test func aLifeBehindTLS() async throws {
        try await TestDatabase.with { test in
            let key = try await GatewayProgram.widgetKey(on: test.url.description)
            try await self.withFolder { folder in
                let (certificate, privateKey) = ("\(folder)/server.pem", "\(folder)/server.key")
                for (name, path) in [("first.pem", certificate), ("first.key", privateKey)] {
                    try FileManager.default.copyItem(atPath: "\(Self.certificates)/\(name)", toPath: path)
                    chmod(path, 0o600)
                }
                let gateway = try GatewayProgram(
                    [
                        "serve", "--port", "0", "--loops", "2", "--database-url", test.url.description,
                        "--tls-cert", certificate, "--tls-key", privateKey,
                    ],
                    environment: ["PUENTE_ENGINE_PER_MESSAGE_DEFLATE": "true"])
                let port = try await gateway.ready(scheme: "https")
                for path in ["/healthz", "/v1/chats", "/nowhere"] {
                    let answer = try await Self.get(path, at: port).lowercased()
                    #expect(
                        answer.contains("\r\nstrict-transport-security: max-age=31536000\r\n"), "\(path): \(answer)")
                }
                var client = SocketClient(host: "localhost", port: port)
                client.security = .trusting(file: "\(Self.certificates)/authority.pem")
                try await client.withConnection(auth: ["key": .string(key.reveal())]) { connection in
                    let ack = try await connection.request("message:send", ["content": "hola"])
                    #expect(ack["ok"] == true, "\(ack)")
                    // A broken file changes nothing, a good one no open connection.
                    try Data().write(to: URL(fileURLWithPath: certificate))
                    gateway.signal(SIGHUP)
                    await gateway.waitForErrors(containing: "\(certificate) holds no certificate in PEM form")
                    let second = try await connection.request("message:send", ["content": "sigo aquí"])
                    #expect(second["ok"] == true, "\(second)")
                    // Nor does a key that somebody has opened to others.
                    chmod(privateKey, 0o640)
                    gateway.signal(SIGHUP)
                    await gateway.waitForErrors(containing: "\(privateKey) can be read by others: chmod 600 it")
                    #expect(try await Self.shown(at: port) == Self.certificate("first"))

                    // A good pair is for those who come; who is there stays as they came.
                    for (name, path) in [("second.pem", certificate), ("second.key", privateKey)] {
                        try Data(contentsOf: URL(fileURLWithPath: "\(Self.certificates)/\(name)"))
                            .write(to: URL(fileURLWithPath: path))
                        chmod(path, 0o600)
                    }
                    gateway.signal(SIGHUP)
                    let deadline = ContinuousClock.now + .seconds(20)
                    while try await Self.shown(at: port) != Self.certificate("second") {
                        try #require(ContinuousClock.now < deadline, "\(gateway.errors)")
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    let third = try await connection.request("message:send", ["content": "y sigo"])
                    #expect(third["ok"] == true, "\(third)")
                }
                try await client.withConnection(auth: ["key": .string(key.reveal())]) { _ in }
                gateway.signal(SIGTERM)
                #expect(await gateway.end().status == 0)
            }
        }
    }

    /// The whole answer over TLS.
    private static func get(_ path: String, at port: Int) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(
                ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
            var answer = ByteBuffer()
            do {
                for try await part in inbound { answer.writeImmutableBuffer(part) }
            } catch NIOSSLError.uncleanShutdown {
                // An end like the other.
            }
            return String(buffer: answer)
        }
    }

    private static func certificate(_ name: String) throws -> NIOSSLCertificate? {
        try NIOSSLCertificate.fromPEMFile("\(Self.certificates)/\(name).pem").first
    }

    /// The certificate that a new connection is shown.
    private static func shown(at port: Int) async throws -> NIOSSLCertificate? {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        // Written once the handshake is over.
        try await channel.writeAndFlush(ByteBuffer(string: "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"))
        let certificate = try await channel.nioSSL_peerCertificate().get()
        try? await channel.close()
        return certificate
    }

    @Test func whatIsWrongIsSaidAtTheStart() async throws {
        let (pem, key) = ("\(Self.certificates)/first.pem", "\(Self.certificates)/second.key")
        let cases = [
            (["--tls-cert", pem], "tls.key: is missing: certificate and key go together"),
            (["--tls-cert", pem, "--tls-key", "/nowhere"], "tls: /nowhere does not exist"),
            (
                ["--tls-cert", pem, "--tls-key", "\(Self.certificates)/first.key"],
                "tls.key: \(Self.certificates)/first.key can be read by others: chmod 600 it"
            ),
            (["--tls-cert", pem, "--tls-key", key], "tls: the key in \(key) is not that of the certificate in \(pem)"),
        ]
        for (arguments, message) in cases {
            let outcome = try await GatewayProgram.run(["serve", "--port", "0"] + arguments)
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
            #expect(outcome.output == "")
        }
    }
}
