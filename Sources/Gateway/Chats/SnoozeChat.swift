internal import Assignment
internal import SocketIO
internal import Storage

/// Puts a chat to sleep with the one who has it.
struct SnoozeChat: Sendable {
    let principal: Principal
    let chatID: String
    let until: Timestamp

    func callAsFunction(_ services: Services) async throws -> Reply {
        let committed = try await services.change(in: self.principal.workspace, self.run)
        let chat = committed.value
        // The part of the slot that became free may serve whoever waits.
        services.routing.wake(workspace: chat.workspaceID, queue: chat.queue)
        return .ordered(
            [
                "status": .word(chat.status), "snoozeUntil": chat.snoozeUntil.map(JSONValue.time) ?? .null,
                "version": .int(chat.version),
            ],
            Publication(
                events: committed.events,
                place: .init(chat: ChatKey(workspace: chat.workspaceID, chat: chat.id), eventNo: chat.eventNo)))
    }

    func run(_ transaction: ChatTransaction) throws -> ChatRow {
        let chat = try transaction.lock(self.chatID)
        try transaction.access(self.principal, chat).snooze()
        try Snooze.check(until: self.until, now: chat.readAt, field: "until")
        guard chat.snoozeUntil != self.until else { return chat }
        return try transaction.pause(chat, until: self.until, by: self.principal.participant, reason: "snoozed")
    }
}
