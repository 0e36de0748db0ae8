/// `chat:queue_update`: how many wait in a queue.
package struct QueueChanged: Sendable, Hashable, Codable {
    package var queue: String
    package var waiting: Int

    package init(queue: String, waiting: Int) {
        self.queue = queue
        self.waiting = waiting
    }
}
