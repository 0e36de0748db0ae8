extension ChatStatus {
    /// Where a chat may begin.
    package static let initial: Set<ChatStatus> = [.bot, .waiting, .offline]

    /// The statuses that may follow this one: the whole lifecycle, as one table.
    ///
    /// Staying in a status is not a transition: a chat that passes from one bot or person to the next keeps its
    /// status and gets a new epoch instead.
    package var successors: Set<ChatStatus> {
        switch self {
        case .bot: [.waiting, .active, .closed]
        case .waiting: [.offered, .active, .bot, .offline, .closed]
        case .offered: [.active, .waiting, .closed]
        case .active: [.waiting, .offered, .paused, .bot, .wrapup, .closed]
        case .paused: [.active, .waiting, .closed]
        case .wrapup: [.closed]
        case .offline: [.waiting, .bot, .closed]
        case .closed: [.waiting, .bot]
        }
    }

    /// Whether the chat still goes on: everything but `closed`.
    package var isOpen: Bool { self != .closed }

    /// Whether a live assignment belongs to this status; the schema enforces the same.
    package var hasAssignment: Bool {
        switch self {
        case .offered, .active, .paused, .wrapup: true
        case .bot, .waiting, .offline, .closed: false
        }
    }

    /// Judges a change of status.
    ///
    /// - Throws: `bad_state` with the status that the chat has, where the table has no such step.
    package func checkTransition(to next: ChatStatus) throws(DomainRefusal) {
        guard self.successors.contains(next) else {
            throw DomainRefusal(
                .badState, "A chat that is \(self.rawValue) cannot become \(next.rawValue).",
                details: [.status(self)])
        }
    }
}
