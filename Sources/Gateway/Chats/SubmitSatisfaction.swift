internal import Assignment
internal import SocketIO
internal import Storage

/// The visitor says how it was. Staff see it with the chat.
struct SubmitSatisfaction: Sendable {
    let visitor: Principal
    let chatID: String
    let score: Int
    let comment: String?

    func callAsFunction(_ services: Services) async throws -> Reply {
        let committed = try await services.change(in: self.visitor.workspace, self.run)
        let chat = committed.value.chat
        var reply: JSONObject = ["score": .int(Int64(self.score))]
        if committed.value.isDuplicate { reply["duplicate"] = true }
        return .ordered(
            reply,
            Publication(
                events: committed.events,
                place: .init(chat: ChatKey(workspace: chat.workspaceID, chat: chat.id), eventNo: chat.eventNo)))
    }

    private func run(_ transaction: ChatTransaction) throws -> (chat: ChatRow, isDuplicate: Bool) {
        let chat = try transaction.lock(self.chatID)
        let decision = try transaction.access(self.visitor, chat).submitSatisfaction(
            now: chat.readAt, until: chat.csatUntil, given: chat.csatAt != nil,
            isSame: chat.csatScore == self.score && chat.csatComment == self.comment)
        guard decision == .store else { return (chat, true) }
        var answered = try Satisfaction.answer(transaction.sql, chat, score: self.score, comment: self.comment)
        let changes: JSONObject = ["csat": answered.satisfaction.map(JSONValue.object) ?? .null]
        try transaction.record(
            .chatUpdated(
                ChatUpdated(changes: JSONText(changes), chat: answered, by: self.visitor.participant)),
            in: &answered)
        return (answered, false)
    }
}
