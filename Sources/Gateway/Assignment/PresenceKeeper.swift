internal import Assignment
internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Synchronization

/// The leases of this node's sockets: somebody is there while an unexpired one stands for them.
///
/// A lease is written when an authenticated socket opens, renewed with all others of the node in one statement every few
/// seconds, and removed when the socket closes. If the node dies, its leases lapse by themselves, or at its next start.
final class PresenceKeeper: Sendable {
    /// One socket, as presence sees it.
    struct Connection: Sendable, Hashable {
        /// The Engine.IO session's id.
        var id: String
        var workspace: String
        var participant: Participant
        var scopes: Set<Scope> = []
        /// Whether a bot behind this socket wants chats (`auth.bot`).
        var takesChats = true
        /// Whether somebody vouches for a visitor's subject.
        var isVerified = false
        var locale: String?
        /// What the widget says of the page, an object.
        var page: JSONText = .emptyObject
        /// What the widget says of the device, an object.
        var device: JSONText = .emptyObject
        /// Whether the visitor agreed to be observed, where they said something with this connection.
        var consent: Bool?
    }

    /// This run of this node: leases of its earlier runs end at its start.
    struct Node: Sendable, Hashable {
        var id: String
        var life: String
    }

    private let changes: Changes
    private let dispatcher: Dispatcher
    private let configuration: GatewayConfiguration
    private let node: Node
    private let logger: Logger
    private let connections = Mutex<[String: Connection]>([:])

    /// How long a lease stands without being renewed.
    private static let leaseMilliseconds: Int64 = 30_000
    /// How often leases are renewed.
    private static let renewal: Duration = .seconds(5)

    init(
        changes: Changes, dispatcher: Dispatcher, configuration: GatewayConfiguration, node: Node, logger: Logger
    ) {
        self.changes = changes
        self.dispatcher = dispatcher
        self.configuration = configuration
        self.node = node
        self.logger = logger
    }

    /// A socket was authenticated. Returns once its lease is written; a caller whose socket closed meanwhile calls
    /// ``closed(_:)`` all the same.
    func opened(_ connection: Connection) async throws {
        self.connections.withLock { $0[connection.id] = connection }
        do {
            try await self.write(connection)
        } catch {
            _ = self.connections.withLock { $0.removeValue(forKey: connection.id) }
            throw error
        }
    }

    /// A socket is gone, cleanly or not. Where PostgreSQL is away, the lease lapses instead.
    func closed(_ connectionID: String) async {
        guard let connection = self.connections.withLock({ $0.removeValue(forKey: connectionID) }) else { return }
        do {
            try await self.changes(in: connection.workspace) { transaction in
                guard
                    let (lease, _) = try Presence.delete(
                        transaction.sql, connection.workspace, connection: connectionID)
                else { return }
                try self.leave(lease, transaction)
            }
        } catch {
            self.logger.with(.workspace, connection.workspace).debug("a lease is left to lapse", error: error)
        }
    }

    /// Somebody turned out to be somebody else, for whom others vouch: their socket stands for that one from now on.
    func change(_ connectionID: String, to participant: Participant) async throws {
        guard var connection = self.connections.withLock({ $0[connectionID] }) else { return }
        await self.closed(connectionID)
        connection.participant = participant
        connection.isVerified = true
        self.connections.withLock { $0[connectionID] = connection }
        // The socket lives on: where this fails, the next renewal finds that there is no lease, and writes it.
        try await self.write(connection)
    }

    /// A lease lapsed, or is that of an earlier life: it goes together with what its end begins.
    func ended(_ lease: LeaseRow) async throws {
        try await self.changes(in: lease.workspaceID) { transaction in
            guard try Presence.end(transaction.sql, lease) else { return }
            try self.leave(lease, transaction, lapsedAt: lease.expiresAt)
        }
    }

    /// Renews the leases of all open sockets, and writes those anew that somebody took for dead.
    func renew() async throws {
        let open = self.connections.withLock { $0 }
        guard !open.isEmpty else { return }
        let workspaces = Set(open.values.map(\.workspace)).sorted()
        let (life, ids) = (self.node.life, open.keys.sorted())
        let lost = try await self.changes.database.transaction(.workspaces(workspaces)) { sql in
            try Presence.renew(
                sql, nodeLife: life, connections: ids, milliseconds: Self.leaseMilliseconds)
        }
        for id in lost {
            // Unless it closed meanwhile, and its lease with it.
            guard let connection = self.connections.withLock({ $0[id] }) else { continue }
            do {
                try await self.write(connection)
            } catch {
                // It is found lost again in five seconds; the others are written now.
                self.logger.with(.workspace, connection.workspace).warning("a lease could not be written", error: error)
                continue
            }
            if self.connections.withLock({ $0[id] }) == nil {
                self.connections.withLock { $0[id] = connection }
                await self.closed(id)
            }
        }
    }

