internal import Assignment
internal import SocketIO
internal import Storage

/// `message:send`: a public message, or a note.
struct MessageSend: ClientEvent {
    static let name = "message:send"
    static let access = EventAccess.everybody
    static let rates = EventRates(visitors: EventRate(5, burst: 20))

    /// The kinds that somebody may name; a whisper is an event of its own.
    private enum SentType: String, CaseIterable {
        case user
        case agent
        case aiResponse = "ai-response"
        case system
        case note
    }

    let chatID: String?
    let content: String
    let type: MessageType?
    let clientMessageID: String?
    let replyTo: String?
    let isPrivate: Bool
    let epoch: Int64?
    let inReplyToSeq: Int64?
    /// The stream whose end this is.
    let streamID: String?
    let metadata: JSONText

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.optionalID("chatId")
        self.content = try payload.content("content")
        self.type = try payload.optionalWord("type", as: SentType.self).flatMap { MessageType(rawValue: $0.rawValue) }
        self.clientMessageID = try payload.optionalText("clientMsgId", length: Limits.clientMessageIDLength)
        self.replyTo = try payload.optionalID("replyTo")
        // A note is private whatever it says.
        self.isPrivate = try payload.optionalFlag("private") ?? false || self.type == .note
        let turn = try payload.optionalText("turnId", length: 0...64).map { text throws(EventError) in
            guard let turn = TurnID(text) else { throw payload.bad("turnId", "as bot:turn gave it") }
            return turn
        }
        let epoch = try payload.optionalInteger("epoch")
        let inReplyToSeq = try payload.optionalInteger("inReplyToSeq", in: 1...JSONNumber.exactLimit)
        if let turn {
            // It says both; who says them besides has to say the same.
            guard (epoch ?? turn.epoch) == turn.epoch else { throw payload.bad("epoch", "that of the turn") }
            guard (inReplyToSeq ?? turn.seq) == turn.seq else { throw payload.bad("inReplyToSeq", "that of the turn") }
        }
        self.epoch = epoch ?? turn?.epoch
        self.inReplyToSeq = inReplyToSeq ?? turn?.seq
        self.streamID = try payload.optionalText("streamId", length: 1...128)
        self.metadata =
            try payload.optionalObject("metadata").map { JSONText(JSONValue.object($0).description) }
            ?? .emptyObject
        guard try payload.optionalList("attachments", maximum: 0)?.isEmpty ?? true else {
            throw payload.bad("attachments", "empty")
        }
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let principal = context.principal
        if self.isPrivate, principal.role == .visitor {
            throw EventError.forbidden("A visitor writes no notes.")
        }
        var clientMessageID = self.clientMessageID
        #if DEBUG
            if Mutation.retryStoredTwice.isActive, let id = clientMessageID, Mutation.isAgain(id) {
                clientMessageID = id + " again"
            }
        #endif
        let send = SendMessage(
            principal: principal, mode: self.chatID.flatMap(context.session.mode), origin: context.socket.id,
            chatID: self.chatID, isPrivate: self.isPrivate, epoch: principal.role == .visitor ? nil : self.epoch,
            message: NewMessage(
                sender: principal.participant, type: self.storedType(for: principal.role), content: self.content,
                clientMessageID: clientMessageID, replyTo: self.replyTo,
                inReplyToSeq: principal.role == .ai && !self.isPrivate ? self.inReplyToSeq : nil,
                metadata: self.metadata,
                streamID: principal.role == .ai && !self.isPrivate ? self.streamID : nil))
        guard principal.role == .visitor, self.chatID == nil else {
            return try await send(context.services, ack: context.ack)
        }
        let reply = try await send(context.services, ack: context.ack, usualChat: context.session.usualChat)
        if case .ordered(_, let publication) = reply { context.session.usualChat = publication.place?.chat.chat }
        return reply
    }

    /// The sender's role decides, whatever was claimed.
    private func storedType(for role: Role) -> MessageType {
        if self.type == .note { return .note }
        switch role {
        case .visitor: return .user
        case .commercial, .supervisor, .admin: return .agent
        case .ai: return .aiResponse
        case .system: return .system
        }
    }
}
