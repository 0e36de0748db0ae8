internal import SocketIO

/// `typing:start` and `typing:stop`, and the entries of `typing[]` in the ack of `chat:join`.
enum TypingForm {
    static func typing(_ typist: TypingBoard.Typist, in chat: String, withChat: Bool = true) -> JSONObject {
        var form: JSONObject = [:]
        if withChat { form["chatId"] = .string(chat) }
        form["actor"] = .participant(typist.participant, named: true)
        form["expiresAt"] = .time(typist.expiresAt)
        return form
    }
}
