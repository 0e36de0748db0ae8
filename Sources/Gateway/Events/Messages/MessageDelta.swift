internal import Assignment
internal import SocketIO
internal import Storage

/// `message:delta`: a piece of what the bot that has the chat is writing. Not stored; `message:send` with the same `streamId`
/// ends it.
struct MessageDelta: ClientEvent {
    static let name = "message:delta"
    static let access = EventAccess([.ai], aiScopes: [.messaging])
    static let rates = EventRates(bots: EventRate(200, burst: 1000))

    /// Characters of one piece.
    private static let maximumLength = 2000

    let chatID: String
    let streamID: String
    /// 0, 1, 2, …
    let index: Int64
    let text: String
    let isDone: Bool

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.streamID = try payload.text("streamId", length: 1...128)
        self.index = try payload.integer("index")
        self.text = try payload.text("text", length: 0...Self.maximumLength)
        self.isDone = try payload.optionalFlag("done") ?? false
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let chat = ChatKey(workspace: context.workspace, chat: self.chatID)
        let board = context.services.streams
        let stream = StreamBoard.Stream(
            id: self.streamID, bot: context.principal.participant, socket: context.socket.id)
        let streaming = Streaming(chat: chat, broadcaster: context.services.broadcaster)
        if self.index == 0 { try await self.open(stream, in: chat, streaming, context) }
        let piece = try board.deliver(
            stream, in: chat, index: self.index, scalars: self.text.unicodeScalars.count, isDone: self.isDone
        ) { streaming.tell(self, of: stream) }
        return piece == .known ? .now(["duplicate": true]) : .ok
    }

    /// Judges once for the whole stream whether the bot has the chat. It is at work: its deadline moves as when it types.
    private func open(
        _ stream: StreamBoard.Stream, in chat: ChatKey, _ streaming: Streaming, _ context: EventContext
    ) async throws {
        let principal = context.principal
        let board = context.services.streams
        let timeout = context.services.configuration.bot.answerTimeout.inMilliseconds
        let judge: @Sendable () async throws -> Int64 = {
            try await context.services.change(in: chat.workspace) { transaction in
                let row = try transaction.find(chat.chat)
                _ = try transaction.access(principal, row).post()
                if row.botDeadline != nil, !row.botDeadlineMoved {
                    _ = try Chats.extendBotDeadline(
                        transaction.sql, chat.workspace, chat.chat, bot: principal.subject,
                        byMilliseconds: 2 * timeout)
                }
                return row.epoch
            }.value
        }
        let begun: (former: StreamBoard.Stream?, isKnown: Bool)
        do {
            begun = try board.begin(stream, in: chat)
        } catch {
            // Who may not know of the chat learns nothing of its streams either.
            _ = try await judge()
            throw error
        }
        if let former = begun.former { streaming.tellEnd(of: former, .superseded) }
        guard !begun.isKnown else { return }
        do {
            try board.confirm(stream, in: chat, epoch: try await judge())
        } catch {
            board.abandon(stream, in: chat)
            throw error
        }
    }
}
