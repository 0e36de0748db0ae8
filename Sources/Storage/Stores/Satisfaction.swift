/// What visitors say of a chat that is over: once, from 1 to 5, with a few words if they like.
package enum Satisfaction {
    /// Whether a workspace asks its visitors.
    package struct Settings: Sendable, Hashable {
        /// How long a visitor may answer.
        package var windowMilliseconds: Int64
        /// Where else they may answer; `{chatId}` stands for the chat.
        package var url: String?

        package init(windowMilliseconds: Int64, url: String? = nil) {
            self.windowMilliseconds = windowMilliseconds
            self.url = url
        }
    }

    /// - Returns: nil where nobody is asked.
    package static func settings(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> Settings? {
        let rows = try transaction.query(
            "select csat_window_ms, csat_url from workspace_settings where workspace_id = $1", [.text(workspace)])
        guard let row = rows.first, let window = try row.optionalInt(0) else { return nil }
        return Settings(windowMilliseconds: window, url: try row.optionalText(1))
    }

    /// - Parameter settings: nil asks nobody any more.
    package static func set(
        _ transaction: Transaction, _ workspace: String, _ settings: Settings?
    ) throws(StorageError) {
        try transaction.execute(
            """
            insert into workspace_settings (workspace_id, csat_window_ms, csat_url) values ($1, $2, $3)
            on conflict (workspace_id) do update set
                csat_window_ms = excluded.csat_window_ms, csat_url = excluded.csat_url
            """,
            [.text(workspace), .int(settings?.windowMilliseconds), .text(settings?.url)])
    }

    /// The visitor of a locked chat is asked, and may answer for so long.
    package static func ask(
        _ transaction: Transaction, _ chat: ChatRow, windowMilliseconds milliseconds: Int64
    ) throws(StorageError) -> ChatRow {
        let rows = try transaction.query(
            """
            update chats set csat_until = clock_timestamp() + $3 * interval '1 millisecond'
            where workspace_id = $1 and id = $2::uuid
            returning clock_timestamp(), chats.*
            """,
            [.text(chat.workspaceID), .text(chat.id), .int(milliseconds)])
        return try Chats.changed(rows)
    }

    /// The answer of a locked chat's visitor.
    package static func answer(
        _ transaction: Transaction, _ chat: ChatRow, score: Int, comment: String?
    ) throws(StorageError) -> ChatRow {
        let rows = try transaction.query(
            """
            update chats set
                csat_score = $3, csat_comment = $4, csat_at = clock_timestamp(), version = version + 1,
                updated_at = clock_timestamp()
            where workspace_id = $1 and id = $2::uuid
            returning clock_timestamp(), chats.*
            """,
            [.text(chat.workspaceID), .text(chat.id), .int(score), .text(comment)])
        return try Chats.changed(rows)
    }

    /// The chats of a visitor about which they were asked, have not answered and still may, newest first.
    package static func pending(
        _ transaction: Transaction, _ workspace: String, visitor: String, limit: Int = 5
    ) throws(StorageError) -> [ChatRow] {
        let rows = try transaction.query(
            """
            select clock_timestamp(), c.* from chats c
            where c.workspace_id = $1 and c.visitor_id = $2 and c.csat_at is null and c.csat_until > clock_timestamp()
                and c.status in ('closed', 'wrapup')
            order by c.csat_until desc, c.id limit $3
            """,
            [.text(workspace), .text(visitor), .int(limit)])
        var chats: [ChatRow] = []
        for row in rows { chats.append(try ChatRow(row)) }
        return chats
    }
}
