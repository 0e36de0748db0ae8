internal import Assignment
internal import EngineIO
internal import Foundation
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import SocketServer
internal import Storage
internal import Transport

/// Puts the house together: which object knows which, and in what order they start and stop.
struct Composition {
    let configuration: GatewayConfiguration
    let storage: OpenStorage
    let metrics: MetricsRegistry
    let loops: MultiThreadedEventLoopGroup
    /// What the listener shows; nil without TLS.
    let tls: TLSIdentity?
    /// Who wants to know when it is ready, and whether it is alive; nil without systemd.
    let systemd: SystemdNotifier?
    let logger: Logger

    /// The services in the order of their start; they stop in the reverse order.
    func services() async throws -> [any Service] {
        let state = ServiceState(
            limitsEnabled: self.configuration.limits.enabled,
            insecure: self.configuration.webhooks.allowPrivate ? ["webhooks.allowPrivate"] : [])
        let directory = CredentialDirectory(
            database: self.storage.database, configuredOrigins: self.configuration.http.origins, logger: self.logger
        )
        // CORS decisions need the lists before the first request.
        try await directory.renew()
        let key = try await self.storage.installKey(self.configuration.jwt)
        let tokens = await Tokens(key: key, settings: self.configuration.jwt)
        let badCredentials = BadCredentials(perMinute: self.configuration.limits.badCredentialsPerMinute)
        let authenticator = Authenticator(
            tokens: tokens, directory: directory, badCredentials: badCredentials,
            queryCredentials: self.configuration.http.queryCredentials
        )
        let load = LoadLevel()
        let quotas = WorkspaceQuotas()
        let full = FullWorkspace(
            quotas: quotas, directory: directory, queryCredentials: self.configuration.http.queryCredentials)
        var socketSettings = SocketServerConfiguration()
        // As many as a crowd of stock clients needs for the moment between handshake and CONNECT.
        socketSettings.maxNewcomers = max(1000, FileDescriptorBudget.process.capacity / 20)
        let sockets = SocketServer(configuration: socketSettings, logger: self.logger)
            .onConnectionError { [logger] in logger.debug("a request was refused", error: $0) }
        let ticks = LoopTicks(group: self.loops)
        let transport = try self.transport(
            sockets: sockets, state: state, ticks: ticks, directory: directory, authenticator: authenticator,
            badCredentials: badCredentials, load: load, full: full
        )
        self.addMetricSources(transport: transport, state: state)
        let socketSide = SocketSide(
            configuration: self.configuration, database: self.storage.database, authenticator: authenticator,
            node: PresenceKeeper.Node(id: try self.storage.nodeID(), life: self.storage.life),
            logger: self.logger, load: load, quotas: quotas
        ).install(on: sockets)
        try await socketSide.watch.look()
        self.addMetricSource(desk: socketSide.services.desk)
        self.addMetricSource(quotas: quotas)
        self.addMetricSource(history: socketSide.services.history)
        directory.onWithdrawal {
            socketSide.registry.kick(.unauthenticated) { !authenticator.stands($0) }
        }

        var services: [any Service] = []
        if let server = self.storage.server { services.append(EmbeddedServerSupervision(server: server)) }
        services.append(StorageHealth(database: self.storage.database, state: state))
        services.append(SchemaWatch(database: self.storage.database, state: state, logger: self.logger))
        services.append(directory)
        services.append(self.keySets(directory))
        services.append(ticks)
        if let watchdog = SystemdWatchdog(self.systemd, isAlive: { ticks.isAlive() }) { services.append(watchdog) }
        services.append(self.loadWatch(load, transport))
        if let metricsTransport = self.metricsTransport() {
            services.append(MetricsListener(transport: metricsTransport, logger: self.logger))
        }
        services += socketSide.lifecycle
        services.append(self.webhooks())
        let demo = self.configuration.demo ? try await Demo(database: self.storage.database, tokens: tokens) : nil
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        services.append(
            TransportService(
                transport: transport, sockets: sockets, state: state, drain: self.configuration.drain,
                logger: self.logger,
                onReady: { number in
                    self.announce(port: number, demo: demo)
                    self.systemd?.send(.ready)
                    port.yield(number)
                }
            )
        )
        if let demo { services.append(try demo.bot(listener: self.configuration, port: ports, logger: self.logger)) }
        return services
    }

