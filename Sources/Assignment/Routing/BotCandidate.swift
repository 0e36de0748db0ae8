/// A connected `ai` that may own chats.
package struct BotCandidate: Sendable, Hashable {
    package var id: String
    /// The open chats that it owns.
    package var ownedChats: Int
    /// When it was last given a chat; `nil` if never.
    package var lastAssignedAt: Timestamp?

    package init(id: String, ownedChats: Int, lastAssignedAt: Timestamp? = nil) {
        self.id = id
        self.ownedChats = ownedChats
        self.lastAssignedAt = lastAssignedAt
    }
}
