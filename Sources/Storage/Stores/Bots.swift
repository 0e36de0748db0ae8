package import Assignment

/// Bots: `ai` principals that own chats.
package enum Bots {
    /// Makes the bot exist and marks it as seen.
    package static func seen(
        _ transaction: Transaction, _ workspace: String, _ bot: Participant
    ) throws(StorageError) {
        try transaction.execute(
            """
            insert into bots as b (workspace_id, id, name) values ($1, $2, $3)
            on conflict (workspace_id, id) do update set
                name = coalesce(excluded.name, b.name), last_seen_at = clock_timestamp(), grace_until = null
            """,
            [.text(workspace), .text(bot.id), .text(bot.name)])
    }

    /// Bots with a live socket that has scope `messaging` and takes chats: fewest owned chats first, then longest idle,
    /// then by id.
    package static func live(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [LiveBot] {
        let rows = try transaction.query(
            """
            select b.id, b.name, owned.chats, b.last_assigned_at
            from bots b cross join lateral (
                select count(*) as chats from chats c
                where c.workspace_id = b.workspace_id and c.owner_role = 'ai' and c.owner_id = b.id
                    and c.status = 'bot') owned
            where b.workspace_id = $1 and exists (
                select from presence_leases l
                where l.workspace_id = $1 and l.role = 'ai' and l.subject = b.id and l.takes_chats
                    and 'messaging' = any (l.scopes) and l.expires_at > clock_timestamp())
            order by owned.chats, b.last_assigned_at nulls first, b.id
            """,
            [.text(workspace)])
        var bots: [LiveBot] = []
        for row in rows {
            bots.append(
                LiveBot(
                    bot: Participant(role: .ai, id: try row.text(0), name: try row.optionalText(1)),
                    ownedChats: Int(clamping: try row.int(2)),
                    lastAssignedAt: try row.optionalTimestamp(3)))
        }
        return bots
    }

    /// Whether a bot of that name was ever seen.
    package static func isKnown(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> Bool {
        try !transaction.query(
            "select 1 from bots where workspace_id = $1 and id = $2", [.text(workspace), .text(id)]
        ).isEmpty
    }

    /// The bot was given a chat: it is the least idle now.
    package static func markAssigned(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) {
        try transaction.execute(
            "update bots set last_assigned_at = clock_timestamp() where workspace_id = $1 and id = $2",
            [.text(workspace), .text(id)])
    }
}
