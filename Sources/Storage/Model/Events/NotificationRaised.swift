package import Assignment

/// `notification`, to its target.
package struct NotificationRaised: Sendable, Hashable, Codable {
    package var notificationID: String
    package var type: String
    package var severity: String?
    /// `supervisors`, `agents`, `commercial:{id}` or `queue:{id}`.
    package var target: String
    package var chatID: String?
    package var data: JSONText
    package var sender: Participant
    package var createdAt: Timestamp
    package var expiresAt: Timestamp

    package init(_ notification: NotificationRow) {
        self.notificationID = notification.id
        self.type = notification.type
        self.severity = notification.severity
        self.target = notification.target.text
        self.chatID = notification.chatID
        self.data = notification.data
        self.sender = notification.sender
        self.createdAt = notification.createdAt
        self.expiresAt = notification.expiresAt
    }
}
