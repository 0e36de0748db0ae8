internal import Assignment
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Storage
internal import Synchronization

/// Brings deliveries to their receivers: at least once, those of a chat one after the other.
///
/// Every node runs one. What a worker tries it has leased, so that nobody else tries it meanwhile; what it reports is refused
/// where the lease ran out and somebody else took it over. Nothing is kept in memory: a node that dies loses its leases.
final class WebhookCourier: Sendable {
    /// What happened since the start of this node, and what the last look found to wait.
    struct Figures: Sendable, Equatable {
        var delivered = 0
        var failed = 0
        var dead = 0
        /// Results that came after somebody else had taken the delivery over.
        var stale = 0
        var waiting: Int64 = 0
        var deadLetters: Int64 = 0
        var oldestMilliseconds: Int64 = 0
    }

    struct Key: Hashable, Sendable {
        var workspace: String
        var endpoint: String
    }

    private struct State {
        var figures = Figures()
        var workers: [Key: Int] = [:]
        /// Endpoints whose last attempt failed.
        var failing: Set<Key> = []
        /// What could not be looked at or worked for, and was complained about; nil is the look itself.
        var troubled: Set<Key?> = []
    }

    /// Deliveries that a node tries at a time: to one receiver, and altogether. To one that fails, one: those who do not
    /// answer would soon have all the others.
    static let workersPerEndpoint = 8
    static let workersPerNode = 64
    /// Connections that workers take at a time, and wait for at a time: of the pool's line nobody else notices them, so that
    /// slow receivers are no reason to take on less of anything else (``LoadWatch``).
    static let connectionsPerNode = 2
    private static let interval: Duration = .milliseconds(500)
    /// Looks between two counts of what waits: half a minute.
    private static let looksBetweenCounts = 60

    private let database: Database
    private let sender: WebhookSender
    private let settings: WebhookSettings
    private let logger: Logger
    private let state = Mutex(State())
    private let turnstile = Turnstile(WebhookCourier.connectionsPerNode)

    init(database: Database, sender: WebhookSender, settings: WebhookSettings, logger: Logger) {
        self.database = database
        self.sender = sender
        self.settings = settings
        self.logger = logger
    }

    var figures: Figures { self.state.withLock { $0.figures } }

    /// One look: workers for what is due, as many as it takes. An endpoint that cannot be looked at keeps no other waiting.
    func look(_ group: inout DiscardingTaskGroup) async throws {
        for key in try await self.due() where self.room(key) > 0 {
            let wanted = await self.ready(key)
            for _ in 0..<self.hire(wanted, key) {
                group.addTask {
                    guard await self.work(key) else { return }
                    self.state.withLock { $0.workers[key] = ($0.workers[key] ?? 1) - 1 }
                }
            }
        }
    }

