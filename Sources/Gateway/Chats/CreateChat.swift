internal import Assignment
internal import SocketIO
internal import Storage

/// Begins a visitor's chat, or finds the open one, and stores the first message in it.
struct CreateChat: Sendable {
    let visitor: Principal
    let origin: String?
    let beginning: VisitorChats.Beginning
    let clientMessageID: String?

    private struct Outcome: Sendable {
        var chat: ChatRow
        var isNew: Bool
        var sent: SendMessage.Outcome?
    }

    func callAsFunction(_ services: Services) async throws -> Reply {
        if self.beginning.firstMessage != nil {
            // It counts as what it is.
            try services.rates.take(MessageSend.self, by: self.visitor)
        }
        let committed = try await services.change(in: self.visitor.workspace) { transaction in
            try self.run(transaction, services)
        }
        let outcome = committed.value
        let chat = outcome.sent?.chat ?? outcome.chat
        if chat.status == .waiting { services.routing.wake(workspace: chat.workspaceID, queue: chat.queue) }
        var reply: JSONObject = [
            "chatId": .string(chat.id), "status": .word(chat.status), "epoch": .int(chat.epoch),
        ]
        reply.set("nextOpenAt", chat.nextOpenAt)
        if !outcome.isNew { reply["existing"] = true }
        if let sent = outcome.sent {
            for key in ["messageId", "seq", "duplicate"] { reply[key] = sent.reply[key] }
        }
        return .ordered(
            reply,
            Publication(
                events: committed.events, origin: self.origin,
                place: .init(chat: ChatKey(workspace: chat.workspaceID, chat: chat.id), eventNo: chat.eventNo)))
    }

    private func run(_ transaction: ChatTransaction, _ services: Services) throws -> Outcome {
        let send = self.beginning.firstMessage.map(self.send)
        if let send, let stored = try send.duplicate(transaction, in: nil) {
            let chat = try transaction.find(stored.chatID)
            return Outcome(
                chat: chat, isNew: false, sent: SendMessage.Outcome(stored: stored, chat: chat, isDuplicate: true))
        }
        let chats = VisitorChats(
            transaction: transaction, visitor: self.visitor, configuration: services.configuration)
        let (chat, isNew) = try chats.begin(self.beginning)
        guard let send else { return Outcome(chat: chat, isNew: isNew) }
        if let stored = try send.duplicate(transaction, in: chat.id) {
            return Outcome(
                chat: chat, isNew: isNew, sent: SendMessage.Outcome(stored: stored, chat: chat, isDuplicate: true))
        }
        return Outcome(chat: chat, isNew: isNew, sent: try send.postAsVisitor(transaction, chat, services))
    }

    private func send(_ content: String) -> SendMessage {
        SendMessage(
            principal: self.visitor, mode: nil, origin: self.origin, chatID: nil, isPrivate: false, epoch: nil,
            message: NewMessage(
                sender: self.visitor.participant, type: .user, content: content,
                clientMessageID: self.clientMessageID))
    }
}
