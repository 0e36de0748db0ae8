extension ChatAccess {
    /// To whom a chat shall go.
    package enum AssignTarget: Sendable, Hashable {
        /// Whoever the router picks.
        case anybody
        case commercial(String)
    }

    /// What `chat:assign` amounts to.
    package enum Assigning: Sendable, Hashable {
        /// The target has the chat, or has been offered it, already: answer ok, tell nobody.
        case already
        /// The chat goes to this commercial, now or by an offer.
        case toCommercial(String)
        /// The chat goes to the queue's router, behind nobody who came later.
        case toQueue
    }

    /// Judges `chat:assign`.
    ///
    /// - Parameters:
    ///   - target: A commercial, or anybody.
    ///   - movesQueue: Whether the chat shall leave its queue for another one first.
    ///   - force: Go above the target's cap; for supervisors and admins only.
    ///   - expectedEpoch: The epoch on which the wish was built, if it was stated.
    /// - Throws: `conflict` with owner and epoch where somebody else has the chat or the epoch moved.
    package func assign(
        to target: AssignTarget, movesQueue: Bool = false, force: Bool = false, expectedEpoch: Int64? = nil
    ) throws(DomainRefusal) -> Assigning {
        try self.see()
        try self.checkMayAssign(to: target, force: force)
        guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
        if case .commercial(let id) = target, self.isHeld(by: id) { return .already }
        if let expectedEpoch, expectedEpoch != self.chat.epoch {
            throw .conflict(self.chat, "The chat has changed hands since epoch \(expectedEpoch).")
        }
        try self.checkHolder(target)
        switch target {
        case .commercial(let id):
            return .toCommercial(id)
        case .anybody:
            // Whoever asks to route what is offered already changes nothing, unless it shall be offered elsewhere.
            return self.chat.status == .offered && !movesQueue ? .already : .toQueue
        }
    }

    /// Judges an explicit take-over by the requester, who becomes the owner.
    ///
    /// - Returns: `false` where the requester has the chat already.
    package func takeOver() throws(DomainRefusal) -> Bool {
        try self.see()
        switch self.requester.role {
        case .supervisor, .admin:
            guard self.chat.status.isOpen else { throw .badState(self.chat, "The chat is closed.") }
            guard !self.owns else { return false }
            guard self.chat.status != .wrapup else { throw .badState(self.chat, "The chat is being wrapped up.") }
            return true
        case .commercial:
            return try self.assign(to: .commercial(self.requester.participant.id)) != .already
        case .visitor, .ai, .system:
            throw .forbidden("Only people who work here take a chat over.")
        }
    }

    /// Judges `chat:accept` and `chat:reject`: the one to whom the chat is offered, before the deadline.
    package func answerOffer(deadline: Timestamp?, now: Timestamp) throws(DomainRefusal) {
        try self.see()
        guard self.requester.role == .commercial else { throw .forbidden("Only a commercial gets offers.") }
        guard self.chat.status == .offered, self.chat.offeredTo == self.requester.participant.id,
            let deadline, now < deadline
        else {
            throw DomainRefusal(
                .offerExpired, "This offer is over.", details: [.owner(self.chat.owner, epoch: self.chat.epoch)])
        }
    }

    private func isHeld(by commercial: String) -> Bool {
        // A supervisor who names themselves takes the chat over, and may have done so.
        if self.requester.supervises, commercial == self.requester.participant.id, self.owns { return true }
        if self.chat.status == .offered { return self.chat.offeredTo == commercial }
        return self.chat.owner == ChatOwner(role: .commercial, id: commercial)
    }

    private func checkMayAssign(to target: AssignTarget, force: Bool) throws(DomainRefusal) {
        guard !force || self.requester.supervises else {
            throw .forbidden("Only a supervisor or an admin assigns above a cap.")
        }
        switch self.requester.role {
        case .visitor:
            throw .forbidden("A visitor does not assign chats.")
        case .ai:
            guard self.requester.scopes.contains(.automation) else {
                throw .forbidden("Assigning needs the scope automation.")
            }
        case .commercial:
            // Take for oneself, or pass on what is one's own.
            let takes = target == .commercial(self.requester.participant.id)
            guard takes || self.owns else {
                throw .forbidden("A commercial takes chats, or passes on their own.")
            }
        case .supervisor, .admin, .system:
            return
        }
    }

    private func checkHolder(_ target: AssignTarget) throws(DomainRefusal) {
        switch (self.requester.role, self.chat.status) {
        case (_, .wrapup):
            throw .badState(self.chat, "The chat is being wrapped up.")
        case (.supervisor, _), (.admin, _), (.system, _):
            return
        case (.commercial, .offered), (.commercial, .active), (.commercial, .paused):
            guard self.owns else { throw .conflict(self.chat, "Somebody else has this chat.") }
        case (_, .active), (_, .paused):
            throw .conflict(self.chat, "Somebody has this chat already.")
        default:
            return
        }
    }
}
