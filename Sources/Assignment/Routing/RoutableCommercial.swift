/// A commercial as the router sees them.
package struct RoutableCommercial: Sendable, Hashable {
    package let id: String
    package var declared: DeclaredStatus
    /// Whether an unexpired lease stands for an open socket of theirs.
    package var isConnected: Bool
    /// How much they may carry at once.
    package var cap: Int
    /// The sum of the weights that they carry.
    package var load: Double
    package var queues: Set<String>
    /// When they were last given a chat; `nil` if never, which counts as longest idle.
    package var lastAssignedAt: Timestamp?
    /// When they last got rid of one; `nil` if never.
    package var lastReleasedAt: Timestamp?
    /// The least time between two chats that the router gives them, in milliseconds.
    package var minGapMilliseconds: Int64
    /// In which ring of the queue they stand: 1 is asked first, higher ones where nobody before them can take a chat.
    package var tier: Int
    /// What they can, with how well; a skill that is not here is one that they lack.
    package var skills: [String: Int]
    /// The languages that they speak; empty where nobody has said, which rules nothing out.
    package var languages: Set<String>
    /// The queue's usual handle time over their own; shown in the score, and never compared.
    package var relativeSpeed: Double
    /// Their share of the hash that breaks exact ties.
    let tieKey: UInt64

    package init(
        id: String, declared: DeclaredStatus, isConnected: Bool, cap: Int, load: Double, queues: Set<String>,
        lastAssignedAt: Timestamp? = nil, lastReleasedAt: Timestamp? = nil, minGapMilliseconds: Int64 = 0,
        tier: Int = 1, skills: [String: Int] = [:], languages: Set<String> = [], relativeSpeed: Double = 1
    ) {
        self.id = id
        self.declared = declared
        self.isConnected = isConnected
        self.cap = cap
        self.load = load
        self.queues = queues
        self.lastAssignedAt = lastAssignedAt
        self.lastReleasedAt = lastReleasedAt
        self.minGapMilliseconds = minGapMilliseconds
        self.tier = tier
        self.skills = skills
        self.languages = languages
        self.relativeSpeed = relativeSpeed
        self.tieKey = StableHash.of(id)
    }

    /// Since when they have neither been given a chat nor got rid of one; `nil` if ever.
    package var idleSince: Timestamp? {
        guard let lastAssignedAt else { return self.lastReleasedAt }
        return self.lastReleasedAt.map { max($0, lastAssignedAt) } ?? lastAssignedAt
    }
}

extension RoutableCommercial {
    /// The first reason against giving `chat` to this commercial at `now`, or `nil` where there is none.
    ///
    /// What is cheap to see is looked at first: in a busy queue most people are full.
    package func ineligibility(for chat: QueuedChat, at now: Timestamp) -> Ineligibility? {
        guard self.declared == .available else { return .notAvailable }
        guard self.isConnected else { return .notConnected }
        // Written so that a value that is no number is no room either.
        guard self.load + chat.weight <= Double(self.cap) else { return .full }
        if let held = chat.heldUntil, now < held, let sticky = chat.stickyID, sticky != self.id { return .held }
        if self.minGapMilliseconds > 0, let last = self.lastAssignedAt,
            now < last.advanced(byMilliseconds: self.minGapMilliseconds)
        {
            return .resting
        }
        guard chat.reach.ring(of: self.queues) != nil else { return .otherQueue }
        if !chat.tried.isEmpty, chat.tried.contains(self.id) { return .tried }
        if !chat.skills.isEmpty {
            guard chat.skills.allSatisfy({ self.skills[$0.key, default: .min] >= $0.value }) else { return .lacksSkill }
        }
        if let language = chat.language, !self.languages.isEmpty, !self.languages.contains(language) {
            return .otherLanguage
        }
        return nil
    }

    /// How much better they are than `chat` asks for, over all its skills: who can do more is kept for who needs it.
    package func surplus(for chat: QueuedChat) -> Int {
        if chat.skills.isEmpty { return 0 }
        return chat.skills.reduce(0) { sum, required in
            let (difference, overflow) = (self.skills[required.key] ?? required.value)
                .subtractingReportingOverflow(required.value)
            let (next, overflowed) = sum.addingReportingOverflow(difference)
            return overflow || overflowed ? .max : next
        }
    }

    /// Tenths of the cap in use half-way through taking on `weight`: ⌊10·(load+w/2)/cap⌋.
    ///
    /// After it, a cap of one is always full and therefore asked last; before it, it is always empty and asked first.
    /// Half-way gives everybody their share (as Sainte-Laguë's rule does for seats).
    package func utilisation(halfwayThrough weight: Double) -> Int {
        guard self.cap > 0 else { return .max }
        let tenths = (10 * (self.load + weight / 2) / Double(self.cap)).rounded(.down)
        return Int(exactly: tenths) ?? .max
    }

    /// The places that are free half-way through taking on `weight`.
    package func places(halfwayThrough weight: Double) -> Double {
        let places = Double(self.cap) - self.load - weight / 2
        return places.isNaN ? -.infinity : places
    }
}
