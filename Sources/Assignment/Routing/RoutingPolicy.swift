/// How a queue picks among those who could take a chat. A new policy is a case here and a file beside this one.
package enum RoutingPolicy: String, Sendable, Hashable, CaseIterable {
    /// The first tier, then the least over-qualified, the least utilised after the assignment, the longest idle.
    case leastLoaded = "least-loaded"

    /// The commercials who may take `chat`, best first.
    ///
    /// The result depends on the values only, never on the order in which they come in.
    package func ranking(
        _ commercials: [RoutableCommercial], for chat: QueuedChat, of queue: String
    ) -> [RoutableCommercial] {
        let eligible = commercials.filter { $0.ineligibility(for: chat, of: queue) == nil }
        switch self {
        case .leastLoaded:
            return eligible.sorted { LeastLoaded(chat: chat).precedes($0, $1) }
        }
    }

    /// The first match of a queue: the first chat in its order that anybody may take, and who takes it.
    ///
    /// A chat that nobody may take does not hold up those behind it.
    package func match(
        _ chats: [QueuedChat], with commercials: [RoutableCommercial], of queue: String
    ) -> (chat: QueuedChat, ranking: [RoutableCommercial])? {
        for chat in chats.sorted(by: { $0.precedes($1) }) {
            let ranking = self.ranking(commercials, for: chat, of: queue)
            if !ranking.isEmpty { return (chat, ranking) }
        }
        return nil
    }
}
