package import Assignment

/// A notification, kept until it is acknowledged or expires.
package struct NotificationRow: Sendable, Hashable {
    package var workspaceID: String
    package var id: String
    package var type: String
    package var severity: String?
    package var target: NotificationTarget
    package var chatID: String?
    package var data: JSONText
    package var sender: Participant
    package var createdAt: Timestamp
    package var expiresAt: Timestamp
}

extension NotificationRow {
    /// The columns of `notifications` in the table's order.
    static let columns = [
        "workspace_id", "id", "type", "severity", "target_kind", "target_id", "chat_id", "data", "sender_role",
        "sender_id", "created_at", "expires_at",
    ]

    /// Reads `notifications.*` beginning at column `base`.
    init(_ row: Row, at base: Int = 0) throws(StorageError) {
        self.workspaceID = try row.text(base)
        self.id = try row.text(base + 1)
        self.type = try row.text(base + 2)
        self.severity = try row.optionalText(base + 3)
        let kind = try row.text(base + 4)
        let addressee = try row.optionalText(base + 5)
        guard let target = NotificationTarget(text: addressee.map { "\(kind):\($0)" } ?? kind) else {
            throw StorageError(code: .unexpected, message: "notification \(self.id) has no known target")
        }
        self.target = target
        self.chatID = try row.optionalText(base + 6)
        self.data = try row.json(base + 7)
        self.sender = try row.participant(role: base + 8, id: base + 9)
        self.createdAt = try row.timestamp(base + 10)
        self.expiresAt = try row.timestamp(base + 11)
    }
}
