internal import Assignment

/// `chat:resume`: a sleeping chat goes on now.
struct ChatResume: ClientEvent {
    static let name = "chat:resume"
    static let access = EventAccess.humans
    static let rates = EventRates(staff: EventRate(2, burst: 20))

    let chatID: String

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await ResumeChat(principal: context.principal, chatID: self.chatID)(context.services)
    }
}
