/// The order of a queue: `first_queued_at + slack[priority]`, smallest first.
///
/// A chat is overtaken only by chats of a higher class that come less than the difference of slacks later, so
/// nobody starves; inside a class the order is first come, first served. The key never changes by itself, so an
/// index keeps the queue sorted.
package struct RouteKey: Sendable, Hashable, Comparable {
    package var instant: Timestamp

    /// How much earlier a chat is served that lost its commercial, in milliseconds.
    package static let lostCommercialBonusMilliseconds: Int64 = 60_000

    package init(instant: Timestamp) {
        self.instant = instant
    }

    /// How long before a promised response a chat is served as if its time had come, in milliseconds.
    package static let dueSafetyMilliseconds: Int64 = 60_000

    /// - Parameter responseDueAt: By when somebody has promised a response; the chat is served in time for it.
    package init(
        firstQueuedAt: Timestamp, priority: Priority, bonusMilliseconds: Int64 = 0, responseDueAt: Timestamp? = nil
    ) {
        let slack = Self.slackMilliseconds(of: priority)
        let (shift, overflow) = slack.subtractingReportingOverflow(bonusMilliseconds)
        let instant = firstQueuedAt.advanced(byMilliseconds: overflow ? slack : shift)
        let due = responseDueAt?.advanced(byMilliseconds: -Self.dueSafetyMilliseconds)
        self.instant = due.map { min($0, instant) } ?? instant
    }

    package static func slackMilliseconds(of priority: Priority) -> Int64 {
        switch priority {
        case .urgent: 0
        case .high: 60_000
        case .normal: 300_000
        case .low: 1_200_000
        }
    }

    package static func < (lhs: RouteKey, rhs: RouteKey) -> Bool { lhs.instant < rhs.instant }
}
