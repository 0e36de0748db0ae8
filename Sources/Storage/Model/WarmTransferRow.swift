package import Assignment

/// A chat that its owner offers to somebody, and keeps until they accept.
package struct WarmTransferRow: Sendable, Hashable {
    package var workspaceID: String
    package var id: String
    package var chatID: String
    package var fromID: String
    package var toID: String
    /// The chat's epoch when it was offered: another owner makes it void.
    package var epoch: Int64
    package var summary: String?
    package var reason: String?
    package var deadline: Timestamp
    package var createdAt: Timestamp
}

extension WarmTransferRow {
    /// The columns of `warm_transfers` in the table's order.
    static let columns = [
        "workspace_id", "id", "chat_id", "from_id", "to_id", "epoch", "summary", "reason", "deadline", "created_at",
    ]

    /// Reads `warm_transfers.*`.
    init(_ row: Row) throws(StorageError) {
        self.workspaceID = try row.text(0)
        self.id = try row.text(1)
        self.chatID = try row.text(2)
        self.fromID = try row.text(3)
        self.toID = try row.text(4)
        self.epoch = try row.int(5)
        self.summary = try row.optionalText(6)
        self.reason = try row.optionalText(7)
        self.deadline = try row.timestamp(8)
        self.createdAt = try row.timestamp(9)
    }
}
