internal import Assignment

/// `supervisor:takeover`: the chat is the supervisor's from now on.
struct SupervisorTakeover: ClientEvent {
    static let name = "supervisor:takeover"
    static let access = EventAccess([.supervisor, .admin])

    let chatID: String
    let reason: String?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.reason = try payload.optionalText("reason", length: 0...200)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await TakeOverChat(
            principal: context.principal, chatID: self.chatID, reason: self.reason)(context.services)
    }
}
