internal import Assignment
internal import SocketIO

/// `chat:join`: replay and then everything live, with a barrier between.
struct ChatJoin: ClientEvent {
    static let name = "chat:join"
    static let access = EventAccess.everybody
    static let rates = EventRates(
        visitors: EventRate(2, burst: 20), staff: EventRate(10, burst: 200), bots: EventRate(50, burst: 1000))

    let join: JoinChat

    init(_ payload: Payload) throws(EventError) {
        // What the payload says of the role is advice that nobody takes.
        _ = try payload.optionalText("role", length: 0...Limits.subjectLength)
        self.join = try JoinChat(payload, mode: payload.optionalWord("mode") ?? .normal)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await self.join(context)
        return .delivered
    }
}

extension JoinChat {
    /// - Parameter mode: How the socket is in the chat from then on.
    init(_ payload: Payload, mode: JoinMode) throws(EventError) {
        self.init(
            chatID: try payload.id("chatId"), mode: mode, afterSeq: try payload.optionalInteger("afterSeq"),
            afterNoteSeq: try payload.optionalInteger("afterNoteSeq") ?? 0,
            limit: try payload.pageLimit("limit", default: Limits.pageMessages, maximum: Limits.pageMessages))
    }
}
