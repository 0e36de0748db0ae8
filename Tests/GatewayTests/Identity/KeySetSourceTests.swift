import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import Gateway

/// Fetching over real TLS: what is refused, and within which time.
@Suite struct KeySetSourceTests {
    private static let loops = MultiThreadedEventLoopGroup.singleton

    private func source(trusting: Bool = true) throws -> KeySetSource {
        KeySetSource(loops: Self.loops, authorities: trusting ? try TestAuthority.file() : nil)
    }

    @Test func whatIsServedIsFetched() async throws {
        let document = TestSigner.keySet(try await TestSigner.make(.es256, id: "k"))
        try await TLSServer.with(status: .ok, body: document) { port in
            let fetched = try await self.source().fetch("https://localhost:\(port)/keys")
            #expect(fetched == document)
        }
    }

    @Test func onlyOverTLSAndOnlyFromWhomWeTrust() async throws {
        let document = TestSigner.keySet(try await TestSigner.make(.es256, id: "k"))
        try await TLSServer.with(status: .ok, body: document) { port in
            await #expect(throws: (any Error).self) {
                try await self.source(trusting: false).fetch("https://localhost:\(port)/keys")
            }
            for url in ["http://localhost:\(port)/keys", "file:///etc/passwd", "data:,x", "localhost:\(port)"] {
                await #expect(throws: KeySetSource.Failure.self) { try await self.source().fetch(url) }
            }
        }
    }

    @Test(arguments: [
        (HTTPResponseStatus.found, #"{"keys":[]}"#), (.movedPermanently, ""), (.internalServerError, "{}"),
        (.ok, ""), (.ok, "<html>"), (.ok, #"{"keys":[]}"#), (.ok, #"{"keys":{}}"#),
        (.ok, #"{"keys":[\#(String(repeating: " ", count: 70_000))]}"#),
    ])
    func anythingElseIsAFailure(_ status: HTTPResponseStatus, _ body: String) async throws {
        try await TLSServer.with(status: status, body: body) { port in
            await #expect(throws: (any Error).self) {
                try await self.source().fetch("https://localhost:\(port)/keys")
            }
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        let document = TestSigner.keySet(try await TestSigner.make(.es256, id: "k"))
        let asked = Atomic(0)
        try await TLSServer.with(status: .ok, body: document, onRequest: { asked.add(1, ordering: .relaxed) }) {
            target in
            try await TLSServer.with(
                status: .found, body: "", headers: ["location": "https://localhost:\(target)/keys"]
            ) { port in
                await #expect(throws: KeySetSource.Failure.self) {
                    try await self.source().fetch("https://localhost:\(port)/keys")
                }
            }
        }
        #expect(asked.load(ordering: .relaxed) == 0)
    }

    @Test func whoNeverAnswersIsNotWaitedFor() async throws {
        try await TLSServer.with(status: nil, body: "") { port in
            let start = ContinuousClock.now
            await #expect(throws: (any Error).self) {
                try await self.source().fetch("https://localhost:\(port)/keys")
            }
            #expect(ContinuousClock.now - start < .seconds(6))
        }
    }
}

/// A server on loopback that gives one answer to everything.
enum TLSServer {
    /// - Parameter status: nil never answers.
    static func with(
        status: HTTPResponseStatus?, body: String, headers: HTTPHeaders = [:],
        onRequest: @escaping @Sendable () -> Void = {}, _ use: (_ port: Int) async throws -> Void
    ) async throws {
        let context = try NIOSSLContext(configuration: TestAuthority.server())
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        OneAnswer(status: status, body: body, headers: headers, onRequest: onRequest))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await use(channel.localAddress?.port ?? 0)
            try await channel.close()
        } catch {
            try await channel.close()
            throw error
        }
    }

    private final class OneAnswer: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let status: HTTPResponseStatus?
        private let body: String
        private var headers: HTTPHeaders
        private let onRequest: @Sendable () -> Void

        init(
            status: HTTPResponseStatus?, body: String, headers: HTTPHeaders, onRequest: @escaping @Sendable () -> Void
        ) {
            self.status = status
            self.body = body
            self.headers = headers
            self.onRequest = onRequest
            self.headers.add(name: "content-length", value: "\(body.utf8.count)")
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = self.unwrapInboundIn(data) else { return }
            self.onRequest()
            guard let status else { return }
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: self.headers)
            context.write(self.wrapOutboundOut(.head(head)), promise: nil)
            context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: self.body)))), promise: nil)
            context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

/// A certificate for localhost that nobody trusts but these tests; its key protects nothing.
enum TestAuthority {
    static func server() throws -> TLSConfiguration {
        TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(Self.certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(Self.key.utf8), format: .pem)))
    }

    /// The certificate as a file, made once for the process.
    static func file() throws -> String { try Self.path.get() }

    private static let path = Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString).pem")
        try Data(Self.certificate.utf8).write(to: url)
        return url.path
    }

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBoDCCAUWgAwIBAgIUWTtD+bFTDOSni6cW5jNXcR9OFEAwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLUHVlbnRlIHRlc3QwIBcNMjYxMTIxMTQyNDE3WhgPMjEyNjEw
        MjgxNDI0MTdaMBYxFDASBgNVBAMMC1B1ZW50ZSB0ZXN0MFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEB9r5LxeJpBbfOvpBHFef+n40dxNCvlLpFO93DOoDT10sbepW
        oUpO3wi72JzIf/GZmcBA4lg/joV3F4mzPhy7Q6NvMG0wHQYDVR0OBBYEFIB/1Z9+
        4jhXXBN6eVa+qjrpyz2PMB8GA1UdIwQYMBaAFIB/1Z9+4jhXXBN6eVa+qjrpyz2P
        MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8EBTADAQH/MAoG
        CCqGSM49BAMCA0kAMEYCIQCOTeQuA96ZH+CALJn8GHcwnPib2/bdf99b3ydMek0T
        ywIhAPEfoSwd8z6Mae2bMT/MMLjyj0ZsvlMJ27mrDWxHevky
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyvZdL1uUI4Kn4FrV
        f9cM1pfae65bInItk6FicVb/dNehRANCAAQH2vkvF4mkFt86+kEcV5/6fjR3E0K+
        UukU73cM6gNPXSxt6lahSk7fCLvYnMh/8ZmZwEDiWD+OhXcXibM+HLtD
        -----END PRIVATE KEY-----
        """
}
