internal import Assignment
internal import SocketIO
internal import Storage

/// `chat:history`: a page of public messages, ascending.
struct ChatHistory: ClientEvent {
    static let name = "chat:history"
    static let access = EventAccess.everybody
    static let rates = EventRates(
        visitors: EventRate(5, burst: 20), staff: EventRate(10, burst: 100), bots: EventRate(20, burst: 200))

    let chatID: String
    let range: PageRange
    let limit: Int

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        switch (try payload.optionalInteger("beforeSeq"), try payload.optionalInteger("afterSeq")) {
        case (nil, nil): self.range = .newest
        case (let before?, nil): self.range = .before(before)
        case (nil, let after?): self.range = .after(after)
        case (_?, _?): throw payload.bad("beforeSeq", "absent where afterSeq is given")
        }
        self.limit = try payload.pageLimit("limit", default: 50, maximum: Limits.pageMessages)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let principal = context.principal
        let (chat, page) = try await context.services.history.read(in: context.workspace) {
            try await context.services.change(in: context.workspace) { transaction in
                let chat = try transaction.find(self.chatID)
                try transaction.access(principal, chat).see()
                try transaction.noteLook(into: chat, of: context.session)
                return (
                    chat,
                    try Messages.page(
                        transaction.sql, chat, self.range, limit: self.limit, budget: Limits.pageBytes)
                )
            }.value
        }
        context.session.looked(into: chat.id)
        let summary = ChatSummary(chat)
        return .now([
            "messages": .array(page.messages.map { .object(MessageForm.message($0, chat: summary)) }),
            "hasMore": .bool(page.hasMore),
        ])
    }
}
