internal import EngineIO
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import SocketIO
internal import SocketServer
internal import Transport

/// The listeners, in the order of their ports.
enum Listener: Int, CaseIterable {
    /// The official suites of Engine.IO v4 and Socket.IO v5.
    case strict
    /// The official suite of Engine.IO v3.
    case strictEIO3
    /// Real clients.
    case app
    /// Clients with the msgpack parser.
    case msgpack
    /// Connection state recovery.
    case recovery
    /// The load generator.
    case bench
    /// WebSocket echo for Autobahn.
    case autobahn

    /// - Returns: the server of this port, and what speaks Socket.IO on it, if anything does.
    func makeServer(
        host: String, firstPort: Int, tls: TLSIdentity?, bundle: ClientBundle?, group: MultiThreadedEventLoopGroup,
        logger: Logger
    ) -> (transport: TransportServer, sockets: SocketServer?) {
        var configuration = TransportConfiguration(host: host, port: firstPort + self.rawValue)
        configuration.tls = tls
        if self == .autobahn {
            // Its cases ask for every combination, and count what is compressed.
            configuration.perMessageDeflate = PerMessageDeflate(
                threshold: 0, serverNoContextTakeover: false, clientNoContextTakeover: false)
        }
        let sockets = self == .autobahn ? nil : self.socketServer(logger: logger)
        let transport = TransportServer(
            configuration: configuration,
            endpoints: sockets.map(self.endpoints) ?? [],
            webSockets: self.webSockets,
            fallback: BundleFallback(bundle: bundle),
            group: group,
            logger: logger)
        return (transport, sockets)
    }

    // MARK: Engine.IO

    private func endpoints(_ sockets: SocketServer) -> [EngineEndpoint] {
        let socketIO = EngineEndpoint(
            path: "/socket.io", configuration: self.engineConfiguration, handler: sockets,
            cors: self.cors, fallbackFiles: ClientBundle.fileNames)
        guard self == .strict || self == .strictEIO3 else { return [socketIO] }
        let echo = EngineEndpoint(
            path: "/engine.io", configuration: self.engineConfiguration, handler: EngineEcho(),
            cors: self.cors)
        return [socketIO, echo]
    }

    /// Version 2 of the JavaScript client sends its requests with credentials, which `*` does not allow.
    private var cors: StaticCORSPolicy {
        switch self {
        case .app: .reflect
        case .strict, .strictEIO3, .msgpack, .recovery, .bench, .autobahn: .anyOrigin
        }
    }

    private var engineConfiguration: EngineConfiguration {
        switch self {
        case .strict:
            EngineConfiguration(pingInterval: .milliseconds(300), pingTimeout: .milliseconds(200))
        case .strictEIO3:
            EngineConfiguration(
                pingInterval: .milliseconds(300), pingTimeout: .milliseconds(200), revisions: [.v3, .v4])
        case .app:
            EngineConfiguration(upgradeTimeout: .seconds(1), maxPayload: 4_000_000, revisions: [.v3, .v4])
        case .msgpack, .recovery:
            EngineConfiguration(upgradeTimeout: .seconds(1), maxPayload: 4_000_000)
        case .bench, .autobahn:
            EngineConfiguration()
        }
    }

    // MARK: Socket.IO

    private func socketServer(logger: Logger) -> SocketServer {
        var configuration = SocketServerConfiguration()
        switch self {
        case .strict, .strictEIO3:
            configuration.connectTimeout = .seconds(1)
        case .app, .msgpack, .recovery:
            configuration.connectTimeout = .seconds(2)
        case .bench, .autobahn:
            break
        }
        if self == .msgpack { configuration.codec = .messagePack }
        if self == .recovery { configuration.recovery = RecoveryConfiguration() }
        let server = SocketServer(configuration: configuration, logger: logger)
        switch self {
        case .bench:
            BenchEvents.register(on: server.namespace("/"))
        case .strict, .strictEIO3:
            let reasons = DisconnectReasons()
            for name in ["/", "/custom"] {
                BasicEvents.register(on: server.namespace(name), reasons: reasons)
            }
        case .app, .msgpack, .recovery:
            self.registerApplication(on: server)
        case .autobahn:
            break
        }
        return server
    }

    private func registerApplication(on server: SocketServer) {
        let reasons = DisconnectReasons()
        var namespaces = ["/", "/custom", "/auth"].map(server.namespace)
        server.namespace("/auth").use(Middlewares.secret)
        if self == .app {
            namespaces.append(server.namespace("/slow").use(Middlewares.slow))
            let dynamic = server.namespaces(matching: #/\/dyn-[0-9]+/#)
            dynamic.inLoop.onConnection { socket in socket.emit("dyn", [.string(socket.namespace.name)]) }
            namespaces.append(dynamic)
        }
        for namespace in namespaces {
            BasicEvents.register(on: namespace, reasons: reasons)
            RoomEvents.register(on: namespace)
            AnswerEvents.register(on: namespace)
            ConnectionEvents.register(on: namespace)
        }
    }

    // MARK: WebSocket

    private var webSockets: [WebSocketEndpoint] {
        guard self == .autobahn else { return [] }
        let limits = WebSocketLimits(maxMessage: 32 << 20, maxFragments: 131_072)
        return [
            WebSocketEndpoint(prefix: "/", limits: limits, idleTimeout: .seconds(300)) { WebSocketEcho() }
        ]
    }
}
