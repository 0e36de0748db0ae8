/// Where a chat goes that its own queue has not served in time. Steps add up: each one widens the circle.
package struct OverflowStep: Sendable, Hashable, Codable {
    package enum Target: Sendable, Hashable, Codable {
        /// The members of these queues are asked as well.
        case queues([String])
        /// Everybody of the workspace is asked.
        case anybody
        /// Nobody came: the visitor leaves word, and is answered later.
        case offlineForm
    }

    /// How long the chat has waited in its line by then, in milliseconds.
    package var afterMilliseconds: Int64
    package var target: Target

    package init(afterMilliseconds: Int64, target: Target) {
        self.afterMilliseconds = afterMilliseconds
        self.target = target
    }
}

extension [OverflowStep] {
    /// How many of the steps, which are in the order of their times, hold for a chat.
    ///
    /// - Parameters:
    ///   - milliseconds: How long it has waited.
    ///   - forced: Up to which step rounds of offers that all came to nothing have brought it already.
    package func reached(after milliseconds: Int64, forced: Int = 0) -> Int {
        let byTime = self.prefix { $0.afterMilliseconds <= milliseconds }.count
        return Swift.min(Swift.max(byTime, forced), self.count)
    }

    /// Who may be asked for a chat of `home` at a step; `nil` where the visitor is to leave word.
    ///
    /// - Parameters:
    ///   - count: How many steps hold (``reached(after:forced:)``).
    ///   - open: The queues of the workspace that are open now. Members of others are not asked.
    package func reach(from home: String, steps count: Int, open: Set<String>) -> QueueReach? {
        var rings = [open.contains(home) ? [home] : []]
        for step in self.prefix(count) {
            switch step.target {
            case .queues(let queues): rings.append(queues.filter(open.contains))
            case .anybody: rings.append(open.sorted())
            case .offlineForm: return nil
            }
        }
        return QueueReach(rings: rings)
    }
}
