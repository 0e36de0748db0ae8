package import Assignment

/// `chat:queued`: the chat waits for a person.
package struct ChatQueued: Sendable, Hashable, Codable {
    /// 1 is next.
    package var position: Int
    /// A wait that half of all chats in this place stay below; nil while the queue is closed or nobody is there.
    package var etaSeconds: Int64?
    /// A wait that nine tenths of them stay below.
    package var p90Seconds: Int64?
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
        chat: ChatRow, position: Int, agentsOnline: Int?, wait: QueueForecast.Wait? = nil,
        nextOpenAt: Timestamp? = nil, reason: String? = nil, previousCommercialID: String? = nil
    ) {
        self.position = position
        self.etaSeconds = wait.map { Int64($0.p50Seconds) }
        self.p90Seconds = wait.map { Int64($0.p90Seconds) }
        self.agentsOnline = agentsOnline
        self.nextOpenAt = nextOpenAt
        self.reason = reason
        self.version = chat.version
        self.chat = ChatSummary(chat)
        self.previousCommercialID = previousCommercialID
    }
}
