internal import Assignment
internal import SocketIO
internal import Storage

/// `message:read`: how far the sender has read. Never goes back, nor beyond the last message.
struct MessageReadMark: ClientEvent {
    static let name = "message:read"
    static let access = EventAccess.everybody
    static let rates = EventRates(
        visitors: EventRate(5, burst: 20), staff: EventRate(20, burst: 200), bots: EventRate(50, burst: 500))

    let chatID: String
    let seq: Int64

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.seq = try payload.integer("seq")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let principal = context.principal
        // Who reads along unseen leaves no receipt.
        let mode = context.session.mode(in: self.chatID)
        let committed = try await context.services.change(in: context.workspace) { transaction in
            var chat = try transaction.lock(self.chatID)
            let access = try transaction.access(principal, chat)
            try access.see()
            let mark = try Chats.markRead(transaction.sql, chat, by: principal.participant, seq: self.seq)
            if mark.moved, mode != .monitor {
                // The visitor learns how far those have read who answer them, and of nobody who only reads along.
                let isForStaff = principal.role != .visitor && !access.mayPost(joined: mode)
                try transaction.record(
                    .messageRead(
                        MessageRead(
                            reader: principal.participant, readSeq: mark.readSeq, at: mark.at,
                            isForStaff: isForStaff ? true : nil)),
                    in: &chat)
            }
            return (readSeq: mark.readSeq, eventNo: chat.eventNo)
        }
        return .ordered(
            ["readSeq": .int(committed.value.readSeq)],
            Publication(
                events: committed.events, origin: context.socket.id,
                place: .init(
                    chat: ChatKey(workspace: context.workspace, chat: self.chatID), eventNo: committed.value.eventNo)))
    }
}
