internal import Assignment

/// `csat:submit`: how it was, from 1 to 5.
struct CSATSubmit: ClientEvent {
    static let name = "csat:submit"
    static let access = EventAccess.visitors
    static let rates = EventRates(visitors: EventRate(0.5, burst: 5))

    /// Unicode scalars of the comment.
    private static let commentLength = 1...2000

    let chatID: String
    let score: Int
    let comment: String?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.score = Int(try payload.integer("score", in: 1...5))
        self.comment = try payload.optionalText("comment", length: Self.commentLength)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let submit = SubmitSatisfaction(
            visitor: context.principal, chatID: self.chatID, score: self.score, comment: self.comment)
        return try await submit(context.services)
    }
}
