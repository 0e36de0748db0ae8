extension ChatAccess {
    /// Judges `chat:snooze`: whoever has the chat, or supervises. A sleeping chat's time may be moved.
    package func snooze() throws(DomainRefusal) {
        try self.checkMayPause()
        guard self.chat.status != .paused else { return }
        try self.chat.status.checkTransition(to: .paused)
    }

    /// Judges `chat:resume`.
    ///
    /// - Returns: How the chat wakes, or nil where it is awake with its person already.
    package func resume() throws(DomainRefusal) -> Snooze.Cause? {
        try self.checkMayPause()
        switch self.chat.status {
        case .paused: return self.owns ? .byOwner : .byItself
        case .active: return nil
        case .bot, .waiting, .offered, .wrapup, .offline, .closed:
            throw .badState(self.chat, "The chat does not sleep.")
        }
    }

    private func checkMayPause() throws(DomainRefusal) {
        try self.see()
        switch self.requester.role {
        case .supervisor, .admin, .system: return
        case .commercial:
            guard self.owns || !self.chat.status.isOpen else { throw .notOwner(self.chat) }
        case .visitor, .ai:
            throw .forbidden("Only people who work here snooze a chat.")
        }
    }

    /// Whether closing leaves the one who has the chat some time to write down what there is to write.
    package var wrapsUp: Bool { self.owns && self.chat.status == .active && self.requester.role != .ai }
}
