/// What `chat:update` may set, where the right depends on who asks.
package enum ChatUpdateRules {
    /// Judges a new priority: staff set any, an `ai` only raises.
    package static func priority(
        from current: Priority, to requested: Priority, by role: Role
    ) throws(DomainRefusal) -> Priority {
        guard role != .ai || requested >= current else {
            throw .forbidden("A bot may raise a priority, not lower it.")
        }
        return requested
    }

    /// The tags after an update: `tags` sets for staff and adds for an `ai`; then `addTags`, then `removeTags`.
    ///
    /// Order is that of first appearance, without repetition. An `ai` removes no tags.
    package static func tags(
        current: [String], set: [String]?, add: [String], remove: [String], by role: Role
    ) throws(DomainRefusal) -> [String] {
        guard role != .ai || remove.isEmpty else {
            throw .forbidden("A bot adds tags, and removes none.")
        }
        let kept = role == .ai ? current + (set ?? []) : set ?? current
        let removed = Set(remove)
        var seen: Set<String> = []
        return (kept + add).filter { !removed.contains($0) && seen.insert($0).inserted }
    }
}
