/// Which suggestions a commercial was given, so that what they say of one is about one that they were given.
package enum Suggestions {
    /// What a commercial made of a suggestion.
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case used
        case edited
        case ignored
    }

    /// A suggestion that somebody was given.
    package struct Given: Sendable, Hashable {
        package var bot: String
        /// The visitor's message that it answers.
        package var forSeq: Int64
        /// What they said of it before.
        package var outcome: Outcome?
    }

    /// Notes that a commercial is given suggestions; the same id again is the newer one.
    package static func give(
        _ transaction: Transaction, _ chat: ChatRow, to commercial: String, by bot: String, ids: [String],
        forSeq: Int64
    ) throws(StorageError) {
        try transaction.execute(
            """
            insert into suggestions as s (workspace_id, chat_id, commercial_id, id, bot_id, for_seq)
            select distinct $1, $2::uuid, $3, id, $4, $5::bigint from unnest($6::text[]) id
            on conflict (workspace_id, chat_id, commercial_id, id) do update set
                bot_id = excluded.bot_id, for_seq = excluded.for_seq, given_at = excluded.given_at, outcome = null
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .text(commercial), .text(bot), .int(forSeq), .texts(ids),
            ])
    }

    /// Notes what a commercial made of a suggestion; what they said first stands.
    ///
    /// - Returns: The suggestion as it was before; nil where they were not given it.
    package static func answer(
        _ transaction: Transaction, _ chat: ChatRow, by commercial: String, id: String, _ outcome: Outcome
    ) throws(StorageError) -> Given? {
        let key: [SQLValue] = [.text(chat.workspaceID), .text(chat.id), .text(commercial), .text(id)]
        let rows = try transaction.query(
            """
            select bot_id, for_seq, outcome from suggestions
            where workspace_id = $1 and chat_id = $2::uuid and commercial_id = $3 and id = $4 for update
            """, key)
        guard let row = rows.first else { return nil }
        let given = Given(bot: try row.text(0), forSeq: try row.int(1), outcome: try row.optionalWord(2))
        if given.outcome == nil {
            try transaction.execute(
                """
                update suggestions set outcome = $5
                where workspace_id = $1 and chat_id = $2::uuid and commercial_id = $3 and id = $4
                """, key + [.text(outcome.rawValue)])
        }
        return given
    }

    /// Removes what was given more than thirty days ago, in every workspace of the scope.
    package static func prune(_ transaction: Transaction) throws(StorageError) {
        try transaction.execute(
            "delete from suggestions where given_at < statement_timestamp() - interval '30 days'")
    }
}
