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

    package init(
        id: String, declared: DeclaredStatus, isConnected: Bool, cap: Int, load: Double, queues: Set<String>,
        lastAssignedAt: Timestamp? = nil
    ) {
        self.id = id
        self.declared = declared
        self.isConnected = isConnected
        self.cap = cap
        self.load = load
        self.queues = queues
        self.lastAssignedAt = lastAssignedAt
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
        return nil
    }

    /// Tenths of the cap in use after taking on `weight`: ⌊10·(load+w)/cap⌋.
    package func utilisation(afterTaking weight: Double) -> Int {
        guard self.cap > 0 else { return .max }
        let tenths = (10 * (self.load + weight) / Double(self.cap)).rounded(.down)
        return Int(exactly: tenths) ?? .max
    }
}
