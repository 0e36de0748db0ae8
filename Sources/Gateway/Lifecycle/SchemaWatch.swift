internal import Logging
internal import ServiceLifecycle
internal import Storage

/// Looks every few seconds whether the schema is still the one that this program knows, and tells `/readyz`.
struct SchemaWatch: Service {
    private static let interval: Duration = .seconds(5)

    let database: Database
    let state: ServiceState
    let logger: Logger

    /// One look. Where PostgreSQL is away, what was seen last holds: that it is away is told elsewhere.
    func look() async {
        let outcome = try? await self.database.transaction(.none) { try SchemaCheck.outcome($0) }
        guard let outcome, outcome != self.state.schema else { return }
        self.state.schema = outcome
        switch outcome {
        case .ok: self.logger.notice("the schema is the one that this version knows again")
        case .newer: self.logger.error("the database was migrated by a newer version: replace this one by that")
        case .different: self.logger.error("the schema is not the one that this version knows: restart to migrate it")
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.look()
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }
}
