import EngineIO
import Foundation
import NIOCore
import NIOSSL
import Synchronization
import Testing

@testable import Transport

extension WireTests {
    @Suite struct TLSWireTests {
        private func run(
            budget: FileDescriptorBudget = FileDescriptorBudget(limit: 4096),
            _ identity: TLSIdentity? = nil, configure: (inout TransportConfiguration) -> Void = { _ in },
            _ body: (TestServer) async throws -> Void
        ) async throws {
            let identity = try identity ?? TestCertificates.identity("first")
            try await TestServer.run(
                budget: budget,
                configure: {
                    $0.tls = identity
                    configure(&$0)
                }, body)
        }

        @Test func everythingWorksAsWithoutTLS() async throws {
            try await run { server in
                let (sid, poller) = try await server.poll()
                #expect(try await poller.post("\(TestServer.polling)&sid=\(sid)", "4x").text == "ok")
                #expect(try await poller.get("\(TestServer.polling)&sid=\(sid)").text == "4x")
                let (_, socket) = try await server.webSocket()
                let long = "4" + String(repeating: "ñ", count: 400_000)
                try await socket.send(.text(long))
                #expect(try await socket.frame() == .text(long))
                let handshakes = server.engine.state.withLock { $0.handshakes }
                #expect(handshakes.map(\.isSecure) == [true, true])
                let other = try await server.client()
                #expect(try await other.get("/path").text == "GET /path ")
                let closing = try await other.get("/path", headers: ["Connection: close"])
                #expect(closing["connection"] == "close")
                #expect(await other.isClosedByServer())
            }
        }

        /// TLS cannot move to the loop of a session; what it carries does.
        @Test func upgradesAcrossLoops() async throws {
            let budget = FileDescriptorBudget(limit: 4096)
            try await run(budget: budget) { server in
                var clients: [RawClient] = []
                // Each of them lives on another loop than its session, or does not: all on the same is one in 256.
                for _ in 0..<8 {
                    let (sid, poller) = try await server.poll()
                    let client = try await server.client()
                    #expect(try await client.upgrade("\(TestServer.webSocket)&sid=\(sid)").status == 101)
                    try await client.send(.text("2probe"))
                    #expect(try await client.frame() == .text("3probe"))
                    try await client.send(.text("5"))
                    let long = "4" + String(repeating: "long ", count: 100_000)
                    try await client.send(.text(long))
                    #expect(try await client.frame() == .text(long))
                    try await client.send(.text("4burst"))
                    for number in 0..<1000 { #expect(try await client.frame() == .text("4n\(number)")) }
                    clients += [poller, client]
                }
                #expect(await server.server.metrics().connectionsOpen == 16)
                for (index, client) in clients.enumerated() where index % 2 == 1 {
                    if index % 4 == 1 {
                        try await client.send(.text("4close"))
                        #expect(try await client.frame() == .close())
                        try await client.send(.close())
                        #expect(await client.isClosedByServer())
                    } else {
                        await client.close()
                    }
                }
                for client in clients { await client.close() }
                try await eventually { await server.server.metrics().sessionsOpen == 0 }
                try await eventually { await server.server.metrics().connectionsOpen == 0 }
                try await eventually { budget.inUse == 0 }
            }
        }

        @Test func aNewCertificateWithoutALostConnection() async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            func install(_ name: String) throws {
                for kind in ["pem", "key"] {
                    let target = folder.appendingPathComponent("server.\(kind)")
                    try? FileManager.default.removeItem(at: target)
                    try FileManager.default.copyItem(
                        atPath: "\(TestCertificates.folder)/\(name).\(kind)", toPath: target.path)
                }
            }
            try install("first")
            let identity = try TLSIdentity(
                certificatePath: folder.appendingPathComponent("server.pem").path,
                keyPath: folder.appendingPathComponent("server.key").path)
            #expect(identity.expiry > Date())
            try await run(identity) { server in
                let (_, old) = try await server.webSocket()
                #expect(try await old.serverCertificate() == TestCertificates.certificate("first"))
                try install("second")
                try identity.reload()
                let (_, new) = try await server.webSocket()
                #expect(try await new.serverCertificate() == TestCertificates.certificate("second"))
                // A certificate that is not the key's changes nothing.
                try FileManager.default.removeItem(at: folder.appendingPathComponent("server.key"))
                #expect(throws: TLSIdentityError.self) { try identity.reload() }
                let (_, newest) = try await server.webSocket()
                #expect(try await newest.serverCertificate() == TestCertificates.certificate("second"))
                for client in [old, new, newest] {
                    try await client.send(.text("4alive"))
                    #expect(try await client.frame() == .text("4alive"))
                }
            }
        }

