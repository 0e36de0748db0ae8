internal import Assignment
internal import SocketIO
internal import Storage

/// `message:cancel`: no more of what a bot is writing. The bot hears it, and its later pieces are refused.
struct MessageCancel: ClientEvent {
    static let name = "message:cancel"
    static let access = EventAccess.everybody
    static let rates = EventRates(
        visitors: EventRate(2, burst: 10), staff: EventRate(5, burst: 20), bots: EventRate(20, burst: 100))

    let chatID: String
    let streamID: String

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.streamID = try payload.text("streamId", length: 1...128)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let (principal, workspace) = (context.principal, context.workspace)
        try await context.services.database.transaction(.workspace(workspace)) { sql in
            let transaction = ChatTransaction(sql, workspace: workspace)
            try transaction.access(principal, transaction.find(self.chatID)).cancelStream()
        }
        let chat = ChatKey(workspace: workspace, chat: self.chatID)
        let stream = context.services.streams.cancel(self.streamID, in: chat)
        if let stream {
            Streaming(chat: chat, broadcaster: context.services.broadcaster)
                .tellEnd(of: stream, .cancelled, by: principal.participant)
        }
        return .now(["cancelled": .bool(stream != nil)])
    }
}
