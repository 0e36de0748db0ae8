/// Which event an outbox row holds, without what it says.
package struct OutboxHead: Sendable, Hashable {
    package var workspaceID: String
    package var outboxID: Int64
    package var chatID: String?
    package var eventNo: Int64?

    package init(workspaceID: String, outboxID: Int64, chatID: String?, eventNo: Int64?) {
        self.workspaceID = workspaceID
        self.outboxID = outboxID
        self.chatID = chatID
        self.eventNo = eventNo
    }

    /// Reads `workspace_id, id, chat_id, event_no`.
    init(_ row: Row) throws(StorageError) {
        self.workspaceID = try row.text(0)
        self.outboxID = try row.int(1)
        self.chatID = try row.optionalText(2)
        self.eventNo = try row.optionalInt(3)
    }
}
