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

    /// The same where queues may be closed: a chat whose own queue is does not wait for people who do not come, but
    /// begins with the first step that leads to anybody. Further steps come at their times.
    ///
    /// - Returns: nil where the own queue is closed and no step leads to an open one before the visitor is to leave word:
    ///   nobody comes, and the chat has no place in a line.
    package func reached(after milliseconds: Int64, forced: Int = 0, home: String, open: Set<String>) -> Int? {
        let reached = self.reached(after: milliseconds, forced: forced)
        guard !open.contains(home) else { return reached }
        for count in 1..<(self.count + 1) {
            // The visitor is to leave word: no further step leads to anybody.
            guard let reach = self.reach(from: home, steps: count, open: open) else { return nil }
            if !reach.queues.isEmpty { return Swift.max(reached, count) }
        }
        return nil
    }

    /// Which queues may be asked for a chat of `home` sooner or later: one of them has to open before anybody comes.
    ///
    /// - Parameter all: The queues of the workspace.
    package func everAsked(from home: String, all: Set<String>) -> Set<String> {
        var asked: Set<String> = [home]
        for step in self {
            switch step.target {
            case .queues(let queues): asked.formUnion(all.intersection(queues))
            case .anybody: asked.formUnion(all)
            case .offlineForm: return asked
            }
        }
        return asked
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
