internal import Assignment

/// `chat:accept`: the commercial takes what was offered to them.
struct ChatAccept: ClientEvent {
    static let name = "chat:accept"
    static let access = EventAccess([.commercial])

    let assignmentID: String?
    let chatID: String?

    init(_ payload: Payload) throws(EventError) {
        self.assignmentID = try payload.optionalID("assignmentId")
        self.chatID = try payload.optionalID("chatId")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let answer = AnswerOffer(
            principal: context.principal, assignmentID: self.assignmentID, chatID: self.chatID, answer: .accept)
        return try await answer(context.services)
    }
}
