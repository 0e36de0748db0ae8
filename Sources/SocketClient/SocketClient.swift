internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket
package import SocketIO

/// A small Socket.IO v5 client (Engine.IO v4, WebSocket only, namespace `/`) for this package's own use: the demo's
/// bot and tests that want a peer in Swift.
///
/// It shares the packet codecs with the server and nothing else: the WebSocket framing is NIO's, so it is no proof of
/// the server's own. It does not reconnect; whoever needs that calls ``withConnection(auth:_:)`` again.
package struct SocketClient: Sendable {
    package var host: String
    package var port: Int
    /// With the slash at its end.
    package var path: String
    /// Whether the connection is encrypted.
    package var security = Security.plain
    /// Sent with the upgrade request, beside the headers that WebSocket needs.
    package var headers: [(name: String, value: String)]
    /// The largest message that is taken, in bytes.
    package var maximumMessageSize: Int

    /// How a connection is protected.
    package enum Security: Sendable, Equatable {
        case plain
        /// TLS without a look at the certificate: for a server of this very process, or of a test.
        case unverified
        /// TLS with a certificate signed by one of those in this PEM file, for the host's name.
        case trusting(file: String)
    }

    package init(
        host: String = "127.0.0.1", port: Int, path: String = "/socket.io/",
        headers: [(name: String, value: String)] = [], maximumMessageSize: Int = 4_000_000
    ) {
        self.host = host
        self.port = port
        self.path = path
        self.headers = headers
        self.maximumMessageSize = maximumMessageSize
    }

    private typealias Frames = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    /// Connects, runs `body`, and closes when it returns or throws.
    ///
    /// When the server ends the connection, ``SocketClientConnection/events`` ends and requests under way throw
    /// `disconnected`; `body` decides what that means.
    ///
    /// - Parameter auth: the payload of CONNECT.
    /// - Throws: ``SocketClientError`` or the error of connecting; what `body` throws.
    package func withConnection<Result: Sendable>(
        auth: JSONObject? = nil,
        _ body: (SocketClientConnection) async throws -> Result
    ) async throws -> Result {
        guard let frames = try await self.open() else {
            throw SocketClientError(.notUpgraded, "the server did not upgrade to a WebSocket")
        }
        return try await frames.executeThenClose { inbound, outbound in
            let connection = SocketClientConnection(outbound: outbound, eventLoop: frames.channel.eventLoop)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await connection.read(inbound)
                }
                try await connection.connect(auth: auth)
                let result = try await body(connection)
                await connection.leave()
                group.cancelAll()
                return result
            }
        }
    }

    /// The channel after the upgrade, nil where the server answered with something else.
    private func open() async throws -> Frames? {
        let context = try self.context()
        let negotiation = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: self.host, port: self.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: self.serverName)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                        configuration: .init(upgradeConfiguration: self.upgrade())
                    )
                }
            }
        return try await negotiation.get()
    }

    /// The name to ask for; addresses are none.
    private var serverName: String? {
        (try? SocketAddress(ipAddress: self.host, port: 0)) == nil ? self.host : nil
    }

    private func context() throws -> NIOSSLContext? {
        var configuration = TLSConfiguration.makeClientConfiguration()
        switch self.security {
        case .plain:
            return nil
        case .unverified:
            configuration.certificateVerification = .none
        case .trusting(let file):
            configuration.trustRoots = .file(file)
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func upgrade() -> NIOTypedHTTPClientUpgradeConfiguration<Frames?> {
        let limit = self.maximumMessageSize
        let upgrader = NIOTypedWebSocketClientUpgrader<Frames?>(maxFrameSize: limit) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024, maxAccumulatedFrameSize: limit
                    )
                )
                return try Frames(wrappingChannelSynchronously: channel)
            }
        }
        var headers = HTTPHeaders(self.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Host", value: "\(self.host):\(self.port)")
        let uri = "\(self.path)?EIO=4&transport=websocket"
        return NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: HTTPRequestHead(version: .http1_1, method: .GET, uri: uri, headers: headers),
            upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in channel.close().map { nil } }
        )
    }
}
