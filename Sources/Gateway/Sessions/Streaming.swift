internal import Assignment
internal import SocketIO

/// What is told of a bot's stream: its pieces, and an end without a message.
struct Streaming {
    let chat: ChatKey
    let broadcaster: any Broadcaster

    /// To the visitor and to staff in the chat, at most once; not to whoever is behind with far more than this. Not volatile in
    /// Socket.IO's sense: that drops what comes while a connection is still writing the piece before, and would tear holes into
    /// the text where it flows fastest.
    func tell(_ piece: MessageDelta, of stream: StreamBoard.Stream) {
        let body: JSONObject = [
            "chatId": .string(self.chat.chat), "streamId": .string(stream.id), "index": .int(piece.index),
            "text": .string(piece.text), "done": .bool(piece.isDone), "sender": .participant(stream.bot, named: true),
        ]
        self.broadcaster.tell("message:delta", body, to: self.rooms, isDispensable: true)
    }

    /// Whoever saw pieces of it hears that no message will come of them, and the bot that it may stop.
    func tellEnd(of stream: StreamBoard.Stream, _ end: StreamBoard.End, by: Participant? = nil) {
        var body: JSONObject = [
            "chatId": .string(self.chat.chat), "streamId": .string(stream.id), "reason": .word(end),
        ]
        self.broadcaster.tell("message:failed", body, to: self.rooms)
        if let by { body["by"] = .object(["role": .word(by.role)]) }
        self.broadcaster.tell("message:cancel", body, to: [.bot(self.chat.workspace, stream.bot.id)])
    }

    private var rooms: [Room] {
        [.chatPublic(self.chat.workspace, self.chat.chat), .chatStaff(self.chat.workspace, self.chat.chat)]
    }
}
