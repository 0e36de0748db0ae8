internal import Assignment
internal import SocketIO
internal import Storage

/// Wakes a sleeping chat before its time.
struct ResumeChat: Sendable {
    let principal: Principal
    let chatID: String

    func callAsFunction(_ services: Services) async throws -> Reply {
        let committed = try await services.change(in: self.principal.workspace, self.run)
        let chat = committed.value
        if chat.status == .waiting { services.routing.wake(workspace: chat.workspaceID, queue: chat.queue) }
        return .ordered(
            ["status": .word(chat.status), "epoch": .int(chat.epoch), "version": .int(chat.version)],
            Publication(
                events: committed.events,
                place: .init(chat: ChatKey(workspace: chat.workspaceID, chat: chat.id), eventNo: chat.eventNo)))
    }

    func run(_ transaction: ChatTransaction) throws -> ChatRow {
        let chat = try transaction.lock(self.chatID)
        guard let cause = try transaction.access(self.principal, chat).resume() else { return chat }
        return try transaction.wake(chat, cause, by: self.principal.participant, reason: "resumed")
    }
}
