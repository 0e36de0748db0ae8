package import Assignment

/// Flows that a bot started for a visitor.
package enum Flows {
    /// A flow about to start.
    package struct New: Sendable, Hashable {
        package var visitorID: String
        package var chatID: String?
        package var strategy: String
        package var probability: Double?
        package var action: String
        package var by: Participant
        package var ttlMilliseconds: Int64?

        package init(
            visitorID: String, chatID: String? = nil, strategy: String, probability: Double? = nil, action: String,
            by: Participant, ttlMilliseconds: Int64? = nil
        ) {
            self.visitorID = visitorID
            self.chatID = chatID
            self.strategy = strategy
            self.probability = probability
            self.action = action
            self.by = by
            self.ttlMilliseconds = ttlMilliseconds
        }
    }

    /// Starts a flow unless the visitor had one of the same strategy within `milliseconds`.
    ///
    /// - Returns: The flow's id, and whether it started now.
    package static func start(
        _ transaction: Transaction, _ workspace: String, _ new: New, oncePer milliseconds: Int64 = 1_800_000
    ) throws(StorageError) -> (id: String, isNew: Bool) {
        let id = try OnceGuards.newID(transaction)
        let holder = try OnceGuards.take(
            transaction, workspace, key: "flow:\(new.strategy):\(new.visitorID)", holder: id,
            milliseconds: milliseconds)
        if let holder { return (holder, false) }
        try transaction.execute(
            """
            insert into flows (
                workspace_id, id, visitor_id, chat_id, strategy, probability, action, started_by, expires_at)
            values ($1, $2::uuid, $3, $4::uuid, $5, $6, $7, $8,
                clock_timestamp() + $9::bigint * interval '1 millisecond')
            """,
            [
                .text(workspace), .text(id), .text(new.visitorID), .text(new.chatID), .text(new.strategy),
                .double(new.probability), .text(new.action), .text(new.by.id), .int(new.ttlMilliseconds),
            ])
        return (id, true)
    }

    /// What a flow came to: the chat that it is about, and its action.
    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> (chatID: String?, action: String)? {
        let rows = try transaction.query(
            "select chat_id, action from flows where workspace_id = $1 and id = $2::uuid",
            [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return (try row.optionalText(0), try row.text(1))
    }
}
