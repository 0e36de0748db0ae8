/// A chat in line, as the router sees it.
package struct QueuedChat: Sendable, Hashable {
    package var id: String
    package var priority: Priority
    /// When the chat first asked for a person; a requeue keeps it.
    package var firstQueuedAt: Timestamp
    /// How much earlier the chat is served because it lost its person, in milliseconds.
    package var bonusMilliseconds: Int64
    /// What the chat takes of a commercial's cap.
    package var weight: Double
    /// Commercials who let it go by in this round.
    package var tried: Set<String>
    /// What whoever takes it must be able to do, and how well at least.
    package var skills: [String: Int]
    /// What whoever takes it must speak; `nil` where it is not known, or nobody cares.
    package var language: String?

    package init(
        id: String, priority: Priority, firstQueuedAt: Timestamp, bonusMilliseconds: Int64 = 0, weight: Double = 1,
        tried: Set<String> = [], skills: [String: Int] = [:], language: String? = nil
    ) {
        self.id = id
        self.priority = priority
        self.firstQueuedAt = firstQueuedAt
        self.bonusMilliseconds = bonusMilliseconds
        self.weight = weight
        self.tried = tried
        self.skills = skills
        self.language = language
    }

    /// The static key by which this chat is served.
    package var routeKey: RouteKey {
        RouteKey(
            firstQueuedAt: self.firstQueuedAt, priority: self.priority, bonusMilliseconds: self.bonusMilliseconds)
    }

    /// Whether this chat is served before another: the smaller route key, then the smaller id.
    package func precedes(_ other: QueuedChat) -> Bool {
        let mine = self.routeKey
        let theirs = other.routeKey
        return mine == theirs ? self.id < other.id : mine < theirs
    }
}
