internal import Assignment
internal import SocketIO
internal import Storage

/// Gives a chat to a bot: back from people, or from one bot to another.
struct HandToBot: Sendable {
    let principal: Principal
    let chatID: String
    /// nil for the bot with the fewest chats.
    let botID: String?
    /// What the bot should know.
    let note: String?

    func callAsFunction(_ services: Services) async throws -> Reply {
        let timeout = services.configuration.bot.answerTimeout.inMilliseconds
        let committed = try await services.change(in: self.principal.workspace) {
            try self.run($0, answerTimeoutMilliseconds: timeout)
        }
        // A slot may have become free for those who wait.
        services.routing.wake(workspace: committed.value.workspaceID, queue: committed.value.queue)
        return try await services.routed(committed, for: self.principal)
    }

    func run(_ transaction: ChatTransaction, answerTimeoutMilliseconds: Int64) throws -> ChatRow {
        let chat = try transaction.lock(self.chatID)
        guard try transaction.access(self.principal, chat).handToBot(self.botID) else { return chat }
        let by = self.principal.participant
        let isLoop =
            by.role == .ai
            && !BotTurn.mayHandOver(sinceVisitor: chat.botHandovers, altogether: chat.botHandoversTotal)
        if isLoop {
            // Bots that pass a visitor to and fro do not help them: people are next.
            return try transaction.escalate(chat, by: by, trigger: "bot_loop", summary: self.note)
        }
        let bot = try self.bot(for: chat, transaction)
        return try transaction.giveToBot(
            chat, bot, by: by, note: self.note, answerTimeoutMilliseconds: answerTimeoutMilliseconds)
    }

    /// - Throws: `not_found` for a bot that was never seen, `no_agents` where it, or any, is not there.
    private func bot(for chat: ChatRow, _ transaction: ChatTransaction) throws -> Participant {
        let live = try Bots.live(transaction.sql, transaction.workspace).filter { $0.bot.id != chat.owner?.id }
        if let botID {
            if let bot = live.first(where: { $0.bot.id == botID })?.bot { return bot }
            guard try Bots.isKnown(transaction.sql, transaction.workspace, botID) else {
                throw EventError.notFound("There is no such bot.")
            }
            throw DomainRefusal(.noAgents, "This bot is not there.")
        }
        let candidates = live.map {
            BotCandidate(id: $0.bot.id, ownedChats: $0.ownedChats, lastAssignedAt: $0.lastAssignedAt)
        }
        let next =
            BotOrder.next(among: candidates, for: chat.id, tried: Set(chat.triedBots))
            ?? BotOrder.next(among: candidates, for: chat.id)
        guard let bot = live.first(where: { $0.bot.id == next?.id })?.bot else {
            throw DomainRefusal(.noAgents, "No bot is there.")
        }
        return bot
    }
}
