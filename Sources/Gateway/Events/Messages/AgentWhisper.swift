internal import Assignment
internal import Storage

/// `agent:whisper`: a supervisor's word to the person who has the chat. It stands among the chat's notes, and nobody but
/// that person and supervisors reads it.
struct AgentWhisper: ClientEvent {
    static let name = "agent:whisper"
    static let access = EventAccess([.supervisor, .admin])
    static let rates = EventRates(staff: EventRate(5, burst: 50))

    let chatID: String
    let content: String
    let clientMessageID: String?
    let replyTo: String?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.content = try payload.content("content")
        self.clientMessageID = try payload.optionalText("clientMsgId", length: Limits.clientMessageIDLength)
        self.replyTo = try payload.optionalID("replyTo")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let send = SendMessage(
            principal: context.principal, mode: nil, origin: context.socket.id, chatID: self.chatID, isPrivate: true,
            epoch: nil,
            message: NewMessage(
                sender: context.principal.participant, type: .whisper, content: self.content,
                clientMessageID: self.clientMessageID, replyTo: self.replyTo))
        return try await send(context.services)
    }
}
