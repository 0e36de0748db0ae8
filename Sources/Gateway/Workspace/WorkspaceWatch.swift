internal import Assignment
internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Synchronization

/// Takes up what `gateway apply` changed, on every node, within two seconds.
///
/// Queues and commercials are read where they are used, in the transaction that needs them. What is left is what sockets
/// remember, the rooms of their queues, and what is asked where no transaction is: how many connections there may be.
final class WorkspaceWatch: Sendable {
    private let database: Database
    private let registry: SessionRegistry
    private let dispatcher: Dispatcher
    private let quotas: WorkspaceQuotas
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        /// As of the last look; nil before the first one.
        var revisions: [String: Int64]?
        /// Looked at once more in the next turn: somebody who connected meanwhile may have read what was before.
        var again: Set<String> = []
    }

    init(
        database: Database, registry: SessionRegistry, dispatcher: Dispatcher, quotas: WorkspaceQuotas, logger: Logger
    ) {
        self.database = database
        self.registry = registry
        self.dispatcher = dispatcher
        self.quotas = quotas
        self.logger = logger
    }

    /// One look.
    func look() async throws {
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        guard !workspaces.isEmpty else { return }
        let (revisions, limits) = try await self.database.transaction(.workspaces(workspaces)) { sql in
            (try Profiles.revisions(sql), try Workspaces.connectionLimits(sql))
        }
        self.quotas.set(limits)
        let due = self.state.withLock { state in
            let changed = state.revisions.map { known in
                Set(revisions.filter { known[$0.key] != $0.value }.keys)
            }
            defer {
                state.revisions = revisions
                state.again = changed ?? []
            }
            return state.again.union(changed ?? [])
        }
        for workspace in due.sorted() { try await self.takeUp(workspace) }
    }

    /// Puts every commercial of this node into the rooms of their queues, and of no others.
    private func takeUp(_ workspace: String) async throws {
        let (queues, members) = try await self.database.transaction(.workspace(workspace)) { sql in
            (try Workspaces.queues(sql, workspace), try Profiles.members(sql, workspace))
        }
        let own = Dictionary(members.map { ($0.id, $0.queues) }, uniquingKeysWith: { first, _ in first })
        for session in self.registry.all {
            let principal = session.principal
            guard principal.workspace == workspace, principal.role == .commercial,
                let served = own[principal.subject]
            else { continue }
            let others = queues.filter { !served.contains($0) }
            session.socket.join(served.sorted().map { .queue(workspace, $0) })
            session.socket.leave(others.map { .queue(workspace, $0) })
        }
        // Somebody may have become able to take what waits.
        for queue in queues { self.dispatcher.wake(QueueKey(workspace: workspace, queue: queue)) }
    }
}

extension WorkspaceWatch: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.look()
                } catch {
                    self.logger.debug("what was applied is taken up later", error: error)
                }
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }
}
