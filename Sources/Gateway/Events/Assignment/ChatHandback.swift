internal import Assignment

/// `chat:handback`: a person gives a chat back to a bot, or a bot gives it to another one.
struct ChatHandback: ClientEvent {
    static let name = "chat:handback"
    static let access = EventAccess([.commercial, .supervisor, .admin, .ai], aiScopes: [.messaging])
    static let rates = EventRates(staff: EventRate(2, burst: 20), bots: EventRate(5, burst: 50))

    let chatID: String
    let botID: String?
    let note: String?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.botID = try payload.optionalSubject("botId")
        self.note = try payload.optionalContent("note")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await HandToBot(
            principal: context.principal, chatID: self.chatID, botID: self.botID, note: self.note)(context.services)
    }
}
