/// The order of ``RoutingPolicy/leastLoaded`` inside a tier: the exact share of the cap in use after the assignment, then
/// the longest without a new chat.
enum LeastLoadedOrder {
    static func compare(
        _ lhs: RoutableCommercial, _ rhs: RoutableCommercial, for chat: QueuedChat
    ) -> Bool? {
        // Crosswise instead of two quotients: exact for loads in quarters.
        let mine = (lhs.load + chat.weight) * Double(max(rhs.cap, 0))
        let theirs = (rhs.load + chat.weight) * Double(max(lhs.cap, 0))
        if mine != theirs { return mine < theirs }
        return IdleOrder.compare(lhs.lastAssignedAt, rhs.lastAssignedAt)
    }
}
