/// How a queue picks among those who could take a chat.
///
/// Every policy asks who had the visitor before, then the rings and tiers one after the other, and breaks exact ties by a
/// hash; they differ in what decides inside a tier. A new one is a case here and a file beside this one.
package enum RoutingPolicy: String, Sendable, Hashable, CaseIterable, Codable {
    /// The least over-qualified, the least used above one half, and by turns, as many as somebody has places.
    case central
    /// The one whose last new chat is the longest ago.
    case roundRobin = "round-robin"
    /// The smallest share of the cap in use after the assignment.
    case leastLoaded = "least-loaded"
    /// The one who has neither been given a chat nor finished one for the longest time.
    case longestIdle = "longest-idle"

    /// Where the best commercial for `chat` stands in `commercials`; `nil` where nobody may take it.
    ///
    /// One pass without allocations. The result depends on the values only, never on their order.
    package func best(of commercials: [RoutableCommercial], for chat: QueuedChat, at now: Timestamp) -> Int? {
        var best: Int?
        for index in commercials.indices where commercials[index].ineligibility(for: chat, at: now) == nil {
            guard let leader = best else {
                best = index
                continue
            }
            if self.precedes(commercials[index], commercials[leader], for: chat, at: now) { best = index }
        }
        return best
    }

    /// The commercials who may take `chat`, best first.
    package func ranking(
        _ commercials: [RoutableCommercial], for chat: QueuedChat, at now: Timestamp
    ) -> [RoutableCommercial] {
        commercials.filter { $0.ineligibility(for: chat, at: now) == nil }
            .sorted { self.precedes($0, $1, for: chat, at: now) }
    }

    /// The first match of a line: the first chat in its order that anybody may take, and where the best one for it
    /// stands in `commercials`.
    ///
    /// A chat that nobody may take does not hold up those behind it.
    package func match(
        _ chats: [QueuedChat], with commercials: [RoutableCommercial], at now: Timestamp
    ) -> (chat: QueuedChat, index: Int)? {
        for chat in chats.sorted(by: { $0.precedes($1) }) {
            if let index = self.best(of: commercials, for: chat, at: now) { return (chat, index) }
        }
        return nil
    }

    /// Whether `lhs` is asked before `rhs` at `now`: a total order over commercials with different ids.
    package func precedes(
        _ lhs: RoutableCommercial, _ rhs: RoutableCommercial, for chat: QueuedChat, at now: Timestamp
    ) -> Bool {
        if let sticky = chat.stickyID {
            let isMine = lhs.id == sticky
            if isMine != (rhs.id == sticky) { return isMine }
        }
        if chat.reach.rings.count > 1 {
            let mine = chat.reach.ring(of: lhs.queues) ?? .max
            let theirs = chat.reach.ring(of: rhs.queues) ?? .max
            if mine != theirs { return mine < theirs }
        }
        if lhs.tier != rhs.tier { return lhs.tier < rhs.tier }
        let decided =
            switch self {
            case .central: CentralOrder.compare(lhs, rhs, for: chat, at: now)
            case .roundRobin: IdleOrder.compare(lhs.lastAssignedAt, rhs.lastAssignedAt)
            case .leastLoaded: LeastLoadedOrder.compare(lhs, rhs, for: chat)
            case .longestIdle: IdleOrder.compare(lhs.idleSince, rhs.idleSince)
            }
        if let decided { return decided }
        let mine = StableHash.combine(chat.tieKey, lhs.tieKey)
        let theirs = StableHash.combine(chat.tieKey, rhs.tieKey)
        return mine == theirs ? lhs.id < rhs.id : mine < theirs
    }
}