    /// Delivers what is due now, and returns when nothing is: for tests and tools.
    func deliverDue() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for key in try await self.due() {
                let wanted = await self.ready(key)
                for _ in 0..<wanted { group.addTask { await self.work(key) } }
            }
        }
    }

    private func due() async throws -> [Key] {
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        guard !workspaces.isEmpty else { return [] }
        return try await self.database.transaction(.workspaces(workspaces)) { try Deliveries.due($0) }
            .map { Key(workspace: $0.workspace, endpoint: $0.endpoint) }
    }

    private func ready(_ key: Key) async -> Int {
        do {
            return try await self.database.transaction(.workspace(key.workspace)) {
                try Deliveries.ready($0, key.workspace, endpoint: key.endpoint, limit: Self.workersPerEndpoint)
            }
        } catch {
            self.complain("webhooks of an endpoint are looked at later", key, error)
            return 0
        }
    }

    /// How many more workers an endpoint may have.
    private func room(_ key: Key) -> Int { self.state.withLock { Self.room($0, key) } }

    private static func room(_ state: State, _ key: Key) -> Int {
        let own = state.failing.contains(key) ? 1 : Self.workersPerEndpoint
        return min(own - (state.workers[key] ?? 0), Self.workersPerNode - state.workers.values.reduce(0, +))
    }

    private func hire(_ wanted: Int, _ key: Key) -> Int {
        self.state.withLock { state in
            let count = max(0, min(wanted, Self.room(state, key)))
            if count > 0 { state.workers[key, default: 0] += count }
            return count
        }
    }

    /// Whether a worker goes on. Of several that are too many each is counted out with its answer, so that the last one stays.
    private func goesOn(_ key: Key) -> Bool {
        self.state.withLock { state in
            guard Self.room(state, key) < 0 else { return true }
            state.workers[key] = (state.workers[key] ?? 1) - 1
            return false
        }
    }

    /// Delivers to one endpoint until nothing is due there, or it has more workers than it may have by now. Where to, and
    /// what it is signed with, comes with each lease: what was changed in between counts.
    ///
    /// - Returns: false where it was one too many, and is counted out.
    @discardableResult
    private func work(_ key: Key) async -> Bool {
        do {
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                guard self.goesOn(key) else { return false }
                let lease = self.settings.lease.inMilliseconds
                let delivery = try await self.transaction(key.workspace) {
                    try Deliveries.lease($0, key.workspace, endpoint: key.endpoint, milliseconds: lease)
                }
                _ = self.state.withLock { $0.troubled.remove(key) }
                guard let delivery else { return true }
                try await self.deliver(delivery, key)
            }
        } catch {
            self.complain("webhooks of an endpoint are left for later", key, error)
        }
        return true
    }

    /// A transaction of a worker.
    private func transaction<Value: Sendable>(
        _ workspace: String, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await self.turnstile.pass { try await self.database.transaction(.workspace(workspace), body) }
    }

    /// Says so once, until it works again: it is tried twice a second.
    private func complain(_ message: Logger.Message, _ key: Key?, _ error: any Error) {
        guard !(error is CancellationError) else { return }
        let isNew = self.state.withLock { $0.troubled.insert(key).inserted }
        var logger = self.logger
        if let key { logger = logger.with(.workspace, key.workspace).with(.endpoint, key.endpoint) }
        if isNew { logger.warning(message, error: error) } else { logger.debug(message, error: error) }
    }

    private func deliver(_ delivery: LeasedDelivery, _ key: Key) async throws {
        switch delivery.content {
        case .event(let event):
            guard let (name, body) = WebhookForm.body(of: delivery, event) else { fallthrough }
            try await self.send(delivery, key, self.request(delivery, name, body))
        case .gone:
            try await self.report(.nothingToSay, of: delivery, key, isFinal: true)
        case .unknownKind:
            try await self.report(.unknownKind, of: delivery, key)
        case .unreadable:
            self.about(delivery).warning("a webhook's event cannot be read; it is tried again")
            try await self.report(.unreadable, of: delivery, key)
        }
    }

    private func request(_ delivery: LeasedDelivery, _ event: String, _ body: ByteBuffer) -> WebhookSender.Request {
        let signature = WebhookSignature.header(
            secrets: delivery.secrets.map { Secret($0) }, seconds: delivery.leasedAt.microseconds / 1_000_000,
            body: body)
        return WebhookSender.Request(
            url: delivery.url,
            headers: [
                ("content-type", "application/json"), ("user-agent", "puente"), ("puente-delivery", delivery.id),
                ("puente-event", event), ("puente-attempt", "\(delivery.attempts + 1)"),
                ("puente-signature", signature),
            ], body: body)
    }

    private func send(_ delivery: LeasedDelivery, _ key: Key, _ request: WebhookSender.Request) async throws {
        let status: Int
        do throws(WebhookFailure) {
            status = try await self.sender.send(request)
        } catch {
            if Task.isCancelled {
                // Asked to end at once: somebody else goes on with it. The database is asked in a task that is not cancelled.
                return try await Task {
                    try await self.transaction(delivery.workspaceID) { try Deliveries.release($0, delivery) }
                }.value
            }
            return try await self.report(error, of: delivery, key)
        }
        let counts = try await self.transaction(delivery.workspaceID) {
            try Deliveries.delivered($0, delivery, status: status)
        }
        self.state.withLock { state in
            state.figures.delivered += counts ? 1 : 0
            state.failing.remove(key)
        }
        if !counts { self.isStale(delivery) }
    }

    /// What has waited for as long as anything is tried for was behind something that failed all that time, or nobody was
    /// there to try it: it gets one attempt, and keeps what is behind it no longer.
    private func report(
        _ failure: WebhookFailure, of delivery: LeasedDelivery, _ key: Key, isFinal: Bool = false
    ) async throws {
        let failures = delivery.attempts + 1
        let pause = self.settings.backoff.pause(
            afterFailures: failures, random: Double.random(in: 0..<1))
        let retry = isFinal || delivery.waitedMilliseconds >= self.settings.span ? nil : pause
        let counts = try await self.transaction(delivery.workspaceID) { sql in
            guard let retry else {
                return try Deliveries.bury(sql, delivery, status: failure.status, failure: failure.word)
            }
            return try Deliveries.failed(
                sql, delivery, status: failure.status, failure: failure.word, retryIn: retry)
        }
        guard counts else { return self.isStale(delivery) }
        self.state.withLock { state in
            state.figures.failed += 1
            if retry == nil { state.figures.dead += 1 }
            if failure.isReceivers { state.failing.insert(key) }
        }
        var logger = self.about(delivery).with(.reason, failure.word).with(.count, failures)
        if let status = failure.status { logger = logger.with(.status, status) }
        if retry == nil {
            logger.warning("a webhook was given up")
        } else {
            logger.info("a webhook did not arrive and is tried again")
        }
    }

    private func isStale(_ delivery: LeasedDelivery) {
        self.state.withLock { $0.figures.stale += 1 }
        self.about(delivery).notice("a webhook's lease had run out; what its new owner finds out counts")
    }

    private func about(_ delivery: LeasedDelivery) -> Logger {
        self.logger.with(.workspace, delivery.workspaceID).with(.endpoint, delivery.endpoint)
            .with(.delivery, delivery.id)
    }

    private func count() async throws {
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        let backlog = try await self.database.transaction(.workspaces(workspaces)) { try Webhooks.backlog($0) }
        self.state.withLock { state in
            state.figures.waiting = backlog.waiting
            state.figures.deadLetters = backlog.dead
            state.figures.oldestMilliseconds = backlog.oldestMilliseconds
        }
    }
}

extension WebhookCourier: Service {
    /// Looks twice a second until the gateway drains; what is under way then is finished.
    func run() async throws {
        await withDiscardingTaskGroup { group in
            var turn = 0
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                do {
                    try await self.look(&group)
                    if turn % Self.looksBetweenCounts == 0 { try await self.count() }
                    turn += 1
                    _ = self.state.withLock { $0.troubled.remove(nil) }
                } catch {
                    self.complain("webhooks are looked at later", nil, error)
                }
                do {
                    try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
                } catch {
                    break
                }
            }
        }
    }
}