    /// Ends the leases of this node's earlier life: their sockets died with it, and their graces begin now.
    func endEarlierLife() async throws {
        let node = self.node
        let workspaces = try await self.changes.database.transaction(.none) { try Workspaces.directory($0) }
        let leases = try await self.changes.database.transaction(.workspaces(workspaces)) { sql in
            try Presence.ofEarlierLives(sql, nodeID: node.id, currentLife: node.life)
        }
        // What cannot be ended now lapses, and the sweeper ends it then.
        for lease in leases {
            do {
                try await self.ended(lease)
            } catch {
                self.logger.with(.workspace, lease.workspaceID).warning("a lease is left to lapse", error: error)
            }
        }
    }
}

// MARK: Rows

extension PresenceKeeper {
    private func write(_ connection: Connection) async throws {
        let queues = try await self.changes(in: connection.workspace) { transaction in
            try self.arrive(connection, transaction)
        }
        for queue in queues {
            self.dispatcher.wake(QueueKey(workspace: connection.workspace, queue: queue))
        }
    }

    /// - Returns: The queues in which somebody is free now.
    private func arrive(_ connection: Connection, _ transaction: ChatTransaction) throws -> [String] {
        let (sql, workspace, participant) = (transaction.sql, connection.workspace, connection.participant)
        switch participant.role {
        case .visitor:
            try Visitors.upsert(
                sql, workspace, participant.id, isVerified: connection.isVerified, name: participant.name,
                locale: connection.locale)
        case .commercial:
            try Commercials.seen(
                sql, workspace, participant, defaultCap: self.configuration.routing.defaultCapacity)
        case .ai:
            try Bots.seen(sql, workspace, participant)
        case .supervisor, .admin, .system:
            break
        }
        let live = try Presence.insert(
            sql, workspace,
            Presence.NewLease(
                connectionID: connection.id, nodeID: self.node.id, nodeLife: self.node.life, role: participant.role,
                subject: participant.id, scopes: connection.scopes, takesChats: connection.takesChats),
            milliseconds: Self.leaseMilliseconds)
        switch participant.role {
        case .visitor:
            try self.arrive(visitor: connection, transaction)
            return []
        case .commercial, .supervisor, .admin:
            try Graces.end(sql, workspace, .people, participant.id)
            guard live == 1, let commercial = try Commercials.find(sql, workspace, participant.id) else { return [] }
            if participant.role == .commercial {
                try transaction.record(.commercialStatusChanged(CommercialStatusChanged(commercial)))
            }
            return commercial.effective ? commercial.queues : []
        case .ai, .system:
            return []
        }
    }

    private func arrive(visitor connection: Connection, _ transaction: ChatTransaction) throws {
        let (session, isNew) = try Visitors.openSession(
            transaction.sql, connection.workspace, visitor: connection.participant.id, page: connection.page,
            device: connection.device, consent: connection.consent)
        guard isNew,
            let visitor = try Visitors.find(transaction.sql, connection.workspace, connection.participant.id)
        else { return }
        let chats = try Visitors.chatCount(transaction.sql, connection.workspace, visitor.id)
        try transaction.record(.visitorOnline(VisitorOnline(session, visitor: visitor, previousChats: chats)))
    }

    /// After a lease is gone. The graces begin only where it was the last one.
    private func leave(
        _ lease: LeaseRow, _ transaction: ChatTransaction, lapsedAt: Timestamp? = nil
    ) throws {
        let (sql, workspace, subject) = (transaction.sql, lease.workspaceID, lease.subject)
        let grace = self.configuration.presence.grace.inMilliseconds
        guard try Presence.liveCount(sql, workspace, role: lease.role, subject: subject) == 0 else { return }
        switch lease.role {
        case .visitor:
            try Visitors.letLinger(
                sql, workspace, visitor: subject,
                milliseconds: self.configuration.presence.visitorLinger.inMilliseconds)
        case .commercial, .supervisor, .admin:
            try Graces.start(sql, workspace, .people, subject, milliseconds: grace, lapsedAt: lapsedAt)
            if lease.role == .commercial, let commercial = try Commercials.find(sql, workspace, subject) {
                try transaction.record(.commercialStatusChanged(CommercialStatusChanged(commercial)))
            }
        case .ai:
            try Graces.start(sql, workspace, .bots, subject, milliseconds: grace, lapsedAt: lapsedAt)
        case .system:
            return
        }
    }
}

extension PresenceKeeper: Service {
    /// Ends what an earlier life left behind, then renews until the gateway has drained.
    func run() async throws {
        var hasEndedEarlierLife = false
        while !Task.isCancelled {
            do {
                if !hasEndedEarlierLife {
                    try await self.endEarlierLife()
                    hasEndedEarlierLife = true
                }
                try await self.renew()
            } catch {
                self.logger.debug("renewing leases failed", error: error)
            }
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.renewal) }
            } catch {
                return
            }
        }
    }
}
