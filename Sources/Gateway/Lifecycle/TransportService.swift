internal import EngineIO
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import SocketServer
internal import Transport

/// Listens while the process serves, and ends it in order: no new connections, transactions and acks
/// under way finish, transports close without `41` so that clients come back elsewhere.
struct TransportService: Service {
    let transport: TransportServer
    let sockets: SocketServer
    let state: ServiceState
    let drain: DrainSettings
    /// Sessions above this number are closed in slices, so that their clients do not all come back at once.
    let sliceThreshold = 1000
    let logger: Logger
    /// Called with the bound port once connections are accepted.
    let onReady: @Sendable (Int) async -> Void

    func run() async throws {
        let address = try await self.transport.start()
        self.state.enter(.accepting)
        await self.onReady(address.port ?? self.transport.configuration.port)
        try? await gracefulShutdown()
        try await self.end()
    }

    private func end() async throws {
        let deadline = ContinuousClock.now + self.drain.timeout
        self.state.enter(.draining)
        let sessions = await self.transport.metrics().sessionsOpen
        self.logger.info("draining", metadata: [LogKey.count.rawValue: "\(sessions)"])
        if self.drain.delay > .zero { try? await Task.sleep(for: min(self.drain.delay, self.drain.timeout)) }
        try await self.transport.stopAccepting()
        // From here on no event is taken up; those under way get their acks before their transport closes.
        self.state.enter(.closing)
        while self.sockets.runningHandlers > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
        let slices: TimeAmount = sessions > self.sliceThreshold ? .seconds(1) : .zero
        await self.transport.closeSessions(.serverShuttingDown, over: slices)
        let rest = max(Duration.zero, deadline - ContinuousClock.now)
        try await self.transport.shutdown(deadline: .milliseconds(min(rest.inMilliseconds, 5000)))
        self.logger.info("drained")
    }
}
