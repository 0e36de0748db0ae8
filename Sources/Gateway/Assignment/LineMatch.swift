internal import Assignment
internal import Storage

/// One look at the line of a queue, in one transaction: the first chat that somebody may take goes to the best one; where
/// there is none, what waiting changes is done for one chat.
struct LineMatch {
    let queue: String
    /// The gateway's own; the queue may say otherwise.
    let settings: RoutingSettings
    let transaction: ChatTransaction

    enum Outcome: Sendable {
        case matched
        /// A chat took another step of its wait: look again.
        case moved
        /// The line or the commercials changed under the decision.
        case stale
        case idle
    }

    /// How many chats at the head of the line are looked at; an unroutable chat must not hold up those behind it.
    private static let depth = 50

    /// How many of them are read at first: mostly one of these goes, and reading all of them costs more than the match.
    private static let glance = 3

    private var sql: Transaction { self.transaction.sql }
    private var workspace: String { self.transaction.workspace }

    func run() throws -> Outcome {
        try Dispatch.lockQueue(self.sql, self.workspace, queue: self.queue)
        let first = try Dispatch.heads(self.sql, self.workspace, queue: self.queue, limit: Self.glance)
        guard let now = first.first?.readAt else { return .idle }
        let rules = try Queues.settings(self.sql, self.workspace, self.queue) ?? QueueSettings(name: self.queue)
        // The sweeper makes chats of a line that closes offline; until then nobody is given them.
        guard rules.hours.map({ $0.state(at: now) == .open }) ?? true else { return .idle }
        var look = Look(
            rules: rules, settings: self.settings.overridden(by: rules), now: now,
            open: rules.overflow.isEmpty ? [self.queue] : try Queues.open(self.sql, self.workspace))
        if let outcome = try self.match(first, &look) { return outcome }
        guard first.count == Self.glance else { return try self.takeStep(first, rules, at: now) }
        let heads = try Dispatch.heads(self.sql, self.workspace, queue: self.queue, limit: Self.depth)
        return try self.match(heads, &look) ?? self.takeStep(heads, rules, at: now)
    }

    /// What holds for the whole of a look at the line.
    private struct Look {
        let rules: QueueSettings
        let settings: RoutingSettings
        let now: Timestamp
        /// The queues that are open.
        let open: Set<String>
        /// By what is asked of them.
        var candidates: [Dispatch.Need: [RoutableCommercial]] = [:]
    }

    /// The first of these chats that somebody may take, given to the best one; nil where there is none.
    private func match(_ heads: [ChatRow], _ look: inout Look) throws -> Outcome? {
        for head in heads {
            let overflow = look.rules.overflow
            let steps = overflow.reached(after: head.waitingMilliseconds, forced: head.overflowSteps)
            guard let reach = overflow.reach(from: self.queue, steps: steps, open: look.open) else {
                return try self.leaveWord(head, look.rules, at: look.now)
            }
            var chat = QueuedChat(head, of: look.rules, reach: reach)
            chat.heldUntil = try self.hold(of: head, look.settings, at: look.now)
            let need = Dispatch.Need(chat)
            let people = try look.candidates[need] ?? self.candidates(need, look.settings)
            look.candidates[need] = people
            let policy = look.settings.policy
            guard policy.best(of: people, for: chat, at: look.now) != nil else { continue }
            return try self.give(chat, policy.ranking(people, for: chat, at: look.now), look.settings)
        }
        return nil
    }

    private func candidates(
        _ need: Dispatch.Need, _ settings: RoutingSettings
    ) throws -> [RoutableCommercial] {
        guard !need.reach.queues.isEmpty else { return [] }
        let gap = settings.minGap.inMilliseconds
        return try Dispatch.candidates(self.sql, self.workspace, need, by: settings.policy)
            .map { RoutableCommercial($0, minGapMilliseconds: gap) }
    }

    /// Until when the chat is kept for the one who had its visitor; nobody waits for somebody who is not there.
    private func hold(of head: ChatRow, _ settings: RoutingSettings, at now: Timestamp) throws -> Timestamp? {
        guard settings.stickyHold > .zero, let sticky = head.stickyCommercial, let since = head.queuedAt else {
            return nil
        }
        let until = since.advanced(byMilliseconds: settings.stickyHold.inMilliseconds)
        guard now < until, !head.triedCommercials.contains(sticky),
            try Commercials.find(self.sql, self.workspace, sticky)?.effective == true
        else { return nil }
        return until
    }

