internal import Assignment

/// `chat:transfer`: whoever has the chat passes it on to a person, who is asked, or to a queue.
struct ChatTransfer: ClientEvent {
    static let name = "chat:transfer"
    static let access = EventAccess([.commercial, .supervisor, .admin])

    let chatID: String
    let target: ChatAccess.TransferTarget
    let mode: ChatAccess.TransferMode
    let summary: String?
    let reason: String?
    let expectedEpoch: Int64?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        let to = try payload.nested("to")
        switch (try to.optionalSubject("commercialId"), try to.optionalText("queue", length: 1...128)) {
        case (let id?, nil): self.target = .commercial(id)
        case (nil, let queue?): self.target = .queue(queue)
        case (nil, nil), (_?, _?):
            throw .badPayload(field: "to", "to must have either commercialId or queue.")
        }
        self.mode = try payload.optionalWord("mode") ?? .cold
        self.summary = try payload.optionalContent("summary")
        self.reason = try payload.optionalText("reason", length: 0...200)
        self.expectedEpoch = try payload.optionalInteger("expectedEpoch")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let transfer = TransferChat(
            principal: context.principal, chatID: self.chatID, target: self.target, mode: self.mode,
            summary: self.summary, reason: self.reason, expectedEpoch: self.expectedEpoch)
        return try await transfer(context.services)
    }
}
