package import Assignment

/// `chat:closed`.
package struct ChatClosed: Sendable, Hashable, Codable {
    package var closedBy: Participant
    package var reason: ChatCloseReason
    package var closedAt: Timestamp
    package var visitorID: String
    package var queue: String
    package var epoch: Int64
    package var version: Int64
    /// Who had the chat when it ended.
    package var lastOwner: Participant?
    package var durationSeconds: Int64
    /// From when it first needed a person until a person's first public message; nil if there was none.
    package var firstResponseSeconds: Int64?
    /// Waited for a person, all waits together.
    package var waitSeconds: Int64
    /// Handled by people, all assignments together.
    package var handleSeconds: Int64
    package var messages: Int64
    /// nil in rows older than the field.
    package var priority: Priority?
    /// Whether the visitor was told when the wrap-up began.
    package var wasWrappedUp: Bool?
    /// Where the visitor may say how it was, where the workspace has such a place.
    package var csatURL: String?

    package init(
        closedBy: Participant, reason: ChatCloseReason, closedAt: Timestamp, visitorID: String, queue: String,
        epoch: Int64, version: Int64, lastOwner: Participant?, durationSeconds: Int64, firstResponseSeconds: Int64?,
        waitSeconds: Int64, handleSeconds: Int64, messages: Int64, priority: Priority?,
        wasWrappedUp: Bool? = nil, csatURL: String? = nil
    ) {
        self.closedBy = closedBy
        self.reason = reason
        self.closedAt = closedAt
        self.visitorID = visitorID
        self.queue = queue
        self.epoch = epoch
        self.version = version
        self.lastOwner = lastOwner
        self.durationSeconds = durationSeconds
        self.firstResponseSeconds = firstResponseSeconds
        self.waitSeconds = waitSeconds
        self.handleSeconds = handleSeconds
        self.messages = messages
        self.priority = priority
        self.wasWrappedUp = wasWrappedUp
        self.csatURL = csatURL
    }
}
