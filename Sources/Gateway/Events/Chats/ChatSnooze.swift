internal import Assignment

/// `chat:snooze`: the chat sleeps until a time, or until its visitor writes.
struct ChatSnooze: ClientEvent {
    static let name = "chat:snooze"
    static let access = EventAccess.humans
    static let rates = EventRates(staff: EventRate(2, burst: 20))

    let chatID: String
    let until: Timestamp

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.until = try payload.required("until", try payload.optionalTime("until"))
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await SnoozeChat(
            principal: context.principal, chatID: self.chatID, until: self.until)(context.services)
    }
}
