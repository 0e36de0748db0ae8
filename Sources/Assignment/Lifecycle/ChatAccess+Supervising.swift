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
}
