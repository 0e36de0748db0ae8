import EngineIO
import Logging
import NIOCore
import NIOPosix
import SocketServer
import Testing
import Transport

/// A server on a port of its own, on two event loops unless told otherwise.
struct TestServer {
    let sockets: SocketServer
    let port: Int
    let transport: TransportServer
    let group: MultiThreadedEventLoopGroup

    private init(sockets: SocketServer, port: Int, transport: TransportServer, group: MultiThreadedEventLoopGroup) {
        self.sockets = sockets
        self.port = port
        self.transport = transport
        self.group = group
    }

    /// Runs `body` with a server and ends it, whatever happens.
    ///
    /// - Parameter watched: what stands between Engine.IO and the server.
    static func run(
        _ configuration: SocketServerConfiguration = SocketServerConfiguration(),
        loops: Int = 2,
        adapter: SocketServer.AdapterFactory? = nil,
        transport configure: (inout TransportConfiguration) -> Void = { _ in },
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        watched: (SocketServer) -> any EngineHandler = { $0 },
        register: (SocketServer) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let sockets = SocketServer(configuration: configuration, logger: logger, adapter: adapter)
        register(sockets)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        var transportConfiguration = TransportConfiguration(port: 0)
        configure(&transportConfiguration)
        let transport = TransportServer(
            configuration: transportConfiguration,
            endpoints: [
                EngineEndpoint(
                    configuration: EngineConfiguration(revisions: [.v3, .v4]), handler: watched(sockets))
            ],
            fallback: NotFoundFallback(), group: group, logger: logger)
        let address = try await transport.start()
        let server = TestServer(sockets: sockets, port: address.port ?? 0, transport: transport, group: group)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        try await transport.shutdown(deadline: .seconds(1))
        try await group.shutdownGracefully()
        try result.get()
    }

    /// A client whose Engine.IO session is open.
    ///
    /// - Parameter first: What it sends together with its request.
    func client(first: String? = nil) async throws -> WireClient {
        try await WireClient.connect(port: self.port, group: self.group, first: first)
    }

    /// A client of Socket.IO 2, which is in the root namespace without asking.
    func olderClient(query: String = "") async throws -> WireClient {
        try await WireClient.connect(port: self.port, query: "EIO=3&transport=websocket&\(query)", group: self.group)
    }

    /// A client that has joined namespaces.
    func client(in namespaces: String...) async throws -> WireClient {
        let client = try await self.client()
        for namespace in namespaces {
            let path = namespace == "/" ? "" : namespace + ","
            client.send("40" + path)
            _ = try await client.expect(prefix: "40" + path + "{\"sid\":\"")
        }
        return client
    }
}
