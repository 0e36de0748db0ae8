extension ChatAccess {
    /// To whom a chat is passed on.
    package enum TransferTarget: Sendable, Hashable {
        case commercial(String)
        case queue(String)
    }

    /// How a chat is passed on to a person.
    package enum TransferMode: String, Sendable, Hashable, CaseIterable {
        /// The one who passes it on is rid of it at once.
        case cold
        /// They keep it until the other one accepts.
        case warm
    }

    /// Judges `chat:transfer`: by the person who has the chat, or whoever supervises.
    ///
    /// - Parameter expectedEpoch: The epoch on which the wish was built, if it was stated.
    /// - Throws: `not_owner` for somebody else's chat, `bad_state` where nobody has it, `conflict` where the epoch moved.
    package func transfer(
        to target: TransferTarget, _ mode: TransferMode, expectedEpoch: Int64? = nil
    ) throws(DomainRefusal) {
        try self.see()
        switch self.requester.role {
        case .visitor, .ai, .system:
            throw .forbidden("Only people who work here pass a chat on.")
        case .commercial, .supervisor, .admin:
            guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
            guard self.owns || self.requester.supervises else { throw .notOwner(self.chat) }
        }
        guard self.chat.status == .active || self.chat.status == .paused else {
            throw .badState(self.chat, "Nobody has the chat who could pass it on; assign it.")
        }
        if let expectedEpoch, expectedEpoch != self.chat.epoch {
            throw .conflict(self.chat, "The chat has changed hands since epoch \(expectedEpoch).")
        }
        switch target {
        case .commercial(let id):
            guard id != self.chat.owner?.id else {
                throw DomainRefusal(
                    .badPayload, "They have the chat already.", details: [.field("to.commercialId")])
            }
        case .queue:
            guard mode == .cold else {
                throw DomainRefusal(
                    .badPayload, "A warm transfer goes to a person.", details: [.field("mode")])
            }
        }
    }
}
