internal import Assignment
internal import Logging
internal import ServiceLifecycle
internal import SocketServer
internal import Storage

/// Everything behind the sockets, put together: relay, routing, presence, sessions, events.
struct SocketSide: Sendable {
    let configuration: GatewayConfiguration
    let database: Database
    let authenticator: Authenticator
    /// The run of this node, for its leases.
    let node: PresenceKeeper.Node
    let logger: Logger
    var load = LoadLevel()
    var quotas = WorkspaceQuotas()

    /// What runs beside the sockets, and what REST shares with them.
    struct Running: Sendable {
        var services: Services
        var registry: SessionRegistry
        /// Takes up what is applied; looked at once before connections are accepted, so that quotas hold from the first one on.
        var watch: WorkspaceWatch
        /// To be started before connections are accepted, and stopped after the last one is gone.
        var lifecycle: [any Service]
    }

    /// Registers the gateway on the server's one namespace.
    func install(on server: SocketServer) -> Running {
        let namespace = server.namespace("/")
        let clock = DatabaseClock(database: self.database)
        let broadcaster = NamespaceBroadcaster(namespace: namespace, clock: clock)
        let news = NodeNews(database: self.database, node: self.node.life, logger: self.logger)
        let (typing, streams, roster) = (TypingBoard(), StreamBoard(), ChatRoster())
        let bell = DispatchBell()
        let relay = Relay(
            members: ChatMembers(broadcaster: broadcaster, roster: roster, typing: typing, streams: streams),
            outbox: OutboxPoller(database: self.database, node: self.node.life), node: self.node.life,
            onCommit: {
                news.committed()
                bell.hear($0)
            }, logger: self.logger)
        let changes = Changes(database: self.database) { await relay.publish($0) }
        let dispatcher = Dispatcher(
            changes: changes, settings: self.configuration.routing, bell: bell, logger: self.logger)
        let presence = PresenceKeeper(
            changes: changes, dispatcher: dispatcher, configuration: self.configuration, node: self.node,
            logger: self.logger)
        let sweeper = Sweeper(
            changes: changes, dispatcher: dispatcher, presence: presence, configuration: self.configuration,
            logger: self.logger)
        let registry = SessionRegistry()
        let board = QueueBoard(
            database: self.database, registry: registry, broadcaster: broadcaster, logger: self.logger)
        let desk = MessageDesk(
            database: self.database, relay: relay, typing: typing, broadcaster: broadcaster, logger: self.logger)
        let services = Services(
            database: self.database, relay: relay, desk: desk, broadcaster: broadcaster,
            configuration: self.configuration,
            routing: ChatRouter(dispatcher: dispatcher, configuration: self.configuration),
            rates: RateLimiter(isEnabled: self.configuration.limits.enabled), typing: typing, streams: streams,
            roster: roster, registry: registry, board: board, tokens: self.authenticator, presence: presence,
            clock: clock, history: HistoryLine(width: self.configuration.limits.historyReads), logger: self.logger,
            load: self.load)
        // Lays the lexicons out now, so that the first visitor does not wait for it with a row locked.
        _ = Sentiment.read("")
        Sessions(
            services: services, authenticator: self.authenticator, presence: presence, registry: registry,
            quotas: self.quotas,
            addresses: CountedAddress(http: self.configuration.http, limits: self.configuration.limits),
            logger: self.logger
        ).install(on: namespace)
        let watch = WorkspaceWatch(
            database: self.database, registry: registry, dispatcher: dispatcher, quotas: self.quotas,
            logger: self.logger)
        return Running(
            services: services, registry: registry, watch: watch,
            lifecycle: [
                desk, relay, NodeNewsService(news: news, relay: relay), dispatcher, presence, sweeper, board,
                SessionExpiry(registry: registry),
                PrivacyKeeper(database: self.database, registry: registry, logger: self.logger), watch,
            ])
    }
}
