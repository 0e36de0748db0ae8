internal import Assignment
internal import SocketIO
internal import Storage

/// Ends a chat and frees its commercial's slot, in one transaction; where the queue has a wrap-up and the one who has the
/// chat closes it, the slot stays theirs for a while.
struct CloseChat: Sendable {
    let principal: Principal
    let chatID: String
    let reason: ChatCloseReason

    private struct Outcome: Sendable {
        var chat: ChatRow
        var isClosedNow = false
        var wrapUpUntil: Timestamp?
    }

    func callAsFunction(_ services: Services) async throws -> Reply {
        let committed = try await services.change(in: self.principal.workspace, self.run)
        let outcome = committed.value
        let chat = outcome.chat
        // The slot that became free may serve whoever waits.
        if outcome.isClosedNow { services.routing.wake(workspace: chat.workspaceID, queue: chat.queue) }
        var reply: JSONObject = ["status": .word(chat.status)]
        reply.set("wrapUpUntil", outcome.wrapUpUntil)
        if !outcome.isClosedNow, outcome.wrapUpUntil == nil { reply["already"] = true }
        return .ordered(
            reply,
            Publication(
                events: committed.events,
                place: .init(chat: ChatKey(workspace: chat.workspaceID, chat: chat.id), eventNo: chat.eventNo)))
    }

    private func run(_ transaction: ChatTransaction) throws -> Outcome {
        let open = try transaction.lock(self.chatID)
        let access = try transaction.access(self.principal, open)
        guard try access.close() else { return Outcome(chat: open) }
        let by = self.principal.participant
        if let owner = open.owner, by.role == .supervisor || by.role == .admin, owner.id != by.id {
            // The move has its row; this one says that it was somebody else's chat.
            try Audit.append(
                transaction.sql, transaction.workspace, actor: by, action: "chat.force_closed", chatID: open.id,
                detail: JSONText(["from": .string(owner.id), "reason": .word(self.reason)]))
        }
        if access.wrapsUp,
            let pause = try Queues.settings(transaction.sql, open.workspaceID, open.queue)?.wrapUpMilliseconds,
            pause > 0
        {
            let (chat, until) = try transaction.wrapUp(open, reason: self.reason, by: by, milliseconds: pause)
            return Outcome(chat: chat, wrapUpUntil: until)
        }
        return Outcome(chat: try transaction.close(open, reason: self.reason, by: by), isClosedNow: true)
    }
}
