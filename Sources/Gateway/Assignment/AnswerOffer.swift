internal import Assignment
internal import Storage

/// A commercial accepts or rejects what was offered to them.
struct AnswerOffer: Sendable {
    enum Answer: Sendable, Hashable {
        case accept
        case reject(reason: String)
    }

    let principal: Principal
    /// The offer; with `nil`, whatever is offered in the chat.
    let assignmentID: String?
    let chatID: String?
    let answer: Answer

    func callAsFunction(_ services: Services) async throws -> Reply {
        try await services.routed(services.change(in: self.principal.workspace, self.run), for: self.principal)
    }

    func run(_ transaction: ChatTransaction) throws -> ChatRow {
        let chat = try self.chat(transaction)
        if let warm = try self.warm(of: chat, transaction) { return try self.answer(warm, of: chat, transaction) }
        let access = try transaction.access(self.principal, chat)
        let live = try Assignments.live(transaction.sql, of: chat)
        let isMeant = self.assignmentID == nil || self.assignmentID == live?.id
        // Accepting twice is no error: the answer may have been lost.
        if self.answer == .accept, chat.status == .active, access.owns, isMeant { return chat }
        try access.answerOffer(deadline: isMeant ? live?.deadline : nil, now: chat.readAt)
        switch self.answer {
        case .accept:
            return try transaction.accept(chat, by: self.principal.participant)
        case .reject(let reason):
            let rejected = try transaction.withdrawOffer(
                chat, .rejected, by: self.principal.participant, reason: reason)
            try transaction.alertOfRejections(by: self.principal.participant, in: chat, reason: reason)
            return rejected
        }
    }

    /// The warm transfer that is meant, if it is one.
    private func warm(of chat: ChatRow, _ transaction: ChatTransaction) throws -> WarmTransferRow? {
        guard self.principal.role == .commercial, chat.status == .active || chat.status == .paused,
            let warm = try WarmTransfers.find(transaction.sql, of: chat), warm.toID == self.principal.subject,
            self.assignmentID == nil || self.assignmentID == warm.id
        else { return nil }
        return warm
    }

    private func answer(
        _ warm: WarmTransferRow, of chat: ChatRow, _ transaction: ChatTransaction
    ) throws -> ChatRow {
        switch self.answer {
        case .accept: try transaction.accept(warm, of: chat, by: self.principal.participant)
        case .reject(let reason): try transaction.end(warm, of: chat, .rejected, reason: reason)
        }
    }

    private func chat(_ transaction: ChatTransaction) throws -> ChatRow {
        if let chatID { return try transaction.lock(chatID) }
        guard let assignmentID else {
            throw EventError.badPayload(field: "assignmentId", "assignmentId or chatId is missing.")
        }
        let offer = try Assignments.find(transaction.sql, transaction.workspace, assignmentID)
        if let offer { return try transaction.lock(offer.chatID) }
        let warm = try WarmTransfers.find(transaction.sql, transaction.workspace, assignmentID)
        guard let warm else { throw EventError.notFound("There is no such offer.") }
        return try transaction.lock(warm.chatID)
    }
}
