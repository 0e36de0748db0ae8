extension ChatAccess {
    /// What `csat:submit` amounts to.
    package enum Satisfaction: Sendable, Hashable {
        case store
        /// The same answer again.
        case duplicate
    }

    /// Judges the visitor's answer to how it was: once, and while they may.
    ///
    /// - Parameters:
    ///   - until: How long they may answer; nil where nobody asked.
    ///   - given: Their earlier answer, if there is one, and whether it is the same.
    package func submitSatisfaction(
        now: Timestamp, until: Timestamp?, given: Bool, isSame: Bool
    ) throws(DomainRefusal) -> Satisfaction {
        try self.see()
        guard self.requester.role == .visitor else { throw .forbidden("Only the visitor says how it was.") }
        if given {
            guard isSame else { throw .conflict(self.chat, "You have said how it was.") }
            return .duplicate
        }
        guard let until else { throw .badState(self.chat, "Nobody has asked how it was.") }
        guard now <= until else { throw .badState(self.chat, "The time to say how it was is over.") }
        return .store
    }
}
