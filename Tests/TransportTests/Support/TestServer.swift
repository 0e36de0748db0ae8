import EngineIO
import HTTPTypes
import Logging
import NIOCore
import NIOPosix

@testable import Transport

/// A server on a port of its own, with an engine at `/engine.io/` that records and echoes.
struct TestServer: Sendable {
    static let clients = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    /// Two loops, so that sessions and their later connections often live apart.
    static let servers = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    let engine = RecordingEngine()
    let server: TransportServer
    let address: SocketAddress

    static func run(
        _ engineConfiguration: EngineConfiguration = EngineConfiguration(),
        cors: any CORSPolicy = StaticCORSPolicy.off,
        webSockets: [WebSocketEndpoint] = [],
        cookie: SessionCookie? = nil,
        addsTrailingSlash: Bool = true,
        fallbackFiles: Set<String> = [],
        budget: FileDescriptorBudget = FileDescriptorBudget(limit: 4096),
        group: MultiThreadedEventLoopGroup = servers,
        sharing: NIOBSDSocket.Option? = TransportServer.portSharing,
        logger: Logger = Logger(label: "test"),
        configure: (inout TransportConfiguration) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        var configuration = TransportConfiguration(port: 0)
        configure(&configuration)
        let server = try await TestServer(
            configuration, webSockets: webSockets, budget: budget, group: group, sharing: sharing, logger: logger
        ) { engine in
            EngineEndpoint(
                path: "/engine.io", addsTrailingSlash: addsTrailingSlash, configuration: engineConfiguration,
                handler: engine, cors: cors, cookie: cookie, fallbackFiles: fallbackFiles)
        }
        do {
            try await body(server)
        } catch {
            try? await server.server.shutdown(deadline: .zero)
            throw error
        }
        try await server.server.shutdown(deadline: .zero)
    }

    private init(
        _ configuration: TransportConfiguration, webSockets: [WebSocketEndpoint], budget: FileDescriptorBudget,
        group: MultiThreadedEventLoopGroup, sharing: NIOBSDSocket.Option?, logger: Logger,
        endpoint: (RecordingEngine) -> EngineEndpoint
    ) async throws {
        server = TransportServer(
            configuration: configuration,
            endpoints: [endpoint(engine)],
            webSockets: webSockets,
            fallback: EchoFallback(),
            group: group,
            logger: logger,
            budget: budget)
        address = try await server.start(sharing: sharing)
    }

    func client() async throws -> RawClient {
        let isSecure = server.configuration.tls != nil
        return try await RawClient.connect(to: address, tls: isSecure ? try TestCertificates.client() : nil)
    }

    /// Lets the loops handle what was sent: some turns of each, because a connection is accepted in one, read in the next,
    /// and a request may go to its session's loop and back.
    func settle() async {
        for _ in 0..<5 { _ = await server.metrics() }
    }

    /// Opens a polling session; its id, and the connection that was used.
    func poll() async throws -> (sid: String, client: RawClient) {
        let client = try await client()
        let reply = try await client.get(Self.polling)
        return (try Self.sid(of: reply.text), client)
    }

    /// Opens a WebSocket session.
    func webSocket() async throws -> (sid: String, client: RawClient) {
        let client = try await client()
        let reply = try await client.upgrade(Self.webSocket)
        guard reply.status == 101 else { throw HTTPReply.Malformed() }
        return (try Self.sid(of: try await client.frame().text), client)
    }

    static let polling = "/engine.io/?EIO=4&transport=polling"
    static let webSocket = "/engine.io/?EIO=4&transport=websocket"

    static func sid(of text: String) throws -> String {
        guard text.hasPrefix("0{\"sid\":\""), text.utf8.count > 29 else { throw HTTPReply.Malformed() }
        return String(text.dropFirst(9).prefix(20))
    }
}

/// Answers with what it was asked.
struct EchoFallback: FallbackHandler {
    struct Broken: Error {}

    func respond(to request: FallbackRequest) async -> FallbackResponse {
        switch request.head.path {
        case "/stream":
            FallbackResponse(
                head: HTTPResponse(status: .ok),
                body: .streamed { writer in
                    for piece in ["one", "two", "three"] { try await writer.write(ByteBuffer(string: piece)) }
                })
        case "/broken":
            FallbackResponse(
                head: HTTPResponse(status: .ok),
                body: .streamed { writer in
                    try await writer.write(ByteBuffer(string: "half"))
                    throw Broken()
                })
        default:
            FallbackResponse(
                status: .ok, headers: [.contentType: "text/plain"],
                body: ByteBuffer(
                    string: "\(request.head.method) \(request.head.path ?? "") \(String(buffer: request.body))"))
        }
    }
}
