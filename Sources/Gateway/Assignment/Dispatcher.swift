internal import Assignment
internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Synchronization

/// Brings waiting chats and free commercials together, queue by queue.
///
/// Any number of nodes may do so at once: an advisory lock lets one transaction at a time match in a queue, and a
/// transaction makes one match, so that the order of the line is kept and at most one commercial's row is held. Every
/// decision is judged again by the statement that writes it.
///
/// No wake-up is lost: whoever waits for the advisory lock looks at the line after getting it, a wake-up that arrives
/// while a queue is being dispatched has it looked at once more, and the sweeper wakes every queue with waiting chats
/// once a second.
final class Dispatcher: Sendable {
    private enum Progress {
        case running
        /// Woken again meanwhile.
        case runningAndDirty
    }

    private let changes: Changes
    private let settings: RoutingSettings
    private let policy: RoutingPolicy
    private let logger: Logger
    private let progress = Mutex<[QueueKey: Progress]>([:])
    private let wakeUps: AsyncStream<QueueKey>
    private let waker: AsyncStream<QueueKey>.Continuation

    /// How many chats at the head of the line are looked at; an unroutable chat must not hold up those behind it.
    private static let depth = 50
    /// How long a chat that everybody let go by rests before the next round of offers.
    private static let roundPauseMilliseconds: Int64 = 10_000
    /// How long a visitor who waits hears nothing new after the last news of their place.
    private static let placesPauseMilliseconds: Int64 = 2000
    /// How many visitors of a queue are told in one turn; the others are next.
    private static let placesAtOnce = 100

    init(
        changes: Changes, settings: RoutingSettings, policy: RoutingPolicy = .central, logger: Logger
    ) {
        self.changes = changes
        self.settings = settings
        self.policy = policy
        self.logger = logger
        // Bounded by the number of queues: a queue that is being dispatched is not put in again.
        (self.wakeUps, self.waker) = AsyncStream.makeStream()
    }

    /// A chat may wait in this queue, or somebody may be free for it. Returns at once.
    func wake(_ queue: QueueKey) {
        let isNew = self.progress.withLock { progress in
            let isNew = progress[queue] == nil
            progress[queue] = isNew ? .running : .runningAndDirty
            return isNew
        }
        if isNew { self.waker.yield(queue) }
    }

    /// Matches until nothing in the queue can be matched.
    ///
    /// - Returns: How many chats found somebody.
    @discardableResult
    func dispatch(_ queue: QueueKey) async throws -> Int {
        var matches = 0
        var stale = 0
        while stale < 3 {
            switch try await self.matchOne(queue) {
            case .matched:
                matches += 1
                stale = 0
            case .stale:
                stale += 1
            case .idle:
                return matches
            }
        }
        return matches
    }

    /// Tells those who wait that they moved up, and whether anybody is there to come. Places are told when they shrink,
    /// never when they grow: nobody is sent back on their screen because somebody more urgent came.
    ///
    /// What was told last stands in the chat's row, so that all nodes together tell each change once, and nobody hears
    /// more than one in two seconds.
    func tellPlaces(in queue: QueueKey) async throws {
        let pause = Self.placesPauseMilliseconds
        let untold = try await self.changes.database.transaction(.workspace(queue.workspace)) { sql in
            try Chats.untold(sql, queue.workspace, queue: queue.queue, pause: pause, limit: Self.placesAtOnce)
        }
        for id in untold {
            try await self.changes(in: queue.workspace) { transaction in
                var chat = try transaction.lock(id)
                if let told = chat.toldAt, chat.readAt.milliseconds(since: told) < pause { return }
                guard let place = try Chats.position(transaction.sql, of: chat) else { return }
                let position = min(place, chat.toldPosition ?? place)
                let present = try Dispatch.agentsOnline(transaction.sql, queue.workspace, queue: chat.queue)
                guard position != chat.toldPosition || present != chat.toldAgents else { return }
                try transaction.recordPlace(position, of: &chat)
            }
        }
    }

    private enum Outcome: Sendable {
        case matched
        /// The line or the commercials changed under the decision.
        case stale
        case idle
    }

