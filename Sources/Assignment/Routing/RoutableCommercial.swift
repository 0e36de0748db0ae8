/// A commercial as the router sees them.
package struct RoutableCommercial: Sendable, Hashable {
    package var id: String
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
    /// In which ring of the queue they stand: 1 is asked first, higher ones where nobody before them can take a chat.
    package var tier: Int
    /// What they can, with how well; a skill that is not here is one that they lack.
    package var skills: [String: Int]
    /// The languages that they speak; empty where nobody has said, which rules nothing out.
    package var languages: Set<String>

    package init(
        id: String, declared: DeclaredStatus, isConnected: Bool, cap: Int, load: Double, queues: Set<String>,
        lastAssignedAt: Timestamp? = nil, tier: Int = 1, skills: [String: Int] = [:], languages: Set<String> = []
    ) {
        self.id = id
        self.declared = declared
        self.isConnected = isConnected
        self.cap = cap
        self.load = load
        self.queues = queues
        self.lastAssignedAt = lastAssignedAt
        self.tier = tier
        self.skills = skills
        self.languages = languages
    }

    /// Whether they can be given chats at all: available, and an open socket to hear of it.
    package var isEffective: Bool { self.declared == .available && self.isConnected }
}

extension RoutableCommercial {
    /// The first reason against giving `chat` of `queue` to this commercial, or `nil` where there is none.
    package func ineligibility(for chat: QueuedChat, of queue: String) -> Ineligibility? {
        guard self.queues.contains(queue) else { return .otherQueue }
        guard self.declared == .available else { return .notAvailable }
        guard self.isConnected else { return .notConnected }
        // Written so that a value that is no number is no room either.
        guard self.load + chat.weight <= Double(self.cap) else { return .full }
        guard !chat.tried.contains(self.id) else { return .tried }
        guard chat.skills.allSatisfy({ self.skills[$0.key, default: .min] >= $0.value }) else { return .lacksSkill }
        if let language = chat.language, !self.languages.isEmpty, !self.languages.contains(language) {
            return .otherLanguage
        }
        return nil
    }

    /// How much better they are than `chat` asks for, over all its skills: who can do more is kept for who needs it.
    package func surplus(for chat: QueuedChat) -> Int {
        chat.skills.reduce(0) { sum, required in
            let (difference, overflow) = (self.skills[required.key] ?? required.value)
                .subtractingReportingOverflow(required.value)
            let (next, overflowed) = sum.addingReportingOverflow(difference)
            return overflow || overflowed ? .max : next
        }
    }

    /// Tenths of the cap in use after taking on `weight`: ⌊10·(load+w)/cap⌋.
    package func utilisation(afterTaking weight: Double) -> Int {
        guard self.cap > 0 else { return .max }
        let tenths = (10 * (self.load + weight) / Double(self.cap)).rounded(.down)
        return Int(exactly: tenths) ?? .max
    }
}
