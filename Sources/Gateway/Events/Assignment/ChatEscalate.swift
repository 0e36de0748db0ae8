/// `chat:escalate`: this chat needs a person.
struct ChatEscalate: ClientEvent {
    static let name = "chat:escalate"
    static let access = EventAccess.everybody
    static let rates = EventRates(
        visitors: EventRate(0.5, burst: 5), staff: EventRate(2, burst: 20), bots: EventRate(20, burst: 200))

    let chatID: String?
    let reason: String?
    let summary: String?
    let trigger: String?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.optionalID("chatId")
        self.reason = try payload.optionalText("reason", length: 0...200)
        self.summary = try payload.contains("summary") ? payload.optionalContent("summary") : nil
        self.trigger = try payload.optionalText("trigger", length: 1...64)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let escalate = EscalateChat(
            principal: context.principal, chatID: self.chatID, reason: self.reason, summary: self.summary,
            trigger: self.trigger)
        return try await escalate(context.services)
    }
}
