internal import Assignment

/// `chat:reject`: the commercial lets an offer pass, and says why.
struct ChatReject: ClientEvent {
    static let name = "chat:reject"
    static let access = EventAccess([.commercial])

    let assignmentID: String?
    let chatID: String?
    let reason: String

    init(_ payload: Payload) throws(EventError) {
        self.assignmentID = try payload.optionalID("assignmentId")
        self.chatID = try payload.optionalID("chatId")
        self.reason = try payload.text("reason", length: 1...200)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let answer = AnswerOffer(
            principal: context.principal, assignmentID: self.assignmentID, chatID: self.chatID,
            answer: .reject(reason: self.reason))
        return try await answer(context.services)
    }
}