        @Test(arguments: [(TLSVersion.tlsv11, false), (.tlsv12, true), (.tlsv13, true)])
        func versions(version: TLSVersion, isAccepted: Bool) async throws {
            try await run { server in
                let client = try await RawClient.connect(
                    to: server.address, tls: try TestCertificates.client(maximum: version))
                let reply = try? await client.get("/")
                #expect((reply?.status == 200) == isAccepted)
            }
        }

        @Test func oldCiphersAreRefused() async throws {
            try await run { server in
                let context = try TestCertificates.client(maximum: .tlsv12) {
                    $0.cipherSuites = "ECDHE+AES+SHA"
                }
                let client = try await RawClient.connect(to: server.address, tls: context)
                #expect((try? await client.get("/")) == nil)
            }
        }

        /// ALPN: HTTP/1.1 where it is offered, and no failure where it is not.
        @Test(arguments: [["h2", "http/1.1"], ["http/1.1"], ["h2"], []])
        func protocols(offered: [String]) async throws {
            try await run { server in
                let context = try TestCertificates.client { $0.applicationProtocols = offered }
                let client = try await RawClient.connect(to: server.address, tls: context)
                #expect(try await client.get("/").status == 200)
            }
        }

        @Test func whoSpeaksNoTLSIsGone() async throws {
            try await run(configure: { $0.headerTimeout = .milliseconds(200) }) { server in
                let plain = try await RawClient.connect(to: server.address)
                try await plain.send(RawClient.request("GET", "/"))
                #expect(await plain.isClosedByServer())
                let silent = try await RawClient.connect(to: server.address)
                #expect(await silent.isClosedByServer())
                // A handshake that stops in the middle.
                let slow = try await RawClient.connect(to: server.address)
                try await slow.send(ByteBuffer(bytes: [0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))
                #expect(await slow.isClosedByServer())
                try await eventually { await server.server.metrics().connectionsOpen == 0 }
            }
        }

        @Test func whatIsWrongWithTheFilesIsSaid() throws {
            let folder = TestCertificates.folder
            let (certificate, key) = ("\(folder)/first.pem", "\(folder)/first.key")
            let encrypted = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).key")
            try Data("-----BEGIN ENCRYPTED PRIVATE KEY-----\n-----END ENCRYPTED PRIVATE KEY-----\n".utf8)
                .write(to: encrypted)
            defer { try? FileManager.default.removeItem(at: encrypted) }
            let cases = [
                ("/nowhere.pem", key, "/nowhere.pem does not exist"),
                (certificate, "/nowhere.key", "/nowhere.key does not exist"),
                (key, key, "\(key) holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"),
                (
                    certificate, certificate,
                    "\(certificate) holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)"
                ),
                (
                    certificate, "\(folder)/second.key",
                    "the key in \(folder)/second.key is not that of the certificate in \(certificate)"
                ),
                (
                    certificate, encrypted.path,
                    "the key in \(encrypted.path) is encrypted: nobody is there to type its passphrase"
                ),
            ]
            for (certificate, key, message) in cases {
                #expect {
                    try TLSIdentity(certificatePath: certificate, keyPath: key)
                } throws: { error in
                    "\(error)" == message
                }
            }
        }
    }
}

/// Waits until a condition holds; fails after ten seconds.
func eventually(
    _ condition: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(2))
    }
    Issue.record("the condition never held", sourceLocation: sourceLocation)
}
