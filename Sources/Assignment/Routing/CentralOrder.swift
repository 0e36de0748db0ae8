/// The order of ``RoutingPolicy/central`` inside a tier: the least over-qualified, so that specialists stay free; the least
/// used of those who are more than half full; and by turns, as many as somebody has places.
package enum CentralOrder {
    /// Below these tenths of the cap nobody counts as less used than another.
    ///
    /// A cap of one is half used half-way through its only chat: were those below it asked first, the largest caps would
    /// get every chat while most people are idle.
    package static let leastTenths = 5
    /// What everybody has waited for their turn at least: while chats come faster than that, free places count more.
    package static let leastTurnSeconds = 30

    static func compare(
        _ lhs: RoutableCommercial, _ rhs: RoutableCommercial, for chat: QueuedChat, at now: Timestamp
    ) -> Bool? {
        let surplus = (lhs.surplus(for: chat), rhs.surplus(for: chat))
        if surplus.0 != surplus.1 { return surplus.0 < surplus.1 }
        let mine = max(lhs.utilisation(halfwayThrough: chat.weight), Self.leastTenths)
        let theirs = max(rhs.utilisation(halfwayThrough: chat.weight), Self.leastTenths)
        if mine != theirs { return mine < theirs }
        let places = (lhs.places(halfwayThrough: chat.weight), rhs.places(halfwayThrough: chat.weight))
        let turns = (places.0 * Self.wait(lhs, now), places.1 * Self.wait(rhs, now))
        if turns.0 != turns.1, lhs.lastAssignedAt != nil, rhs.lastAssignedAt != nil { return turns.0 > turns.1 }
        if let idle = IdleOrder.compare(lhs.lastAssignedAt, rhs.lastAssignedAt) { return idle }
        return places.0 == places.1 ? nil : places.0 > places.1
    }

    /// Microseconds; for somebody who was never given a chat any number will do.
    private static func wait(_ commercial: RoutableCommercial, _ now: Timestamp) -> Double {
        let last = commercial.lastAssignedAt ?? now
        // Another queue may have given them one after this clock was read.
        return Double(Self.leastTurnSeconds) * 1e6 + max(Double(now.microseconds) - Double(last.microseconds), 0)
    }
}
