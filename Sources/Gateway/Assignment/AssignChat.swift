internal import Assignment
internal import SocketIO
internal import Storage

/// Gives a chat to somebody named, or to whomever the router picks.
struct AssignChat: Sendable {
    let principal: Principal
    let chatID: String
    /// `nil` routes automatically.
    let commercialID: String?
    /// The queue to which the chat moves first.
    var queue: String?
    var reason: String?
    /// Above the target's cap; for supervisors and admins.
    var force = false
    var expectedEpoch: Int64?
    var claims = AssignmentClaims()

    func callAsFunction(_ services: Services) async throws -> Reply {
        let settings = services.configuration.routing
        return try await services.routed(
            services.change(in: self.principal.workspace) { try self.run($0, settings) }, for: self.principal)
    }

    func run(_ transaction: ChatTransaction, _ settings: RoutingSettings) throws -> ChatRow {
        var chat = try transaction.lock(self.chatID)
        let access = try transaction.access(self.principal, chat)
        let target = self.commercialID.map(ChatAccess.AssignTarget.commercial) ?? .anybody
        let decision = try access.assign(
            to: target, movesQueue: self.queue != nil && self.queue != chat.queue, force: self.force,
            expectedEpoch: self.expectedEpoch)
        if decision != .already {
            chat = try transaction.move(chat, to: self.queue, by: self.principal.participant)
            chat = try self.keepClaims(about: chat, transaction)
        }
        switch decision {
        case .already:
            return chat
        case .toQueue:
            return try self.toQueue(chat, access, transaction)
        case .toCommercial(self.principal.subject) where access.requester.supervises:
            // They have no cap and get nothing routed: this is a take-over, and counted as one.
            return try transaction.takeOver(
                chat, by: self.principal.participant, reason: self.reason, defaultCapacity: settings.defaultCapacity)
        case .toCommercial(let id):
            return try self.give(chat, to: id, transaction, settings)
        }
    }

    /// What was said with it stands in the audit; why a person is needed, also in a chat that nobody called one to yet.
    private func keepClaims(about chat: ChatRow, _ transaction: ChatTransaction) throws -> ChatRow {
        var detail = self.claims.fields
        guard !detail.isEmpty else { return chat }
        let by = self.principal.participant
        detail.set("to", self.commercialID)
        try Audit.append(
            transaction.sql, transaction.workspace, actor: by, action: "chat.assigned", chatID: chat.id,
            detail: JSONText(detail))
        guard chat.escalatedAt == nil, let reason = self.claims.escalationReason else { return chat }
        return try transaction.explainEscalation(
            of: chat, by: by, reason: reason, escalatedBy: self.claims.escalatedBy)
    }

    private func toQueue(
        _ chat: ChatRow, _ access: ChatAccess, _ transaction: ChatTransaction
    ) throws -> ChatRow {
        let by = self.principal.participant
        let reason = self.reason ?? "assigned"
        switch chat.status {
        case .active, .paused:
            let handedBack = try transaction.handBack(chat, by: by, reason: reason)
            guard access.owns else { return handedBack }
            return try Chats.addTried(transaction.sql, handedBack, commercial: by.id)
        case .offered:
            return try transaction.handBack(chat, by: by, reason: reason)
        case .bot, .offline:
            return try transaction.enqueue(chat, by: by, reason: reason)
        case .waiting, .wrapup, .closed:
            return chat
        }
    }

    private func give(
        _ chat: ChatRow, to id: String, _ transaction: ChatTransaction, _ settings: RoutingSettings
    ) throws -> ChatRow {
        let takes = self.principal.role == .commercial && id == self.principal.subject
        guard let target = try transaction.lockCarriers(chat, and: id), target.role == .commercial else {
            throw EventError.notFound("There is no such commercial.")
        }
        try self.checkReachable(target, takes: takes, of: chat, transaction)
        let by = self.principal.participant
        var chat = chat
        let previous = try transaction.release(chat, reason: "reassigned")
        if let previous { try transaction.rescind(previous, in: &chat, reason: "reassigned") }
        let commercial = try transaction.reserve(chat, for: id, self.force ? .forced : .direct)
        if self.force {
            try Audit.append(
                transaction.sql, transaction.workspace, actor: by, action: "chat.forced", chatID: chat.id,
                detail: JSONText(["to": .string(id), "load": .number(JSONNumber(commercial.load))]))
        }
        let rules = try Queues.settings(transaction.sql, transaction.workspace, chat.queue)
        let settings = rules.map(settings.overridden) ?? settings
        let grounds = AssignmentGrounds(
            by: by, reason: self.reason ?? (takes ? "taken_over" : "assigned"), score: self.claims.score,
            algorithm: self.claims.algorithm)
        if takes || self.force || settings.autoAccept {
            let from = chat.status == .offered ? nil : previous?.commercialID
            return try transaction.activate(chat, for: commercial, grounds, previous: from)
        }
        return try transaction.offer(
            chat, to: commercial, grounds, timeoutMilliseconds: settings.offerTimeout.inMilliseconds
        ).chat
    }

    /// A chat goes only to somebody who hears of it. People may insist where somebody is busy; a bot's advice is a
    /// hint, and the declared status stands.
    private func checkReachable(
        _ target: CommercialRow, takes: Bool, of chat: ChatRow, _ transaction: ChatTransaction
    ) throws {
        let isReachable =
            self.principal.role == .ai
            ? target.effective : target.isConnected && target.declared != .offline
        guard takes || isReachable else {
            let opening = try Queues.nextOpening(transaction.sql, transaction.workspace, chat.queue)
            throw DomainRefusal(
                .noAgents, "This commercial is not there.", details: opening.map { [.nextOpening($0)] } ?? [])
        }
    }
}
