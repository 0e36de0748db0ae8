package import Assignment

/// A connected bot that may be given chats.
package struct LiveBot: Sendable, Hashable {
    package var bot: Participant
    /// Open chats that it owns.
    package var ownedChats: Int
    package var lastAssignedAt: Timestamp?
}
