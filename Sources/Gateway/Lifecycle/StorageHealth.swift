internal import ServiceLifecycle
internal import Storage

/// Tells the process when PostgreSQL goes away and comes back.
struct StorageHealth: Service {
    let database: Database
    let state: ServiceState

    func run() async throws {
        for await isAvailable in self.database.availability.cancelOnGracefulShutdown() {
            self.state.isStorageAvailable = isAvailable
        }
        // The stream ends with the pool; this service ends with the group.
        try? await gracefulShutdown()
    }
}

/// Keeps the private server running: one that dies is started again.
struct EmbeddedServerSupervision: Service {
    let server: EmbeddedServer

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.server.supervise() }
    }
}
