internal import Assignment
internal import Logging
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

    private struct Key: Hashable {
        var workspace: String
        var endpoint: String
    }

    private struct State {
        var figures = Figures()
        var workers: [Key: Int] = [:]
    }

    /// Deliveries that a node tries at a time: to one receiver, and altogether.
    static let workersPerEndpoint = 8
    static let workersPerNode = 64
    private static let interval: Duration = .milliseconds(500)
    /// Looks between two counts of what waits.
    private static let looksBetweenCounts = 10

    private let database: Database
    private let sender: WebhookSender
    private let settings: WebhookSettings
    private let logger: Logger
    private let state = Mutex(State())

    init(database: Database, sender: WebhookSender, settings: WebhookSettings, logger: Logger) {
        self.database = database
        self.sender = sender
        self.settings = settings
        self.logger = logger
    }

    var figures: Figures { self.state.withLock { $0.figures } }

    /// One look: workers for what is due, as many as it takes.
    func look(_ group: inout DiscardingTaskGroup) async throws {
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        guard !workspaces.isEmpty else { return }
        let due = try await self.database.transaction(.workspaces(workspaces)) {
            try Deliveries.due($0, limit: Self.workersPerEndpoint)
        }
        for (endpoint, count) in due {
            let key = Key(workspace: endpoint.workspaceID, endpoint: endpoint.name)
            for _ in 0..<self.hire(count, key) {
                group.addTask {
                    await self.work(endpoint)
                    self.state.withLock { $0.workers[key] = ($0.workers[key] ?? 1) - 1 }
                }
            }
        }
    }

    /// Delivers what is due now, and returns when nothing is: for tests and tools.
    func deliverDue() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
            let due = try await self.database.transaction(.workspaces(workspaces)) {
                try Deliveries.due($0, limit: Self.workersPerEndpoint)
            }
            for (endpoint, count) in due {
                for _ in 0..<count { group.addTask { await self.work(endpoint) } }
            }
        }
    }

    private func hire(_ wanted: Int, _ key: Key) -> Int {
        self.state.withLock { state in
            let (own, all) = (state.workers[key] ?? 0, state.workers.values.reduce(0, +))
            let count = max(0, min(wanted, Self.workersPerEndpoint - own, Self.workersPerNode - all))
            state.workers[key] = own + count
            return count
        }
    }

    /// Delivers to one endpoint until nothing is due there.
    private func work(_ endpoint: WebhookEndpointRow) async {
        do {
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                let lease = self.settings.lease.inMilliseconds
                let delivery = try await self.database.transaction(.workspace(endpoint.workspaceID)) {
                    try Deliveries.lease($0, endpoint, milliseconds: lease)
                }
                guard let delivery else { return }
                try await self.deliver(delivery, to: endpoint)
            }
        } catch {
            self.logger.with(.endpoint, endpoint.name).debug("deliveries are left for later", error: error)
        }
    }

    private func deliver(_ delivery: LeasedDelivery, to endpoint: WebhookEndpointRow) async throws {
        guard let (event, body) = WebhookForm.body(of: delivery) else {
            return try await self.report(.nothingToSay, of: delivery, to: endpoint, isFinal: true)
        }
        let seconds = delivery.leasedAt.microseconds / 1_000_000
        let request = WebhookSender.Request(
            url: endpoint.url,
            headers: [
                ("content-type", "application/json"), ("user-agent", "puente"), ("puente-delivery", delivery.id),
                ("puente-event", event), ("puente-attempt", "\(delivery.attempts + 1)"),
                (
                    "puente-signature",
                    WebhookSignature.header(
                        secrets: endpoint.secrets.map { Secret($0) }, seconds: seconds, body: body)
                ),
            ], body: body)
        let status: Int
        do throws(WebhookFailure) {
            status = try await self.sender.send(request)
        } catch {
            if Task.isCancelled {
                // Asked to end at once: somebody else goes on with it. The database is asked in a task that is not cancelled.
                let database = self.database
                return try await Task {
                    try await database.transaction(.workspace(delivery.workspaceID)) {
                        try Deliveries.release($0, delivery)
                    }
                }.value
            }
            return try await self.report(error, of: delivery, to: endpoint, isFinal: false)
        }
        let counts = try await self.database.transaction(.workspace(delivery.workspaceID)) {
            try Deliveries.delivered($0, delivery, status: status)
        }
        self.state.withLock { $0.figures.delivered += counts ? 1 : 0 }
        if !counts { self.isStale(delivery, endpoint) }
    }

    private func report(
        _ failure: WebhookFailure, of delivery: LeasedDelivery, to endpoint: WebhookEndpointRow, isFinal: Bool
    ) async throws {
        let failures = delivery.attempts + 1
        let pause = self.settings.backoff.pause(
            afterFailures: failures, random: Double.random(in: 0..<1))
        let retry = isFinal ? nil : pause
        let counts = try await self.database.transaction(.workspace(delivery.workspaceID)) { sql in
            guard let retry else {
                return try Deliveries.bury(sql, delivery, status: failure.status, failure: failure.word)
            }
            return try Deliveries.failed(
                sql, delivery, status: failure.status, failure: failure.word, retryIn: retry)
        }
        guard counts else { return self.isStale(delivery, endpoint) }
        self.state.withLock { state in
            state.figures.failed += 1
            if retry == nil { state.figures.dead += 1 }
        }
        var logger = self.about(delivery, endpoint).with(.reason, failure.word).with(.count, failures)
        if let status = failure.status { logger = logger.with(.status, status) }
        if retry == nil {
            logger.warning("a webhook was given up")
        } else {
            logger.info("a webhook did not arrive and is tried again")
        }
    }

    private func isStale(_ delivery: LeasedDelivery, _ endpoint: WebhookEndpointRow) {
        self.state.withLock { $0.figures.stale += 1 }
        self.about(delivery, endpoint).notice("a webhook's lease had run out; what its new owner finds out counts")
    }

    private func about(_ delivery: LeasedDelivery, _ endpoint: WebhookEndpointRow) -> Logger {
        self.logger.with(.workspace, delivery.workspaceID).with(.endpoint, endpoint.name).with(.delivery, delivery.id)
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
                } catch {
                    self.logger.debug("webhooks are looked at later", error: error)
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
