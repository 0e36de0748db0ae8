package import Assignment

extension Audit {
    /// One row, as it is shown.
    package struct Entry: Sendable, Hashable {
        package var id: Int64
        package var at: Timestamp
        package var actor: String
        package var actorRole: String
        package var action: String
        package var chatID: String?
        package var detail: JSONText
    }

    /// What is asked for; nil and empty ask for everything.
    package struct Query: Sendable, Hashable {
        package var chatID: String?
        package var actor: String?
        /// What the action begins with, such as `chat.`.
        package var action: String?
        package var since: Timestamp?
        package var limit: Int

        package init(
            chatID: String? = nil, actor: String? = nil, action: String? = nil, since: Timestamp? = nil,
            limit: Int = 100
        ) {
            self.chatID = chatID
            self.actor = actor
            self.action = action
            self.since = since
            self.limit = limit
        }
    }

    /// The newest rows first.
    package static func entries(
        _ transaction: Transaction, _ workspace: String, _ query: Query
    ) throws(StorageError) -> [Entry] {
        guard query.chatID.map(CanonicalUUID.matches) ?? true else { return [] }
        let rows = try transaction.query(
            """
            select id, at, actor_id, actor_role, action, chat_id, detail from audit
            where workspace_id = $1 and ($2::uuid is null or chat_id = $2::uuid)
                and ($3::text is null or actor_id = $3) and ($4::text is null or starts_with(action, $4))
                and ($5::timestamptz is null or at >= $5)
            order by id desc limit $6
            """,
            [
                .text(workspace), .text(query.chatID), .text(query.actor), .text(query.action),
                .timestamp(query.since), .int(query.limit),
            ])
        var entries: [Entry] = []
        for row in rows {
            entries.append(
                Entry(
                    id: try row.int(0), at: try row.timestamp(1), actor: try row.text(2), actorRole: try row.text(3),
                    action: try row.text(4), chatID: try row.optionalText(5), detail: try row.json(6)))
        }
        return entries
    }
}
