internal import Assignment
internal import SocketIO
internal import Storage

/// `assistance:feedback`: what a commercial made of a suggestion, for the bots to learn from. Not stored.
struct AssistanceFeedback: ClientEvent {
    static let name = "assistance:feedback"
    static let access = EventAccess([.commercial])

    enum Outcome: String, Sendable, CaseIterable {
        case used
        case edited
        case ignored
    }

    let chatID: String
    let suggestionID: String
    let outcome: Outcome
    let finalText: String?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.suggestionID = try payload.text("suggestionId", length: 1...128)
        self.outcome = try payload.word("outcome")
        self.finalText = try payload.contains("finalText") ? payload.optionalContent("finalText") : nil
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let (principal, workspace) = (context.principal, context.workspace)
        try await context.services.database.transaction(.workspace(workspace)) { sql in
            let transaction = ChatTransaction(sql, workspace: workspace)
            try transaction.access(principal, transaction.find(self.chatID)).see()
        }
        var body: JSONObject = [
            "chatId": .string(self.chatID), "suggestionId": .string(self.suggestionID),
            "outcome": .word(self.outcome), "commercialId": .string(principal.subject),
        ]
        body.set("finalText", self.finalText)
        context.services.broadcaster.emit(
            Self.name, JSONValue.object(body).encoded(), to: [.ai(workspace)],
            except: [.chatMuted(workspace, self.chatID)], exceptSockets: [])
        return .ok
    }
}
