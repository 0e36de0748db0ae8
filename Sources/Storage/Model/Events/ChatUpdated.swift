package import Assignment

/// `chat:updated`: fields of the chat itself changed, its owner included where that is not a `chat:assigned`.
package struct ChatUpdated: Sendable, Hashable, Codable {
    /// A flat JSON object of the changed fields in the wire's words.
    package var changes: JSONText
    package var version: Int64
    package var by: Participant
    /// The chat after the change, for those who see only status, priority and owner.
    package var chat: ChatSummary
    /// The queue that the chat left with this change; nil where it stayed.
    package var previousQueue: String?
    /// The person who had the chat until now; nil where nobody had, or has it still.
    package var previousCommercialID: String?

    package init(
        changes: JSONText, chat: ChatRow, by: Participant, previousQueue: String? = nil,
        previousCommercialID: String? = nil
    ) {
        self.changes = changes
        self.version = chat.version
        self.by = by
        self.chat = ChatSummary(chat)
        self.previousQueue = previousQueue
        self.previousCommercialID = previousCommercialID
    }
}
