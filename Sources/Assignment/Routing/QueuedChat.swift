/// A chat in line, as the router sees it: what it needs now, after all that waiting has relaxed.
package struct QueuedChat: Sendable, Hashable {
    package let id: String
    package var priority: Priority
    /// When the chat first asked for a person; a requeue keeps it.
    package var firstQueuedAt: Timestamp
    /// How much earlier the chat is served because it lost its person, in milliseconds.
    package var bonusMilliseconds: Int64
    /// By when somebody has promised to answer; `nil` where nobody has.
    package var responseDueAt: Timestamp?
    /// What the chat takes of a commercial's cap.
    package var weight: Double
    /// Who may be asked for it at its present step of overflow.
    package var reach: QueueReach
    /// Commercials who let it go by in this round.
    package var tried: Set<String>
    /// What whoever takes it must be able to do, and how well at least, at its present step of relaxation.
    package var skills: [String: Int]
    /// What whoever takes it must speak; `nil` where it is not known, or nobody cares (any more).
    package var language: String?
    /// Who had the visitor before: asked first, wherever they stand.
    package var stickyID: String?
    /// Until when nobody but ``stickyID`` is given it; `nil` where it is not held.
    package var heldUntil: Timestamp?
    /// Its share of the hash that breaks exact ties.
    let tieKey: UInt64

    package init(
        id: String, priority: Priority, firstQueuedAt: Timestamp, bonusMilliseconds: Int64 = 0,
        responseDueAt: Timestamp? = nil, weight: Double = 1,
        reach: QueueReach, tried: Set<String> = [], skills: [String: Int] = [:], language: String? = nil,
        stickyID: String? = nil, heldUntil: Timestamp? = nil
    ) {
        self.id = id
        self.priority = priority
        self.firstQueuedAt = firstQueuedAt
        self.bonusMilliseconds = bonusMilliseconds
        self.responseDueAt = responseDueAt
        self.weight = weight
        self.reach = reach
        self.tried = tried
        self.skills = skills
        self.language = language
        self.stickyID = stickyID
        self.heldUntil = heldUntil
        self.tieKey = StableHash.of(id)
    }

    /// The static key by which this chat is served.
    package var routeKey: RouteKey {
        RouteKey(
            firstQueuedAt: self.firstQueuedAt, priority: self.priority, bonusMilliseconds: self.bonusMilliseconds,
            responseDueAt: self.responseDueAt)
    }

    /// Whether this chat is served before another: the smaller route key, then the smaller id.
    package func precedes(_ other: QueuedChat) -> Bool {
        let mine = self.routeKey
        let theirs = other.routeKey
        return mine == theirs ? self.id < other.id : mine < theirs
    }
}
