import EngineIO
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Transport

extension WireTests {
    /// What Autobahn is shown is what clients get: the listener that echoes, the engine's and both over TLS have the same
    /// handlers in the same order, but for what lies above them.
    @Suite struct PipelineTests {
        private static let http = [
            "RawByteGuardHandler", "ByteToMessageHandler", "HTTPResponseEncoder",
            "NIOHTTPResponseHeadersValidator", "HTTPConnection",
        ]

        /// The types of a pipeline's handlers without their parameters, in their order.
        private static func handlers(_ pipeline: ChannelPipeline) -> [String] {
            pipeline.debugDescription.split(separator: "\n").dropFirst(2).compactMap { line in
                line.split(separator: " ").first { $0 != "↓↑" }.map { String($0.prefix { $0 != "<" }) }
            }
        }

        private static func httpHandlers(tls: TLSIdentity?) throws -> [String] {
            var configuration = TransportConfiguration()
            configuration.tls = tls
            let channel = EmbeddedChannel()
            let server = ServerContext(
                configuration: configuration, engines: [], webSockets: [], fallback: EchoFallback(),
                logger: Logger(label: "test"), budget: FileDescriptorBudget(limit: 1))
            try TransportServer.configure(channel, LoopContext(eventLoop: channel.eventLoop, server: server))
            defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
            return handlers(channel.pipeline)
        }

        @Test("HTTP: TLS is one handler more, in front") func http() throws {
            let plain = try Self.httpHandlers(tls: nil)
            #expect(plain == Self.http)
            let identity = try TestCertificates.identity("first")
            #expect(try Self.httpHandlers(tls: identity) == ["NIOSSLServerHandler"] + plain)
        }

        /// Echoes, and says what its pipeline was made of.
        private final class Echo: WebSocketDelegate {
            private let seen: @Sendable ([String]) -> Void

            init(_ seen: @escaping @Sendable ([String]) -> Void) { self.seen = seen }

            func webSocket(_ socket: WebSocketConnection, received message: EngineMessage) {
                if let context = socket.context { seen(PipelineTests.handlers(context.pipeline)) }
                socket.send(message)
            }
        }

        /// The handlers of an upgraded connection: the engine's, and the plain service's.
        private func upgraded(tls: TLSIdentity?) async throws -> (engine: [String], echo: [String]) {
            let seen = Mutex<[String]>([])
            let service = WebSocketEndpoint(
                prefix: "/echo", limits: WebSocketLimits(maxMessage: 100, maxFragments: 10),
                idleTimeout: .seconds(60), makeDelegate: { Echo { handlers in seen.withLock { $0 = handlers } } })
            let engine = Mutex<[String]>([])
            try await TestServer.run(webSockets: [service], configure: { $0.tls = tls }) { server in
                let plain = try await server.client()
                #expect(try await plain.upgrade("/echo").status == 101)
                try await plain.send(.text("x"))
                #expect(try await plain.frame() == .text("x"))
                let (sid, client) = try await server.webSocket()
                // The answer to this comes when no handler of HTTP is left.
                try await client.send(.text("4x"))
                #expect(try await client.frame() == .text("4x"))
                let connection = try #require(server.engine.connection(sid))
                let found = try await connection.eventLoop.submit {
                    (connection.socket?.context?.pipeline).map(Self.handlers) ?? []
                }.get()
                engine.withLock { $0 = found }
            }
            return (engine.withLock { $0 }, seen.withLock { $0 })
        }

        @Test("WebSocket: the echo for Autobahn runs on the engine's pipeline, plain and over TLS")
        func webSocket() async throws {
            let plain = try await upgraded(tls: nil)
            #expect(plain.engine == ["WebSocketConnection"])
            #expect(plain.echo == plain.engine)
            let secure = try await upgraded(tls: try TestCertificates.identity("first"))
            #expect(secure.engine == ["NIOSSLServerHandler"] + plain.engine)
            #expect(secure.echo == secure.engine)
        }
    }
}