    private func webhooks() -> WebhookCourier {
        let settings = self.configuration.webhooks
        if settings.allowPrivate {
            self.logger.warning("webhooks may go to private addresses and over http: for development only")
        }
        let courier = WebhookCourier(
            database: self.storage.database, sender: WebhookSender(loops: self.loops, settings: settings),
            settings: settings, logger: self.logger)
        self.addMetricSource(webhooks: courier)
        return courier
    }

    private func loadWatch(_ load: LoadLevel, _ transport: TransportServer) -> LoadWatch {
        let limits = self.configuration.limits
        let memory = limits.memory.map { $0 > 0 ? $0 << 20 : nil } ?? ProcessMemory.limitOfGroup
        return LoadWatch(
            load: load, database: self.storage.database, loops: self.loops, transport: transport, memoryLimit: memory,
            limits: limits, logger: self.logger)
    }

    private func keySets(_ directory: CredentialDirectory) -> KeySetKeeper {
        let source = KeySetSource(loops: self.loops, authorities: self.configuration.jwt.keySetAuthorities)
        let keeper = KeySetKeeper(
            database: self.storage.database, directory: directory, logger: self.logger,
            fetch: { try await source.fetch($0) })
        // The keeper knows the directory; the other way round there is only this.
        directory.setFetcher { [weak keeper] in await keeper?.refresh($0) }
        return keeper
    }

    // MARK: The port

    private func transport(
        sockets: SocketServer, state: ServiceState, ticks: LoopTicks, directory: CredentialDirectory,
        authenticator: Authenticator, badCredentials: BadCredentials, load: LoadLevel, full: FullWorkspace
    ) throws -> TransportServer {
        let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
        let isLoopback = Loopback.contains(host: self.configuration.host)
        let database = self.storage.database
        HealthRoutes(
            state: state, ticks: ticks, metrics: self.metrics, servesMetrics: isLoopback,
            shedding: {
                let descriptors = FileDescriptorBudget.process
                return Shedding.now(
                    database.statistics, connections: descriptors.inUse, capacity: descriptors.capacity, load: load)
            }
        ).add(to: router)
        let addresses = CountedAddress(http: self.configuration.http, limits: self.configuration.limits)
        GetChats(authenticator: authenticator, database: self.storage.database, addresses: addresses).add(to: router)
        if self.configuration.demo { StaticPages.demo.addRoutes(to: router) }
        let bundle = ClientBundle.find()
        if bundle == nil { self.logger.notice("no JavaScript client found to serve: run make setup") }
        let endpoint = EngineEndpoint(
            configuration: EngineConfiguration(
                pingInterval: .milliseconds(self.configuration.engine.pingInterval.inMilliseconds),
                pingTimeout: .milliseconds(self.configuration.engine.pingTimeout.inMilliseconds),
                revisions: self.configuration.engine.v3 ? [.v3, .v4] : [.v4]
            ),
            handler: HandshakeGate(
                before: sockets, state: state, http: self.configuration.http, limits: self.configuration.limits,
                badCredentials: badCredentials, load: load, isFull: { full.contains($0) }
            ),
            cors: OriginPolicy(directory: directory),
            fallbackFiles: ClientBundle.fileNames
        )
        var configuration = TransportConfiguration(host: self.configuration.host, port: self.configuration.port)
        configuration.tls = self.tls
        if self.configuration.engine.perMessageDeflate { configuration.perMessageDeflate = PerMessageDeflate() }
        return TransportServer(
            configuration: configuration,
            endpoints: [endpoint],
            fallback: HTTPFallback(router: router, clientBundle: bundle, logger: self.logger),
            group: self.loops, logger: self.logger
        )
    }

    private func metricsTransport() -> TransportServer? {
        guard let port = self.configuration.metricsPort else { return nil }
        let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
        MetricsRoute(metrics: self.metrics).add(to: router)
        return TransportServer(
            configuration: TransportConfiguration(host: self.configuration.host, port: port), endpoints: [],
            fallback: HTTPFallback(router: router, logger: self.logger), group: self.loops, logger: self.logger
        )
    }

    /// What scripts wait for on stdout.
    private func announce(port: Int, demo: Demo?) {
        let host = self.configuration.host
        let address = "\(self.tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        StandardOutput.line("ready \(address)")
        for link in demo?.links(address: address) ?? [] { StandardOutput.line(link) }
    }
}
