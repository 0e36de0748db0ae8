/// A running promise to a visitor: by when a person has answered, answers again, or the matter is done.
package struct Promise: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        case firstResponse
        case nextResponse
        case resolution
    }

    /// What the gateway does with it next.
    package enum Step: Sendable, Hashable {
        case warn
        case reportBreach
        /// Nothing before then.
        case lookAgain(Timestamp)
        /// Nothing any more.
        case rest
    }

    package var dueAt: Timestamp
    /// nil: nobody is warned.
    package var warnAt: Timestamp?
    package var isWarned: Bool
    package var isBreachReported: Bool
    /// nil while it runs.
    package var endedAt: Timestamp?

    package init(
        dueAt: Timestamp, warnAt: Timestamp? = nil, isWarned: Bool = false, isBreachReported: Bool = false,
        endedAt: Timestamp? = nil
    ) {
        self.dueAt = dueAt
        self.warnAt = warnAt
        self.isWarned = isWarned
        self.isBreachReported = isBreachReported
        self.endedAt = endedAt
    }

    /// A breach is reported also where the answer came before anybody looked; then, and once it is reported, no warning
    /// makes sense any more.
    package func next(now: Timestamp) -> Step {
        if self.isBreachReported { return .rest }
        if let endedAt { return self.dueAt <= endedAt ? .reportBreach : .rest }
        if self.dueAt <= now { return .reportBreach }
        guard let warnAt, !self.isWarned else { return .lookAgain(self.dueAt) }
        return warnAt <= now ? .warn : .lookAgain(warnAt)
    }
}
