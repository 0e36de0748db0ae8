package import Assignment

/// A closed chat goes on.
package struct ChatReopened: Sendable, Hashable, Codable {
    package var status: ChatStatus
    package var owner: Participant?
    package var epoch: Int64
    package var version: Int64
    package var queue: String
    package var visitorID: String
    package var by: Participant
    /// nil in rows older than the field.
    package var priority: Priority?

    package init(_ chat: ChatRow, by: Participant) {
        self.status = chat.status
        self.owner = chat.owner
        self.epoch = chat.epoch
        self.version = chat.version
        self.queue = chat.queue
        self.visitorID = chat.visitorID
        self.by = by
        self.priority = chat.priority
    }
}
