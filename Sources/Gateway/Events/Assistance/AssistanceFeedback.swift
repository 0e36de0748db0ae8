internal import Assignment
internal import SocketIO
internal import Storage

/// `assistance:feedback`: what a commercial made of a suggestion that they were given, for the bots to learn from.
struct AssistanceFeedback: ClientEvent {
    static let name = "assistance:feedback"
    static let access = EventAccess([.commercial])

    let chatID: String
    let suggestionID: String
    let outcome: Suggestions.Outcome
    let finalText: String?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.suggestionID = try payload.text("suggestionId", length: 1...128)
        self.outcome = try payload.word("outcome")
        self.finalText = try payload.contains("finalText") ? payload.optionalContent("finalText") : nil
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let (principal, workspace) = (context.principal, context.workspace)
        let given = try await context.services.database.transaction(.workspace(workspace)) { sql in
            let transaction = ChatTransaction(sql, workspace: workspace)
            let chat = try transaction.find(self.chatID)
            try transaction.access(principal, chat).see()
            let given = try Suggestions.answer(
                sql, chat, by: principal.subject, id: self.suggestionID, self.outcome)
            guard let given else { throw EventError.notFound("You were given no such suggestion.") }
            return given
        }
        if let before = given.outcome {
            guard before == self.outcome else {
                throw EventError(
                    .conflict, "You said something else of it before.", details: ["outcome": .word(before)])
            }
            return .now(["duplicate": true])
        }
        var body: JSONObject = [
            "chatId": .string(self.chatID), "suggestionId": .string(self.suggestionID),
            "outcome": .word(self.outcome), "commercialId": .string(principal.subject),
            "botId": .string(given.bot), "forSeq": .int(given.forSeq),
        ]
        body.set("finalText", self.finalText)
        context.services.broadcaster.tell(
            Self.name, body, to: [.ai(workspace)], except: [.chatMuted(workspace, self.chatID)])
        return .ok
    }
}
