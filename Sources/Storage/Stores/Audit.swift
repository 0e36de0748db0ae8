package import Assignment

/// Who did what. Moves of chats write their own rows.
package enum Audit {
    /// - Parameter detail: A JSON object; no message text, tokens or keys.
    package static func append(
        _ transaction: Transaction, _ workspace: String, actor: Participant, action: String, chatID: String? = nil,
        detail: JSONText = .emptyObject
    ) throws(StorageError) {
        try transaction.execute(
            """
            insert into audit (workspace_id, actor_role, actor_id, action, chat_id, detail)
            values ($1, $2, $3, $4, $5::uuid, $6::jsonb)
            """,
            [
                .text(workspace), .text(actor.role.rawValue), .text(actor.id), .text(action), .text(chatID),
                .json(detail),
            ])
    }

    /// Whether a bot had the chat at any time.
    package static func hadChat(
        _ transaction: Transaction, _ chat: ChatRow, bot: String
    ) throws(StorageError) -> Bool {
        let rows = try transaction.query(
            """
            select 1 from audit
            where workspace_id = $1 and chat_id = $2::uuid and action in ('chat.created', 'chat.moved')
                and detail ->> 'ownerRole' = 'ai' and detail ->> 'owner' = $3
            limit 1
            """,
            [.text(chat.workspaceID), .text(chat.id), .text(bot)])
        return !rows.isEmpty
    }
}
