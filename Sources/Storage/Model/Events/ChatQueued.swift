package import Assignment

/// `chat:queued`: the chat waits for a person.
package struct ChatQueued: Sendable, Hashable, Codable {
    /// 1 is next.
    package var position: Int
    package var etaSeconds: Int64?
    /// How many commercials of the queue were connected and available or busy; nil in rows older than the field.
    package var agentsOnline: Int?
    /// When the queue opens, where it is closed.
    package var nextOpenAt: Timestamp?
    package var reason: String?
    package var version: Int64
    package var chat: ChatSummary
    /// The person who had the chat until now; nil where nobody had.
    package var previousCommercialID: String?

    package init(
        chat: ChatRow, position: Int, agentsOnline: Int?, etaSeconds: Int64? = nil, nextOpenAt: Timestamp? = nil,
        reason: String? = nil, previousCommercialID: String? = nil
    ) {
        self.position = position
        self.etaSeconds = etaSeconds
        self.agentsOnline = agentsOnline
        self.nextOpenAt = nextOpenAt
        self.reason = reason
        self.version = chat.version
        self.chat = ChatSummary(chat)
        self.previousCommercialID = previousCommercialID
    }
}
