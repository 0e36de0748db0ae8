/// The order of ``RoutingPolicy/leastLoaded``: tier, the least over-qualified, utilisation, idle time, then a hash that
/// favours nobody.
struct LeastLoaded {
    var chat: QueuedChat

    func precedes(_ lhs: RoutableCommercial, _ rhs: RoutableCommercial) -> Bool {
        if lhs.tier != rhs.tier { return lhs.tier < rhs.tier }
        let surplus = (lhs.surplus(for: self.chat), rhs.surplus(for: self.chat))
        if surplus.0 != surplus.1 { return surplus.0 < surplus.1 }
        let mine = lhs.utilisation(afterTaking: self.chat.weight)
        let theirs = rhs.utilisation(afterTaking: self.chat.weight)
        if mine != theirs { return mine < theirs }
        let idle = IdleOrder.compare(lhs.lastAssignedAt, rhs.lastAssignedAt)
        if let idle { return idle }
        let myHash = StableHash.of(self.chat.id, lhs.id)
        let theirHash = StableHash.of(self.chat.id, rhs.id)
        return myHash == theirHash ? lhs.id < rhs.id : myHash < theirHash
    }
}