    private func matchOne(_ queue: QueueKey) async throws -> Outcome {
        let (settings, policy) = (self.settings, self.policy)
        return try await self.changes(in: queue.workspace) { transaction in
            try Dispatch.lockQueue(transaction.sql, queue.workspace, queue: queue.queue)
            let heads = try Dispatch.heads(
                transaction.sql, queue.workspace, queue: queue.queue, limit: Self.depth)
            guard let lightest = heads.map(\.weight).min(), let now = heads.first?.readAt else { return .idle }
            let rules =
                try Queues.settings(transaction.sql, queue.workspace, queue.queue) ?? QueueSettings(name: queue.queue)
            let candidates = try Dispatch.candidates(
                transaction.sql, queue.workspace, queue: queue.queue, weight: lightest, skills: rules.skills)
            guard !candidates.isEmpty else { return .idle }
            let commercials = candidates.map(RoutableCommercial.init)
            let match = policy.match(heads.map { QueuedChat($0, of: rules) }, with: commercials, at: now)
            guard let match else { return try Self.beginNextRound(heads, transaction) ? .stale : .idle }
            let ranking = policy.ranking(commercials, for: match.chat, at: now)
            return try Self.write(
                (match.chat, ranking), queue, policy, settings.overridden(by: rules), transaction)
        }
    }

    private static func write(
        _ match: (chat: QueuedChat, ranking: [RoutableCommercial]), _ queue: QueueKey, _ policy: RoutingPolicy,
        _ settings: RoutingSettings, _ transaction: ChatTransaction
    ) throws -> Outcome {
        let chat = try transaction.lock(match.chat.id)
        guard chat.status == .waiting, chat.queue == queue.queue else { return .stale }
        for candidate in match.ranking.prefix(3) {
            guard
                let commercial = try Commercials.reserve(
                    transaction.sql, queue.workspace, candidate.id, weight: chat.weight, .routed)
            else { continue }
            let score = AssignmentScore(candidate, taking: match.chat, now: chat.readAt).value
            let grounds = AssignmentGrounds(
                by: .system, reason: "routed", score: score, algorithm: policy.rawValue)
            if settings.autoAccept {
                _ = try transaction.activate(chat, for: commercial, grounds)
            } else {
                _ = try transaction.offer(
                    chat, to: commercial, grounds, timeoutMilliseconds: settings.offerTimeout.inMilliseconds)
            }
            return .matched
        }
        return .stale
    }

    /// Lets a chat that every available commercial has let go by be offered to them once more.
    private static func beginNextRound(_ heads: [ChatRow], _ transaction: ChatTransaction) throws -> Bool {
        let rested = heads.first { head in
            !head.triedCommercials.isEmpty
                && head.readAt.milliseconds(since: head.updatedAt) >= Self.roundPauseMilliseconds
        }
        guard let rested else { return false }
        let chat = try transaction.lock(rested.id)
        guard chat.status == .waiting else { return true }
        _ = try Chats.clearTried(transaction.sql, chat)
        return true
    }
}

extension Dispatcher: Service {
    /// Dispatches what is woken, queues side by side, until the gateway drains.
    func run() async throws {
        await withDiscardingTaskGroup { group in
            for await queue in self.wakeUps.cancelOnGracefulShutdown() {
                group.addTask { await self.dispatchUntilClean(queue) }
            }
        }
    }

    private func dispatchUntilClean(_ queue: QueueKey) async {
        while true {
            self.progress.withLock { $0[queue] = .running }
            do {
                try await self.dispatch(queue)
            } catch {
                // The sweeper wakes the queue again within a second.
                self.logger.with(.workspace, queue.workspace).warning("dispatch failed", error: error)
                self.progress.withLock { $0[queue] = nil }
                return
            }
            let isClean = self.progress.withLock { progress in
                guard progress[queue] == .running else { return false }
                progress[queue] = nil
                return true
            }
            if isClean { return }
        }
    }
}

extension RoutingSettings {
    /// What holds in a queue that says otherwise.
    func overridden(by queue: QueueSettings) -> RoutingSettings {
        var settings = self
        settings.autoAccept = queue.autoAccept ?? settings.autoAccept
        settings.offerTimeout = queue.offerTimeoutMilliseconds.map { .milliseconds($0) } ?? settings.offerTimeout
        return settings
    }
}

extension QueuedChat {
    /// A waiting row as the router sees it. A language counts where the queue says that it serves it.
    init(_ chat: ChatRow, of queue: QueueSettings) {
        self.init(
            id: chat.id, priority: chat.priority, firstQueuedAt: chat.firstQueuedAt ?? chat.createdAt,
            bonusMilliseconds: chat.routeBonusMilliseconds, weight: chat.weight, reach: QueueReach(chat.queue),
            tried: Set(chat.triedCommercials), skills: queue.skills,
            language: chat.language.flatMap { queue.languages.contains($0) ? $0 : nil })
    }
}

extension RoutableCommercial {
    init(_ candidate: Dispatch.Candidate) {
        let row = candidate.commercial
        self.init(
            id: row.id, declared: row.declared, isConnected: row.isConnected, cap: row.cap, load: row.load,
            queues: Set(row.queues), lastAssignedAt: row.lastAssignedAt, tier: candidate.tier,
            skills: candidate.skills, languages: candidate.languages)
    }
}
