internal import Assignment
internal import SocketIO
internal import Storage

/// Ends a chat and frees its commercial's slot, in one transaction.
struct CloseChat: Sendable {
    let principal: Principal
    let chatID: String
    let reason: ChatCloseReason

    func callAsFunction(_ services: Services) async throws -> Reply {
        let committed = try await services.change(in: self.principal.workspace) { transaction in
            try self.run(transaction, services)
        }
        let (chat, isClosedNow) = committed.value
        // The slot that became free may serve whoever waits.
        if isClosedNow { services.routing.wake(workspace: chat.workspaceID, queue: chat.queue) }
        var reply: JSONObject = ["status": .word(chat.status)]
        if !isClosedNow { reply["already"] = true }
        return .ordered(
            reply,
            Publication(
                events: committed.events,
                place: .init(chat: ChatKey(workspace: chat.workspaceID, chat: chat.id), eventNo: chat.eventNo)))
    }

    private func run(_ transaction: ChatTransaction, _ services: Services) throws -> (ChatRow, Bool) {
        let open = try transaction.lock(self.chatID)
        guard try transaction.access(self.principal, open).close() else { return (open, false) }
        let by = self.principal.participant
        try services.routing.releaseAssignment(of: open, reason: "closed", in: transaction)
        var chat = try Chats.close(transaction.sql, open, reason: self.reason, by: by)
        if let owner = open.owner, by.role == .supervisor || by.role == .admin, owner.id != by.id {
            // The move has its row; this one says that it was somebody else's chat.
            try Audit.append(
                transaction.sql, transaction.workspace, actor: by, action: "chat.force_closed", chatID: chat.id,
                detail: JSONText(["from": .string(owner.id), "reason": .word(self.reason)]))
        }
        let closedAt = chat.closedAt ?? chat.readAt
        let handled = try Assignments.handledMilliseconds(transaction.sql, chat)
        try transaction.record(
            .chatClosed(
                ChatClosed(
                    closedBy: by, reason: self.reason, closedAt: closedAt, visitorID: chat.visitorID,
                    queue: chat.queue, epoch: chat.epoch, version: chat.version, lastOwner: open.owner,
                    durationSeconds: closedAt.milliseconds(since: chat.createdAt) / 1000,
                    firstResponseSeconds: chat.firstResponseAt.map { $0.milliseconds(since: chat.createdAt) / 1000 },
                    waitSeconds: chat.waitedMilliseconds / 1000, handleSeconds: handled / 1000, messages: chat.seq,
                    priority: chat.priority)),
            in: &chat)
        return (chat, true)
    }
}
