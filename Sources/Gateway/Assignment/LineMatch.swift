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

    private var sql: Transaction { self.transaction.sql }
    private var workspace: String { self.transaction.workspace }

    func run() throws -> Outcome {
        let line = try Dispatch.lockLine(self.sql, self.workspace, queue: self.queue, by: self.settings.policy)
        guard let now = line.heads.first?.readAt else { return .idle }
        let rules = line.rules ?? QueueSettings(name: self.queue)
        let isOpen = rules.hours.map { $0.state(at: now) == .open } ?? true
        let open =
            rules.overflow.isEmpty
            ? Set(isOpen ? [self.queue] : []) : try Queues.open(self.sql, self.workspace)
        // The sweeper makes chats of a line for which nobody comes offline; until then nobody is given them.
        guard rules.overflow.reached(after: 0, home: self.queue, open: open) != nil else { return .idle }
        var look = Look(rules: rules, settings: self.settings.overridden(by: rules), now: now, open: open)
        look.people[QueueReach(self.queue)] = self.people(line.people, look.settings)
        if let outcome = try self.match(line.heads, &look) { return outcome }
        // Chats of a queue without overflow all ask the same people: where none of them has room, none has for those
        // further behind.
        let isHopeless = rules.overflow.isEmpty && line.people.isEmpty
        if line.heads.count == Dispatch.glance, !isHopeless {
            let heads = try Dispatch.heads(self.sql, self.workspace, queue: self.queue, limit: Dispatch.depth)
            if let outcome = try self.match(heads, &look) { return outcome }
        }
        return try self.takeStep(line.refused, look)
    }

    /// What holds for the whole of a look at the line.
    private struct Look {
        let rules: QueueSettings
        let settings: RoutingSettings
        let now: Timestamp
        /// The queues that are open.
        let open: Set<String>
        /// Who has room for anything, by whom a chat may ask; nil where they are too many to be read.
        var people: [QueueReach: [RoutableCommercial]?] = [:]
        /// Of too many the best, by what is asked of them.
        var best: [Dispatch.Need: [RoutableCommercial]] = [:]
    }

    /// The first of these chats that somebody may take, given to the best one; nil where there is none.
    private func match(_ heads: [ChatRow], _ look: inout Look) throws -> Outcome? {
        for head in heads {
            let overflow = look.rules.overflow
            let steps = overflow.reached(
                after: head.waitingMilliseconds, forced: head.overflowSteps, home: self.queue, open: look.open)
            guard let steps, let reach = overflow.reach(from: self.queue, steps: steps, open: look.open) else {
                return try self.leaveWord(head, look.rules, at: look.now)
            }
            var chat = QueuedChat(head, of: look.rules, reach: reach)
            chat.heldUntil = try self.hold(of: head, look.settings, at: look.now)
            let people = try self.candidates(for: chat, &look)
            let ranking = look.settings.policy.ranking(people, for: chat, at: look.now)
            guard !ranking.isEmpty else { continue }
            return try self.give(head, chat, ranking, look.settings)
        }
        return nil
    }

    /// Who is considered for a chat: everybody of its reach who has any room, or where they are too many, the best of
    /// those who can do what it asks for.
    private func candidates(for chat: QueuedChat, _ look: inout Look) throws -> [RoutableCommercial] {
        guard !chat.reach.queues.isEmpty else { return [] }
        if look.people[chat.reach] == nil {
            let anything = Dispatch.anything(of: chat.reach)
            let found = try Dispatch.candidates(self.sql, self.workspace, anything, by: look.settings.policy)
            look.people[chat.reach] = self.people(found, look.settings)
        }
        if case .some(.some(let people)) = look.people[chat.reach] { return people }
        let need = Dispatch.Need(chat)
        if let best = look.best[need] { return best }
        let gap = look.settings.minGap.inMilliseconds
        let best = try Dispatch.candidates(self.sql, self.workspace, need, by: look.settings.policy)
            .map { RoutableCommercial($0, minGapMilliseconds: gap) }
        look.best[need] = best
        return best
    }

    /// - Returns: nil where these may not be all.
    private func people(
        _ candidates: [Dispatch.Candidate], _ settings: RoutingSettings
    ) -> [RoutableCommercial]? {
        guard candidates.count < Dispatch.manyCandidates else { return nil }
        let gap = settings.minGap.inMilliseconds
        return candidates.map { RoutableCommercial($0, minGapMilliseconds: gap) }
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
        _ head: ChatRow, _ queued: QueuedChat, _ ranking: [RoutableCommercial], _ settings: RoutingSettings
    ) throws -> Outcome {
        for var candidate in ranking.prefix(3) {
            guard let grip = try Dispatch.grip(self.sql, head, for: candidate.id) else { return .stale }
            guard let commercial = grip.commercial else { continue }
            candidate.relativeSpeed = grip.relativeSpeed ?? 1
            let score = AssignmentScore(candidate, taking: queued, now: grip.chat.readAt).value
            let grounds = AssignmentGrounds(
                by: .system, reason: "routed", score: score, algorithm: settings.policy.rawValue)
            if settings.autoAccept {
                _ = try self.transaction.activate(grip.chat, for: commercial, grounds)
            } else {
                _ = try self.transaction.offer(
                    grip.chat, to: commercial, grounds, timeoutMilliseconds: settings.offerTimeout.inMilliseconds)
            }
            return .matched
        }
        return .stale
    }

    /// Rounds of offers: the first chat whom everybody there has let go by rests, is offered to all of them once more, or
    /// goes a step further.
    private func takeStep(_ heads: [ChatRow], _ look: Look) throws -> Outcome {
        let (overflow, now) = (look.rules.overflow, look.now)
        for head in heads {
            let steps =
                overflow.reached(
                    after: head.waitingMilliseconds, forced: head.overflowSteps, home: self.queue, open: look.open) ?? 0
            let round = OfferRound(
                number: head.offerRound, hasTried: !head.triedCommercials.isEmpty, restsUntil: head.offersRestUntil)
            let verdict = round.verdict(at: now, canOverflow: steps < overflow.count)
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
    /// counts where the queue says that it serves it, by that tag or by the only one of the same language.
    init(_ chat: ChatRow, of queue: QueueSettings, reach: QueueReach) {
        let step = queue.relaxation.reached(after: chat.waitingMilliseconds)
        let skills = queue.skills.merging(chat.skills) { max($0, $1) }
        let language = chat.language.flatMap { queue.languages.tag(of: $0) }
        self.init(
            id: chat.id, priority: chat.priority, firstQueuedAt: chat.firstQueuedAt ?? chat.createdAt,
            bonusMilliseconds: chat.routeBonusMilliseconds, responseDueAt: chat.responseDueAt, weight: chat.weight,
            reach: reach,
            tried: Set(chat.triedCommercials), skills: step?.relaxed(skills) ?? skills,
            language: step?.anyLanguage == true ? nil : language, stickyID: chat.stickyCommercial)
    }
}

extension Set<String> {
    /// As these language tags name it: "es" for "es-MX", "pt-BR" for "pt"; nil where two would do.
    fileprivate func tag(of language: String) -> String? {
        if self.contains(language) { return language }
        let primary: (String) -> Substring = { $0.prefix { $0 != "-" } }
        let alike = self.filter { primary($0) == primary(language) }
        return alike.count == 1 ? alike.first : nil
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
