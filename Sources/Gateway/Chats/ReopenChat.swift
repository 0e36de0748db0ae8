internal import Assignment
internal import SocketIO
internal import Storage

/// Takes a closed chat up again: with a bot if one is there, else in the line.
struct ReopenChat: Sendable {
    let principal: Principal
    let chatID: String

    func callAsFunction(_ services: Services) async throws -> Reply {
        let committed = try await services.change(in: self.principal.workspace) { transaction in
            try self.run(transaction, services.configuration)
        }
        let chat = committed.value
        if chat.status == .waiting { services.routing.wake(workspace: chat.workspaceID, queue: chat.queue) }
        return .ordered(
            ["chatId": .string(chat.id), "status": .word(chat.status), "epoch": .int(chat.epoch)],
            Publication(
                events: committed.events,
                place: .init(chat: ChatKey(workspace: chat.workspaceID, chat: chat.id), eventNo: chat.eventNo)))
    }

    private func run(_ transaction: ChatTransaction, _ configuration: GatewayConfiguration) throws -> ChatRow {
        var chat = try transaction.lock(self.chatID)
        // For the visitor it is over already; they have no other chat open.
        if self.principal.role == .visitor, self.principal.subject == chat.visitorID {
            chat = try transaction.endWrapUp(of: chat)
        }
        let access = try transaction.access(self.principal, chat)
        let others = try Chats.open(transaction.sql, transaction.workspace, ofVisitor: chat.visitorID, limit: 1)
        try access.reopen(
            now: chat.readAt, windowMilliseconds: configuration.chat.reopenWindow.inMilliseconds,
            hasOtherOpenChat: !others.isEmpty)
        return try VisitorChats(transaction: transaction, visitor: self.principal, configuration: configuration)
            .reopen(chat, by: self.principal.participant)
    }
}
