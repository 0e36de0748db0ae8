internal import Assignment

/// `chat:close`: by whoever has it, or by a supervisor or admin.
struct ChatClose: ClientEvent {
    static let name = "chat:close"
    static let access = EventAccess.staffAndBots

    let chatID: String
    let reason: ChatCloseReason

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.reason = try payload.optionalWord("reason") ?? .resolved
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let close = CloseChat(principal: context.principal, chatID: self.chatID, reason: self.reason)
        return try await close(context.services)
    }
}
