internal import Assignment
internal import SocketIO
internal import Storage

/// The one shape of a message: in `message:new`, in the replay of `chat:join` and in pages of history.
enum MessageForm {
    static func message(_ message: MessageRow, chat: ChatSummary) -> JSONObject {
        var form: JSONObject = [
            "chatId": .string(message.chatID),
            "messageId": .string(message.id),
            "seq": .int(message.seq),
            "content": .string(message.content),
            "type": .word(message.type),
            "sender": Self.sender(message.sender),
            "timestamp": .time(message.createdAt),
            "metadata": .stored(message.metadata),
            "private": false,
        ]
        form.set("clientMsgId", message.clientMessageID)
        form["replyTo"] = JSONValue(message.replyTo)
        form.set("inReplyToSeq", message.inReplyToSeq)
        form.set("streamId", message.streamID)
        form["attachments"] = []
        form["chat"] = .object(Self.chat(chat))
        return form
    }

    static func note(_ note: NoteRow, chat: ChatSummary) -> JSONObject {
        var form: JSONObject = [
            "chatId": .string(note.chatID),
            "messageId": .string(note.id),
            "noteSeq": .int(note.noteSeq),
            "afterSeq": .int(note.afterSeq),
            "content": .string(note.content),
            "type": .word(note.type),
            "sender": Self.sender(note.sender),
            "timestamp": .time(note.createdAt),
            "metadata": .stored(note.metadata),
            "private": true,
        ]
        form.set("clientMsgId", note.clientMessageID)
        form.set("to", note.recipient)
        form["replyTo"] = JSONValue(note.replyTo)
        form["attachments"] = []
        form["chat"] = .object(Self.chat(chat))
        return form
    }

    /// Always there, with `assignedTo` null rather than absent: bots test `chat.assignedTo !== null`.
    static func chat(_ chat: ChatSummary) -> JSONObject {
        [
            "assignedTo": JSONValue(chat.assignedTo),
            "status": .word(chat.status),
            "epoch": .int(chat.epoch),
            "priority": .word(chat.priority),
        ]
    }

    private static func sender(_ sender: Participant) -> JSONValue {
        .object(["id": .string(sender.id), "name": JSONValue(sender.name), "role": .word(sender.role)])
    }
}
