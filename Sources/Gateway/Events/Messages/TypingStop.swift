internal import Assignment

/// `typing:stop`.
struct TypingStop: ClientEvent {
    static let name = "typing:stop"
    static let access = EventAccess.everybody
    static let rates = TypingStart.rates

    let chatID: String

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await Typing(context: context, chatID: self.chatID).stop()
        return .ok
    }
}
