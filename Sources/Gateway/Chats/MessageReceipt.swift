internal import Assignment
internal import SocketIO
internal import Storage

/// What the ack of a stored message says beside `ok`.
enum MessageReceipt {
    static func stored(_ message: MessageRow, isDuplicate: Bool = false) -> JSONObject {
        self.fields(
            id: message.id, seq: message.seq, chat: message.chatID, at: message.createdAt, isDuplicate: isDuplicate)
    }

    static func stored(_ note: NoteRow, isDuplicate: Bool = false) -> JSONObject {
        var fields: JSONObject = [
            "messageId": .string(note.id), "noteSeq": .int(note.noteSeq), "afterSeq": .int(note.afterSeq),
            "chatId": .string(note.chatID), "timestamp": .time(note.createdAt),
        ]
        if isDuplicate { fields["duplicate"] = true }
        return fields
    }

    static func fields(id: String, seq: Int64, chat: String, at: Timestamp, isDuplicate: Bool) -> JSONObject {
        var fields: JSONObject = [
            "messageId": .string(id), "seq": .int(seq), "chatId": .string(chat), "timestamp": .time(at),
        ]
        if isDuplicate { fields["duplicate"] = true }
        return fields
    }
}

extension EventError {
    static let usedClientID = EventError(
        .conflict, "This clientMsgId stands for another message.", details: ["field": "clientMsgId"])
}
