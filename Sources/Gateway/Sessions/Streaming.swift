internal import Assignment
internal import SocketIO

/// What is told of a bot's stream: its pieces, and an end without a message.
struct Streaming {
    let chat: ChatKey
    let broadcaster: any Broadcaster

    /// To the visitor and to staff in the chat, at most once. Not volatile in Socket.IO's sense: that drops what comes while a
    /// connection is still writing the piece before, and would tear holes into the text where it flows fastest.
    func tell(_ piece: MessageDelta, of stream: StreamBoard.Stream) {
        let body: JSONObject = [
            "chatId": .string(self.chat.chat), "streamId": .string(stream.id), "index": .int(piece.index),
            "text": .string(piece.text), "done": .bool(piece.isDone), "sender": .participant(stream.bot, named: true),
        ]
        self.broadcaster.emit(
            "message:delta", JSONValue.object(body).encoded(), to: self.rooms, except: [], exceptSockets: [])
    }

    /// Whoever saw pieces of it hears that no message will come of them, and the bot that it may stop.
    func tellEnd(of stream: StreamBoard.Stream, _ end: StreamBoard.End, by: Participant? = nil) {
        var body: JSONObject = [
            "chatId": .string(self.chat.chat), "streamId": .string(stream.id), "reason": .word(end),
        ]
        self.broadcaster.emit(
            "message:failed", JSONValue.object(body).encoded(), to: self.rooms, except: [], exceptSockets: [])
        if let by { body["by"] = .object(["role": .word(by.role)]) }
        self.broadcaster.emit(
            "message:cancel", JSONValue.object(body).encoded(), to: [.bot(self.chat.workspace, stream.bot.id)],
            except: [], exceptSockets: [])
    }

    private var rooms: [Room] {
        [.chatPublic(self.chat.workspace, self.chat.chat), .chatStaff(self.chat.workspace, self.chat.chat)]
    }
}
