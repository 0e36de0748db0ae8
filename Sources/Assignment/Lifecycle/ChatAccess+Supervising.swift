extension ChatAccess {
    /// Judges a whisper: a supervisor's or admin's word to the person who has the chat, which nobody else reads.
    ///
    /// - Returns: For whom it is.
    package func whisper() throws(DomainRefusal) -> String {
        try self.see()
        guard self.requester.supervises else { throw .forbidden("Only a supervisor or an admin whispers.") }
        guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
        guard let owner = self.chat.owner, owner.role != .ai, !self.owns else {
            throw .badState(self.chat, "Nobody has this chat to whom one could whisper.")
        }
        return owner.id
    }

    /// Judges `chat:handback`: the assignee gives a chat back to a bot, a supervisor any chat, a bot its own to another bot.
    ///
    /// - Parameter bot: Who shall have it; nil for whichever.
    /// - Returns: `false` where that bot has it already.
    package func handToBot(_ bot: String?) throws(DomainRefusal) -> Bool {
        try self.see()
        switch self.requester.role {
        case .visitor, .system:
            throw .forbidden("A visitor gives a chat to nobody.")
        case .ai:
            guard self.requester.scopes.contains(.messaging) else {
                throw .forbidden("Giving a chat away needs the scope messaging.")
            }
            guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
            guard self.owns else { throw .notOwner(self.chat) }
            return bot != self.requester.participant.id
        case .commercial:
            guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
            guard self.owns else { throw .notOwner(self.chat) }
        case .supervisor, .admin:
            break
        }
        guard self.chat.status.isOpen, self.chat.status != .wrapup else {
            throw .badState(self.chat, "The chat is over.")
        }
        guard self.chat.status == .bot else { return true }
        return bot != nil && bot != self.chat.owner?.id
    }

    /// Judges `message:cancel`: the visitor for whom a bot writes, the owner of the chat, whoever supervises.
    package func cancelStream() throws(DomainRefusal) {
        try self.see()
        switch self.requester.role {
        case .visitor, .supervisor, .admin, .system: return
        case .commercial, .ai:
            guard self.owns else { throw .notOwner(self.chat) }
        }
    }
}
