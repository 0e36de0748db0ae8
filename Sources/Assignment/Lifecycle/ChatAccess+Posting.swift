extension ChatAccess {
    /// What a message does beside being stored.
    package enum Posting: Sendable, Hashable {
        /// Nothing: the sender had the right as things stand.
        case plain
        /// The chat becomes the sender's first: epoch + 1 and a live assignment, or `capacity_full`.
        case takesOver
        /// The sender accepts the offer by answering: the assignment that is there becomes active.
        case acceptsOffer
    }

    /// Judges a public message.
    ///
    /// A visitor's closed chat counts as absent; ``VisitorDestination`` answers that before this is asked.
    ///
    /// - Parameters:
    ///   - joined: How the requester is in the chat's rooms, `nil` where they did not join.
    ///   - epoch: The epoch in which the sender believes to be; `nil` checks ownership only.
    package func post(joined: JoinMode? = nil, epoch: Int64? = nil) throws(DomainRefusal) -> Posting {
        let role = self.requester.role
        guard role != .ai || self.requester.scopes.contains(.messaging) else {
            throw .forbidden("Posting needs the scope messaging.")
        }
        try self.see()
        guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
        switch role {
        case .visitor, .system:
            return .plain
        case .supervisor, .admin:
            guard self.owns || joined == .barge else {
                throw .forbidden("Join with mode barge, or take the chat over, to post publicly.")
            }
            try self.checkNotWrappingUp()
            if self.owns { try self.checkEpoch(epoch) }
            return .plain
        case .ai:
            guard self.owns else { throw .notOwner(self.chat) }
            try self.checkEpoch(epoch)
            return .plain
        case .commercial:
            let posting = try self.commercialPosting()
            try self.checkEpoch(epoch)
            return posting
        }
    }

    /// Whether a public message would be taken now: who may not say anything to the visitor shows them nothing either,
    /// neither typing nor how far they have read.
    package func mayPost(joined: JoinMode? = nil) -> Bool {
        do throws(DomainRefusal) {
            _ = try self.post(joined: joined)
            return true
        } catch {
            return false
        }
    }

    /// Judges a private message (a note): whoever works in the workspace and sees the chat.
    package func note() throws(DomainRefusal) {
        try self.see()
        guard self.requester.role != .visitor else { throw .forbidden("A visitor writes no notes.") }
        guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
    }

    /// - Throws: `stale_epoch` where the sender's turn began under an earlier owner.
    package func checkEpoch(_ epoch: Int64?) throws(DomainRefusal) {
        guard let epoch, epoch != self.chat.epoch else { return }
        throw DomainRefusal(
            .staleEpoch, "The chat has changed hands since epoch \(epoch).",
            details: [.owner(self.chat.owner, epoch: self.chat.epoch)])
    }

    /// For the visitor the chat is over by then.
    private func checkNotWrappingUp() throws(DomainRefusal) {
        guard self.chat.status != .wrapup else { throw .badState(self.chat, "The chat is being wrapped up.") }
    }

    private func commercialPosting() throws(DomainRefusal) -> Posting {
        if self.owns {
            try self.checkNotWrappingUp()
            return .plain
        }
        switch self.chat.status {
        case .bot, .waiting, .offline:
            return .takesOver
        case .offered where self.chat.offeredTo == self.requester.participant.id:
            return .acceptsOffer
        case .offered, .active, .paused, .wrapup, .closed:
            throw .notOwner(self.chat)
        }
    }
}
