package import Assignment

/// The chat is over for its visitor, who hears `chat:closed`; its person keeps the slot for a while. A `ChatClosed`
/// follows, of which the visitor hears nothing.
package struct ChatWrappedUp: Sendable, Hashable, Codable {
    package var closedBy: Participant
    package var reason: ChatCloseReason
    package var closedAt: Timestamp
    package var wrapUpUntil: Timestamp
    /// Where the visitor may say how it was.
    package var csatURL: String?
    package var version: Int64
    package var chat: ChatSummary

    package init(
        _ chat: ChatRow, closedBy: Participant, reason: ChatCloseReason, closedAt: Timestamp, wrapUpUntil: Timestamp,
        csatURL: String? = nil
    ) {
        self.closedBy = closedBy
        self.reason = reason
        self.closedAt = closedAt
        self.wrapUpUntil = wrapUpUntil
        self.csatURL = csatURL
        self.version = chat.version
        self.chat = ChatSummary(chat)
    }
}
