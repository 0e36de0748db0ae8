/// Which bot gets a chat: fewest owned chats, then longest idle, then a hash.
package enum BotOrder {
    /// The bot for a chat, or `nil` where the chat has to wait for a person.
    ///
    /// - Parameter tried: The bots that had the chat and left the visitor without an answer.
    package static func next(
        among candidates: [BotCandidate], for chatID: String, tried: Set<String> = []
    ) -> BotCandidate? {
        candidates.lazy.filter { !tried.contains($0.id) }.min { lhs, rhs in
            if lhs.ownedChats != rhs.ownedChats { return lhs.ownedChats < rhs.ownedChats }
            if let idle = IdleOrder.compare(lhs.lastAssignedAt, rhs.lastAssignedAt) { return idle }
            let mine = StableHash.of(chatID, lhs.id)
            let theirs = StableHash.of(chatID, rhs.id)
            return mine == theirs ? lhs.id < rhs.id : mine < theirs
        }
    }
}
