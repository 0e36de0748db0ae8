/// The order of ``RoutingPolicy/central`` inside a tier: the least over-qualified, so that specialists stay free; the
/// least utilised, in tenths of the cap, so that small caps are not starved; the longest without a new chat.
enum CentralOrder {
    static func compare(
        _ lhs: RoutableCommercial, _ rhs: RoutableCommercial, for chat: QueuedChat
    ) -> Bool? {
        let surplus = (lhs.surplus(for: chat), rhs.surplus(for: chat))
        if surplus.0 != surplus.1 { return surplus.0 < surplus.1 }
        let mine = lhs.utilisation(halfwayThrough: chat.weight)
        let theirs = rhs.utilisation(halfwayThrough: chat.weight)
        if mine != theirs { return mine < theirs }
        return IdleOrder.compare(lhs.lastAssignedAt, rhs.lastAssignedAt)
    }
}
