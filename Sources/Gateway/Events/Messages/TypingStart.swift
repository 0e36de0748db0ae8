internal import Assignment
internal import SocketIO
internal import Storage

/// `typing:start`: shown to the others in the chat for 8 seconds. Not stored, and many a second are one.
struct TypingStart: ClientEvent {
    static let name = "typing:start"
    static let access = EventAccess.everybody
    static let rates = EventRates(
        visitors: EventRate(5, burst: 20), staff: EventRate(10, burst: 50), bots: EventRate(50, burst: 500))

    let chatID: String
    let preview: String?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.preview = try payload.optionalText("preview", length: 0...Limits.contentScalars)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let typing = Typing(context: context, chatID: self.chatID)
        guard !typing.isSilent, !typing.isFresh(hasPreview: self.preview != nil) else { return .ok }
        try await typing.start(preview: self.preview)
        return .ok
    }
}
