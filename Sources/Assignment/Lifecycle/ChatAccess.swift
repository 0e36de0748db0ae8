/// Who may do what to a chat, as decisions over one requester and one chat.
///
/// Every method either says what the action amounts to or throws the refusal to answer with. Nothing here reads a
/// clock or a row: the caller holds the chat's lock, so that the answer still stands when it writes.
package struct ChatAccess: Sendable {
    package var requester: Requester
    package var chat: ChatView

    package init(_ requester: Requester, _ chat: ChatView) {
        self.requester = requester
        self.chat = chat
    }

    /// Whether the requester is the chat's owner.
    package var owns: Bool { self.chat.owner?.isSame(as: self.requester.participant) ?? false }

    /// Whether a visitor asks about a chat of their own.
    private var isOwnVisitor: Bool {
        self.requester.role == .visitor && self.requester.participant.id == self.chat.visitorID
    }

    /// Whether the requester may see the chat at all: the rule for reading, typing and history.
    ///
    /// - Throws: `not_found` for a visitor and a foreign chat, `forbidden` for a commercial of other queues.
    package func see() throws(DomainRefusal) {
        switch self.requester.role {
        case .visitor:
            guard self.isOwnVisitor else { throw .chatNotFound }
        case .commercial:
            let serves = self.requester.queues.contains(self.chat.queue)
            guard serves || self.owns || self.chat.offeredTo == self.requester.participant.id else {
                throw .forbidden("This chat belongs to a queue that you do not serve.")
            }
        case .supervisor, .admin, .ai, .system:
            return
        }
    }

    /// Judges `chat:join`.
    package func join(_ mode: JoinMode) throws(DomainRefusal) {
        try self.see()
        guard mode == .normal || self.requester.supervises else {
            throw .forbidden("Only a supervisor or an admin joins with mode \(mode.rawValue).")
        }
    }

    /// Judges `chat:close`.
    ///
    /// - Returns: `false` where the chat is closed already, which is no error.
    package func close() throws(DomainRefusal) -> Bool {
        try self.see()
        switch self.requester.role {
        case .visitor:
            throw .forbidden("A visitor does not close a chat.")
        case .supervisor, .admin, .system:
            return self.chat.status.isOpen
        case .commercial, .ai:
            guard self.chat.status.isOpen else { return false }
            guard self.owns else { throw .notOwner(self.chat) }
            return true
        }
    }

    /// Judges `chat:reopen`.
    ///
    /// - Parameters:
    ///   - now: The database's time.
    ///   - windowMilliseconds: How long after its end a visitor may take a chat up again (`chat.reopenWindow`).
    ///   - hasOtherOpenChat: Whether the chat's visitor has an open chat by now.
    package func reopen(
        now: Timestamp, windowMilliseconds: Int64, hasOtherOpenChat: Bool
    ) throws(DomainRefusal) {
        try self.see()
        guard self.requester.role != .ai else { throw .forbidden("A bot does not reopen a chat.") }
        guard self.chat.status == .closed else { throw .badState(self.chat, "The chat is open.") }
        if self.requester.role == .visitor {
            let deadline = self.chat.closedAt?.advanced(byMilliseconds: windowMilliseconds)
            guard let deadline, now <= deadline else {
                throw .badState(self.chat, "The time to reopen this chat is over.")
            }
        }
        guard !hasOtherOpenChat else {
            throw .conflict(self.chat, "The visitor has another open chat.")
        }
    }

    /// Judges `chat:update`; what may be set to what is ``ChatUpdateRules``.
    package func update() throws(DomainRefusal) {
        try self.see()
        guard self.requester.role != .visitor else { throw .forbidden("A visitor does not update a chat.") }
        guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
    }

    /// Judges `chat:escalate`: the visitor, the owning bot, the assignee, or whoever supervises.
    ///
    /// A bot that had the chat may still hand over what it knows once the chat is on its way to people: the visitor's
    /// own words, or a person, were quicker.
    ///
    /// - Parameter hadIt: Whether the requester is a bot that had the chat before.
    package func escalate(hadIt: Bool = false) throws(DomainRefusal) {
        try self.see()
        guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
        switch self.requester.role {
        case .visitor where self.chat.status == .wrapup:
            // For them it is over.
            throw .badState(self.chat, "The chat is closed.")
        case .visitor, .supervisor, .admin, .system: return
        case .ai where hadIt && self.chat.status != .bot: return
        case .commercial, .ai:
            guard self.owns else { throw .notOwner(self.chat) }
        }
    }
}
