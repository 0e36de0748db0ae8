/// Where a visitor's message goes when it names no chat of theirs that is open.
package enum VisitorDestination: Sendable, Hashable {
    /// Their open chat.
    case open(chatID: String)
    /// Their last chat, taken up again within the window.
    case reopen(chatID: String)
    /// A new chat; `previousChatID` is the last one, if there was any.
    case create(previousChatID: String?)

    /// Picks the chat.
    ///
    /// - Parameters:
    ///   - openChatID: The visitor's open chat; there is at most one.
    ///   - lastClosed: The visitor's chat that ended last.
    ///   - now: The database's time.
    ///   - windowMilliseconds: `chat.reopenWindow`.
    package static func decide(
        openChatID: String?, lastClosed: (chatID: String, closedAt: Timestamp)?, now: Timestamp,
        windowMilliseconds: Int64
    ) -> VisitorDestination {
        if let openChatID { return .open(chatID: openChatID) }
        guard let lastClosed else { return .create(previousChatID: nil) }
        let deadline = lastClosed.closedAt.advanced(byMilliseconds: windowMilliseconds)
        return now <= deadline
            ? .reopen(chatID: lastClosed.chatID) : .create(previousChatID: lastClosed.chatID)
    }
}
