/// `bot:turn` where no message of the visitor's began it: a chat came to a bot, or came back to it.
package struct TurnBegan: Sendable, Hashable, Codable {
    /// Messages that people wrote while they had the chat, or during which they had it.
    package struct HumanStretch: Sendable, Hashable, Codable {
        package var fromSeq: Int64
        package var toSeq: Int64

        package init(fromSeq: Int64, toSeq: Int64) {
            self.fromSeq = fromSeq
            self.toSeq = toSeq
        }
    }

    package var chat: ChatSummary
    package var bot: String
    /// The chat's last public message.
    package var seq: Int64
    package var reason: String
    package var human: HumanStretch?
    /// What whoever gave it says about it.
    package var note: String?

    package init(
        chat: ChatRow, bot: String, reason: String, human: HumanStretch? = nil, note: String? = nil
    ) {
        self.chat = ChatSummary(chat)
        self.bot = bot
        self.seq = chat.seq
        self.reason = reason
        self.human = human
        self.note = note
    }
}