    private func give(
        _ queued: QueuedChat, _ ranking: [RoutableCommercial], _ settings: RoutingSettings
    ) throws -> Outcome {
        let chat = try self.transaction.lock(queued.id)
        guard chat.status == .waiting, chat.queue == self.queue else { return .stale }
        for var candidate in ranking.prefix(3) {
            guard
                let commercial = try Commercials.reserve(
                    self.sql, self.workspace, candidate.id, weight: chat.weight, .routed)
            else { continue }
            candidate.relativeSpeed =
                try Assignments.relativeSpeed(
                    self.sql, self.workspace, queue: self.queue, commercial: candidate.id) ?? 1
            let score = AssignmentScore(candidate, taking: queued, now: chat.readAt).value
            let grounds = AssignmentGrounds(
                by: .system, reason: "routed", score: score, algorithm: settings.policy.rawValue)
            if settings.autoAccept {
                _ = try self.transaction.activate(chat, for: commercial, grounds)
            } else {
                _ = try self.transaction.offer(
                    chat, to: commercial, grounds, timeoutMilliseconds: settings.offerTimeout.inMilliseconds)
            }
            return .matched
        }
        return .stale
    }

    /// Rounds of offers: the first chat whom everybody there has let go by rests, is offered to all of them once more, or
    /// goes a step further.
    private func takeStep(_ heads: [ChatRow], _ rules: QueueSettings, at now: Timestamp) throws -> Outcome {
        for head in heads {
            let steps = rules.overflow.reached(after: head.waitingMilliseconds, forced: head.overflowSteps)
            let round = OfferRound(
                number: head.offerRound, hasTried: !head.triedCommercials.isEmpty, restsUntil: head.offersRestUntil)
            let verdict = round.verdict(at: now, canOverflow: steps < rules.overflow.count)
            guard verdict != .wait else { continue }
            let chat = try self.transaction.lock(head.id)
            guard chat.status == .waiting, chat.triedCommercials == head.triedCommercials else { return .stale }
            switch verdict {
            case .wait: continue
            case .rest(let milliseconds):
                _ = try Chats.rest(self.sql, chat, milliseconds: milliseconds)
            case .begin(let round):
                _ = try Chats.beginRound(self.sql, chat, round, overflowSteps: chat.overflowSteps)
            case .overflow:
                _ = try Chats.beginRound(self.sql, chat, 1, overflowSteps: steps + 1)
            }
            return .moved
        }
        return .idle
    }

    /// The last step of overflow: nobody came. The chat waits again when the queue next begins to be open, or in an hour.
    private func leaveWord(_ head: ChatRow, _ rules: QueueSettings, at now: Timestamp) throws -> Outcome {
        let chat = try self.transaction.lock(head.id)
        guard chat.status == .waiting, chat.queue == self.queue else { return .stale }
        _ = try self.transaction.setOffline(
            chat, nextOpenAt: rules.hours?.openingAfterThis(now), reason: "overflow")
        return .moved
    }
}

extension RoutingSettings {
    /// What holds in a queue that says otherwise.
    func overridden(by queue: QueueSettings) -> RoutingSettings {
        var settings = self
        settings.policy = queue.policy ?? settings.policy
        settings.autoAccept = queue.autoAccept ?? settings.autoAccept
        settings.offerTimeout = queue.offerTimeoutMilliseconds.map { .milliseconds($0) } ?? settings.offerTimeout
        settings.stickyHold = queue.stickyHoldMilliseconds.map { .milliseconds($0) } ?? settings.stickyHold
        return settings
    }
}

extension QueuedChat {
    /// A waiting row as the router sees it: its queue's skills and its own, relaxed as far as it has waited. A language
    /// counts where the queue says that it serves it.
    init(_ chat: ChatRow, of queue: QueueSettings, reach: QueueReach) {
        let step = queue.relaxation.reached(after: chat.waitingMilliseconds)
        let skills = queue.skills.merging(chat.skills) { max($0, $1) }
        let language = chat.language.flatMap { queue.languages.contains($0) ? $0 : nil }
        self.init(
            id: chat.id, priority: chat.priority, firstQueuedAt: chat.firstQueuedAt ?? chat.createdAt,
            bonusMilliseconds: chat.routeBonusMilliseconds, responseDueAt: chat.responseDueAt, weight: chat.weight,
            reach: reach,
            tried: Set(chat.triedCommercials), skills: step?.relaxed(skills) ?? skills,
            language: step?.anyLanguage == true ? nil : language, stickyID: chat.stickyCommercial)
    }
}

extension RoutableCommercial {
    /// - Parameter minGapMilliseconds: The gap of those for whom nobody has set one.
    init(_ candidate: Dispatch.Candidate, minGapMilliseconds: Int64) {
        let row = candidate.commercial
        self.init(
            id: row.id, declared: row.declared, isConnected: row.isConnected, cap: row.cap, load: row.load,
            queues: Set(row.queues), lastAssignedAt: row.lastAssignedAt, lastReleasedAt: row.lastReleasedAt,
            minGapMilliseconds: candidate.minGapMilliseconds ?? minGapMilliseconds, tier: candidate.tier,
            skills: candidate.skills, languages: candidate.languages)
    }
}
