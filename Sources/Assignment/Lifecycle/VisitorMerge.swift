/// Two visitors who turn out to be one, each of whom may have a chat open.
package enum VisitorMerge {
    /// An open chat of one of the two.
    package struct OpenChat: Sendable, Hashable {
        package var id: String
        package var status: ChatStatus
        package var lastVisitorAt: Timestamp?
        package var createdAt: Timestamp

        package init(id: String, status: ChatStatus, lastVisitorAt: Timestamp?, createdAt: Timestamp) {
            self.id = id
            self.status = status
            self.lastVisitorAt = lastVisitorAt
            self.createdAt = createdAt
        }
    }

    /// Which of two open chats goes on: the one in which the visitor wrote last; one that is being wrapped up never.
    ///
    /// - Returns: The ids of the one that stays and the one that ends.
    package static func keep(_ one: OpenChat, _ other: OpenChat) -> (stays: String, ends: String) {
        let isFirst = Self.key(one) == Self.key(other) ? one.id < other.id : Self.precedes(other, one)
        return isFirst ? (one.id, other.id) : (other.id, one.id)
    }

    private static func key(_ chat: OpenChat) -> Timestamp { chat.lastVisitorAt ?? chat.createdAt }

    private static func precedes(_ one: OpenChat, _ other: OpenChat) -> Bool {
        if (one.status == .wrapup) != (other.status == .wrapup) { return one.status == .wrapup }
        return Self.key(one) < Self.key(other)
    }

    /// Judges who may become whom: a visitor for whom nobody vouches becomes one for whom somebody does.
    ///
    /// - Parameters:
    ///   - isVerified: Whether somebody vouches for the one who asks.
    ///   - isTargetVerified: The same of the one whom they say that they are.
    package static func check(
        isVerified: Bool, isTargetVerified: Bool, isSame: Bool
    ) throws(DomainRefusal) {
        guard isTargetVerified else { throw .forbidden("The token is not one of a verified visitor.") }
        guard isSame || !isVerified else { throw .forbidden("You are somebody already, and nobody becomes another.") }
    }
}
