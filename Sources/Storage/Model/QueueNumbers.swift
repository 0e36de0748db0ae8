package import Assignment

/// How a queue stands: what waits in it, and who is there.
package struct QueueNumbers: Sendable, Hashable {
    /// Somebody who serves the queue.
    package struct Person: Sendable, Hashable {
        package var id: String
        package var name: String?
        package var declared: DeclaredStatus
        package var isConnected: Bool
        package var load: Double
        package var cap: Int
    }

    package var queue: String
    /// Open chats by where they are; statuses in which there are none are absent.
    package var chats: [ChatStatus: Int]
    /// Since when the one has waited that has waited longest.
    package var waitingSince: Timestamp?
    /// The connected first, then by id.
    package var people: [Person]
}
