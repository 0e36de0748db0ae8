internal import Assignment

/// `chat:reopen`: by the visitor within the window, by staff whenever.
struct ChatReopen: ClientEvent {
    static let name = "chat:reopen"
    static let access = EventAccess([.visitor, .commercial, .supervisor, .admin])

    let chatID: String

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await ReopenChat(principal: context.principal, chatID: self.chatID)(context.services)
    }
}
