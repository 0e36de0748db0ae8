internal import DequeModule

/// The ids of what left lately, so that the poll does not send it a second time.
struct RecentIDs: Sendable {
    private var ids: Set<Int64> = []
    private var order: Deque<Int64> = []
    private let capacity: Int

    init(capacity: Int = 16_384) {
        self.capacity = capacity
    }

    func contains(_ id: Int64) -> Bool { self.ids.contains(id) }

    /// - Returns: Whether the id was new.
    mutating func insert(_ id: Int64) -> Bool {
        guard self.ids.insert(id).inserted else { return false }
        self.order.append(id)
        if self.order.count > self.capacity, let oldest = self.order.popFirst() { self.ids.remove(oldest) }
        return true
    }
}
