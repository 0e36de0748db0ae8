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

    /// Removes what is over its time; how much per class, over all workspaces. One in which that fails holds no other one up.
    @discardableResult
    func sweep() async throws -> [Retention.Class: Int] {
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        var removed: [Retention.Class: Int] = [:]
        for workspace in workspaces {
            do {
                let own = try await Self.sweep(workspace, of: self.database)
                removed.merge(own, uniquingKeysWith: +)
            } catch {
                try Task.checkCancellation()
                self.logger.with(.workspace, workspace)
                    .warning("what is over its time stays until the next sweep", error: error)
            }
        }
        if !workspaces.isEmpty {
            try await self.database.transaction(.workspaces(workspaces)) { try Retention.pruneErasures($0) }
        }
        return removed
    }

    /// One workspace, a bounded number of rows per transaction.
    ///
    /// - Throws: what failed first; the other classes have been swept.
    static func sweep(
        _ workspace: String, of database: Database, steps: Int = PrivacyKeeper.steps
    ) async throws -> [Retention.Class: Int] {
        var policies = try await database.transaction(.workspace(workspace)) { try Retention.policies($0, workspace) }
        policies[.deliveries] = policies[.deliveries] ?? Retention.deliveriesMilliseconds
        var removed: [Retention.Class: Int] = [:]
        var failure: (any Error)?
        for (one, milliseconds) in policies {
            do {
                for _ in 0..<steps {
                    let count = try await database.transaction(.workspace(workspace)) {
                        try Retention.sweep($0, workspace, one, keeping: milliseconds)
                    }
                    guard count > 0 else { break }
                    removed[one, default: 0] += count
                }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return removed
    }
}

extension PrivacyKeeper: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Apart: a sweep may take its time, and whoever was forgotten is sent away meanwhile.
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await self.again(every: .seconds(1)) { try await self.look() }
                }
                group.addTask {
                    await self.again(every: .seconds(60)) { try await self.sweep() }
                }
            }
        }
    }

    private func again(every pause: Duration, _ body: () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                try await body()
            } catch {
                self.logger.debug("privacy is looked after later", error: error)
            }
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }
}
