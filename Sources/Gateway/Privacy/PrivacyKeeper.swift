internal import Assignment
internal import Crypto
internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Synchronization

/// Ends the sockets of visitors who were forgotten, within a second or so, and removes what workspaces do not keep.
///
/// Every node runs one; of two that meet at the same chats, one does the work.
final class PrivacyKeeper: Sendable {
    private let database: Database
    private let registry: SessionRegistry
    private let logger: Logger
    /// Erasures of the last minutes that were seen; nil until the first look: whoever connects later comes as somebody new.
    private let seen = Mutex<Set<Int64>?>(nil)

    /// Seconds between two sweeps.
    private static let turnsBetweenSweeps = 60
    /// Steps of one class in one sweep: what is left waits for the next one.
    private static let steps = 40

    init(database: Database, registry: SessionRegistry, logger: Logger) {
        self.database = database
        self.registry = registry
        self.logger = logger
    }

    /// One look for visitors who were forgotten.
    func look() async throws {
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        guard !workspaces.isEmpty else { return }
        let recent = try await self.database.transaction(.workspaces(workspaces)) { try Privacy.recentErasures($0) }
        let before = self.seen.withLock { seen in
            defer { seen = Set(recent.map(\.id)) }
            return seen
        }
        // At the first look the sessions of this node are younger than every erasure it finds.
        guard let before else { return }
        let hashes = Set(recent.filter { !before.contains($0.id) }.map(\.hash))
        guard !hashes.isEmpty else { return }
        self.registry.kick(.unauthenticated) { principal in
            principal.role == .visitor
                && hashes.contains(Self.hash(workspace: principal.workspace, subject: principal.subject))
        }
    }

    /// As the schema's `erase_visitor` writes it.
    static func hash(workspace: String, subject: String) -> String {
        Hexadecimal.encode(SHA256.hash(data: Array("\(workspace)\n\(subject)".utf8)))
    }

    /// Removes what is over its time; how much per class, over all workspaces.
    @discardableResult
    func sweep() async throws -> [Retention.Class: Int] {
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        var removed: [Retention.Class: Int] = [:]
        for workspace in workspaces {
            let own = try await Self.sweep(workspace, of: self.database)
            removed.merge(own, uniquingKeysWith: +)
        }
        if !workspaces.isEmpty {
            try await self.database.transaction(.workspaces(workspaces)) { try Retention.pruneErasures($0) }
        }
        return removed
    }

    /// One workspace, a bounded number of rows per transaction.
    static func sweep(
        _ workspace: String, of database: Database, steps: Int = PrivacyKeeper.steps
    ) async throws -> [Retention.Class: Int] {
        var policies = try await database.transaction(.workspace(workspace)) { try Retention.policies($0, workspace) }
        policies[.deliveries] = policies[.deliveries] ?? Retention.deliveriesMilliseconds
        var removed: [Retention.Class: Int] = [:]
        for (one, milliseconds) in policies {
            for _ in 0..<steps {
                let count = try await database.transaction(.workspace(workspace)) {
                    try Retention.sweep($0, workspace, one, keeping: milliseconds)
                }
                guard count > 0 else { break }
                removed[one, default: 0] += count
            }
        }
        return removed
    }
}

extension PrivacyKeeper: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            var turn = 0
            while !Task.isCancelled {
                do {
                    try await self.look()
                    if turn % Self.turnsBetweenSweeps == 0 { try await self.sweep() }
                    turn += 1
                } catch {
                    self.logger.debug("privacy is looked after later", error: error)
                }
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }
}
