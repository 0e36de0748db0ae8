/// Whose members may be asked for a chat: those of its own queue first, those of further rings where it has overflowed.
package struct QueueReach: Sendable, Hashable {
    /// Queues, ring after ring; the first ring is the chat's own queue. A queue that is closed now is in none.
    package var rings: [[String]]

    package init(rings: [[String]]) {
        self.rings = rings
    }

    /// The members of one queue, and nobody else.
    package init(_ queue: String) {
        self.rings = [[queue]]
    }

    /// All queues of all rings.
    package var queues: Set<String> { Set(self.rings.joined()) }

    /// In which ring somebody who serves `queues` stands; `nil` where they are in none.
    func ring(of queues: Set<String>) -> Int? {
        for index in self.rings.indices where self.rings[index].contains(where: { queues.contains($0) }) {
            return index
        }
        return nil
    }
}
