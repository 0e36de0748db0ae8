internal import Assignment
internal import Storage

/// Somebody asks for a person: the visitor, the owning bot, the assignee, or whoever supervises.
struct EscalateChat: Sendable {
    let principal: Principal
    /// A visitor may leave it out and means their open chat.
    let chatID: String?
    let reason: String?
    /// What the bot knows of the matter, for whoever takes the chat.
    var summary: String?
    let trigger: String?

    func callAsFunction(_ services: Services) async throws -> Reply {
        try await services.routed(services.change(in: self.principal.workspace, self.run), for: self.principal)
    }

    func run(_ transaction: ChatTransaction) throws -> ChatRow {
        let chat = try self.chat(transaction)
        let access = try transaction.access(self.principal, chat)
        try access.escalate(hadIt: self.hadIt(chat, transaction))
        let participant = self.principal.participant
        let trigger = self.trigger ?? EscalationTrigger.requested.rawValue
        switch chat.status {
        case .bot, .offline:
            return try transaction.escalate(
                chat, by: participant, trigger: trigger, reason: self.reason, summary: self.summary)
        case .active where access.owns, .paused where access.owns:
            // Whoever gives a chat away is not the next to get it.
            let handedBack = try transaction.noteSummary(
                self.summary, in: transaction.handBack(chat, by: participant, reason: trigger), by: participant)
            return try Chats.addTried(transaction.sql, handedBack, commercial: participant.id)
        case .active, .paused, .waiting, .offered, .wrapup, .closed:
            return try transaction.addToEscalation(
                chat, by: participant, trigger: trigger, reason: self.reason, summary: self.summary)
        }
    }

    /// Whether a bot asks that had the chat before somebody else was quicker.
    private func hadIt(_ chat: ChatRow, _ transaction: ChatTransaction) throws -> Bool {
        guard self.principal.role == .ai, chat.status != .bot else { return false }
        return try Audit.hadChat(transaction.sql, chat, bot: self.principal.subject)
    }

    private func chat(_ transaction: ChatTransaction) throws -> ChatRow {
        if let chatID { return try transaction.lock(chatID) }
        guard self.principal.role == .visitor else {
            throw EventError.badPayload(field: "chatId", "chatId is missing.")
        }
        let open = try Chats.lockOpen(
            transaction.sql, transaction.workspace, visitor: self.principal.subject)
        guard let open else { throw EventError.chatNotFound }
        return open
    }
}
