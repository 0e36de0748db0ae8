internal import Assignment
internal import Storage

/// Where a visitor's words go: their open chat, their last one taken up again, or a new one. Works inside the caller's transaction and leaves the chat locked.
struct VisitorChats {
    let transaction: ChatTransaction
    let visitor: Principal
    let configuration: GatewayConfiguration

    /// What a new chat is begun with.
    struct Beginning: Sendable {
        var department: String?
        var priority: Priority = .normal
        var metadata: JSONText = .emptyObject
        /// The visitor's first words, for the supervisors' and bots' `chat:created`.
        var firstMessage: String?
    }

    private var sql: Transaction { self.transaction.sql }
    private var workspace: String { self.transaction.workspace }

    /// The chat for a message that names none, or one that is closed.
    func destination(_ beginning: Beginning) throws -> ChatRow {
        if let open = try Chats.lockOpen(self.sql, self.workspace, visitor: self.visitor.subject) {
            guard open.status == .wrapup else { return open }
            _ = try self.transaction.endWrapUp(of: open)
        }
        let window = self.configuration.chat.reopenWindow.inMilliseconds
        if let closed = try Chats.lockLastClosed(
            self.sql, self.workspace, visitor: self.visitor.subject, within: window)
        {
            return try self.reopen(closed, by: self.visitor.participant)
        }
        return try self.begin(beginning).chat
    }

    /// Begins a chat, or finds that the visitor has one open.
    func begin(_ beginning: Beginning) throws -> (chat: ChatRow, isNew: Bool) {
        let visitor = try Visitors.upsert(
            self.sql, self.workspace, self.visitor.subject, isVerified: self.visitor.isVerified, name: self.visitor.name
        )
        let queue = try self.queue(of: beginning.department)
        let bot = try self.bot(for: self.visitor.subject)
        var new = NewChat(
            visitorID: self.visitor.subject, entry: try self.entry(with: bot, queue: queue, beginning.priority),
            priority: beginning.priority, queue: queue, department: beginning.department,
            language: visitor.language, metadata: beginning.metadata,
            previousChatID: try Chats.lastClosedID(self.sql, self.workspace, visitor: self.visitor.subject))
        var (chat, isNew) = try Chats.createOrLockOpen(self.sql, self.workspace, new)
        if !isNew, chat.status == .wrapup {
            new.previousChatID = try self.transaction.endWrapUp(of: chat).id
            (chat, isNew) = try Chats.createOrLockOpen(self.sql, self.workspace, new)
        }
        guard isNew else { return (chat, false) }
        if let bot { try Bots.markAssigned(self.sql, self.workspace, bot.id) }
        try self.transaction.record(
            .chatCreated(ChatCreated(chat, visitor: visitor, firstMessage: beginning.firstMessage)), in: &chat)
        try self.tellPosition(of: &chat)
        return (chat, true)
    }

    /// Takes a closed, locked chat up again, as a new one would begin: with a bot, or in the line.
    func reopen(_ closed: ChatRow, by: Participant) throws -> ChatRow {
        var chat: ChatRow
        if let bot = try self.bot(for: closed.id) {
            chat = try Chats.giveToBot(
                self.sql, closed, bot, answerWithin: nil, by: by, reason: "reopened")
            try Bots.markAssigned(self.sql, self.workspace, bot.id)
        } else {
            let key = RouteKey(firstQueuedAt: closed.readAt, priority: closed.priority)
            chat = try Chats.enqueue(
                self.sql, closed, firstQueuedAt: closed.readAt, routeKey: key.instant, by: by, reason: "reopened")
        }
        try self.transaction.record(.chatReopened(ChatReopened(chat, by: by)), in: &chat)
        if chat.status == .waiting, let closure = try Queues.closure(self.sql, self.workspace, chat.queue) {
            return try self.transaction.setOffline(chat, nextOpenAt: closure.nextOpenAt, reason: "closed")
        }
        try self.tellPosition(of: &chat)
        return chat
    }

    /// With a bot if there is one; else in the line, or, while the queue is closed, kept until it opens.
    private func entry(with bot: Participant?, queue: String, _ priority: Priority) throws -> NewChat.Entry {
        if let bot { return .bot(bot, answerWithinMilliseconds: nil) }
        if let closure = try Queues.closure(self.sql, self.workspace, queue) {
            return .offline(nextOpenAt: closure.nextOpenAt)
        }
        return .waiting(slackMilliseconds: RouteKey.slackMilliseconds(of: priority))
    }

    /// A visitor who waits is told where in the line.
    private func tellPosition(of chat: inout ChatRow) throws {
        guard let position = try Chats.position(self.sql, of: chat) else { return }
        try self.transaction.recordPlace(position, of: &chat)
    }

    private func queue(of department: String?) throws -> String {
        guard let department, try Workspaces.queueExists(self.sql, self.workspace, name: department) else {
            return Workspaces.defaultQueue
        }
        return department
    }

    /// The connected bot with the fewest chats, if there is one that takes chats.
    private func bot(for seed: String) throws -> Participant? {
        let live = try Bots.live(self.sql, self.workspace)
        let candidates = live.map {
            BotCandidate(id: $0.bot.id, ownedChats: $0.ownedChats, lastAssignedAt: $0.lastAssignedAt)
        }
        let next = BotOrder.next(among: candidates, for: seed)
        return live.first { $0.bot.id == next?.id }?.bot
    }
}

extension VisitorRow {
    /// The language of their locale ("es" of "es-MX"); nil where that is no language tag, as "*" is none.
    fileprivate var language: String? {
        guard let tag = self.locale?.prefix(while: { $0 != "-" && $0 != "_" }).lowercased(),
            (2...3).contains(tag.utf8.count),
            tag.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        else { return nil }
        return tag
    }
}
