internal import Assignment
internal import Storage

/// What time does to chats: they wake, open, fall silent, are wrapped up.
extension Sweeper {
    /// A chat's time to be looked at has come; what that means depends on how it stands.
    func look(at due: (workspace: String, id: String)) async throws {
        let configuration = self.configuration.chat
        let chat = try await self.changes(in: due.workspace) { transaction -> ChatRow? in
            let chat = try transaction.lock(due.id)
            guard let look = chat.lookAt, look <= chat.readAt else { return nil }
            switch chat.status {
            case .paused:
                return try transaction.wake(chat, .byItself, by: .system, reason: "snooze_over")
            case .offline:
                return try transaction.open(chat)
            case .bot, .active, .waiting:
                return try transaction.judgeSilence(of: chat, configuration)
            case .offered, .wrapup, .closed:
                return try Chats.setLook(transaction.sql, chat, at: nil)
            }
        }
        if let chat { self.wakeQueue(of: chat) }
    }

    /// Chats that were begun under another patience than this gateway's are looked at once.
    func lookAtUnwatched() async throws {
        let settings = self.configuration.chat
        guard [settings.autoClose, settings.botAutoClose, settings.abandonAfter].contains(where: { $0 > .zero }) else {
            return
        }
        let workspaces = try await self.changes.database.transaction(.none) { try Workspaces.directory($0) }
        try await self.changes.database.transaction(.workspaces(workspaces)) { try Chats.lookAtUnwatched($0) }
    }

    /// Whoever wrapped up had their time.
    func wrapUpIsOver(_ due: AssignmentRow) async throws {
        let chat = try await self.changes(in: due.workspaceID) { transaction -> ChatRow? in
            let chat = try transaction.lock(due.chatID)
            guard chat.status == .wrapup, let live = try Assignments.live(transaction.sql, of: chat),
                live.id == due.id, let deadline = live.deadline, deadline <= chat.readAt
            else { return nil }
            return try transaction.close(chat, reason: .resolved, by: .system)
        }
        if let chat { self.wakeQueue(of: chat) }
    }

    /// A queue has closed while chats wait in it: nobody comes before it opens.
    func lineCloses(_ queue: QueueKey, _ closure: Queues.Closure) async throws {
        let waiting = try await self.changes.database.transaction(.workspace(queue.workspace)) { sql in
            try Dispatch.heads(sql, queue.workspace, queue: queue.queue, limit: 100).map(\.id)
        }
        let failed = try await self.each(waiting) { id in
            try await self.changes(in: queue.workspace) { transaction in
                let chat = try transaction.lock(id)
                guard chat.status == .waiting, chat.queue == queue.queue else { return }
                _ = try transaction.setOffline(chat, nextOpenAt: closure.nextOpenAt, reason: "closed")
            }
        }
        if let failed { throw failed }
    }

    /// A slot may have become free, or a chat may wait.
    private func wakeQueue(of chat: ChatRow) {
        guard chat.status == .waiting || chat.status == .closed else { return }
        self.dispatcher.wake(QueueKey(workspace: chat.workspaceID, queue: chat.queue))
    }
}

extension ChatTransaction {
    /// Closes the locked chat where nobody waits any more, else notes when to look again. A message that was stored
    /// before this lock was taken counts.
    func judgeSilence(of chat: ChatRow, _ settings: ChatSettings) throws -> ChatRow {
        let queue = try Queues.settings(self.sql, self.workspace, chat.queue)
        let idle = IdleChat(
            status: chat.status, visitorSpokeLast: chat.seq > 0 && chat.lastVisitorSeq == chat.seq,
            silentSince: try Chats.silentSince(self.sql, chat),
            visitorGoneSince: chat.status == .waiting ? try Chats.visitorGoneSince(self.sql, chat) : nil)
        switch idle.judge(settings.patience(with: queue), now: chat.readAt) {
        case .close(let reason):
            return try self.close(chat, reason: reason, by: .system)
        case .lookAgain(let instant):
            return try Chats.setLook(self.sql, chat, at: instant)
        case .leave:
            return try Chats.setLook(self.sql, chat, at: nil)
        }
    }
}

extension ChatSettings {
    /// For how long silence is borne in a queue.
    func patience(with queue: QueueSettings?) -> IdleChat.Patience {
        IdleChat.Patience(
            active: Self.limit(queue?.autoCloseMilliseconds, self.autoClose),
            bot: Self.limit(queue?.autoCloseMilliseconds, self.botAutoClose),
            abandoned: Self.limit(queue?.abandonMilliseconds, self.abandonAfter))
    }

    private static func limit(_ own: Int64?, _ standard: Duration) -> Int64? {
        let milliseconds = own ?? standard.inMilliseconds
        return milliseconds > 0 ? milliseconds : nil
    }

    /// As the schema's triggers read them.
    var silences: Database.Silences {
        Database.Silences(
            autoCloseMilliseconds: self.autoClose.inMilliseconds,
            botAutoCloseMilliseconds: self.botAutoClose.inMilliseconds,
            abandonMilliseconds: self.abandonAfter.inMilliseconds)
    }
}
