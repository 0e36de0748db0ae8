package import Assignment

/// Fields, deadlines and lists of a locked chat.
extension Chats {
    /// Writes changed fields and counts the version.
    ///
    /// - Throws: `.constraint` `chats_metadata_size` where the merged metadata would exceed 16 KB.
    package static func update(
        _ transaction: Transaction, _ chat: ChatRow, _ changes: ChatChanges
    ) throws(StorageError) -> ChatRow {
        let skills = changes.skills?.sideBySide
        let rows = try transaction.query(
            """
            update chats set
                priority = coalesce($4::text, priority),
                queue = coalesce($5::text, queue),
                language = coalesce($6::text, language),
                assumed_language = case when $6::text is null then assumed_language end,
                ai_status = coalesce($7::text, ai_status),
                tags = coalesce($8::text[], tags),
                metadata = case when $9::jsonb is null then metadata else jsonb_merge_patch(metadata, $9::jsonb) end,
                route_key = coalesce($10::timestamptz, route_key),
                escalation_reason = coalesce($11::text, escalation_reason),
                escalated_at = case when $11::text is null then escalated_at else clock_timestamp() end,
                auto_escalations = auto_escalations + $12::boolean::integer,
                -- In another line what was told of this one means nothing.
                told_position = case when $5::text is null then told_position end,
                told_eta_s = case when $5::text is null then told_eta_s end,
                told_p90_s = case when $5::text is null then told_p90_s end,
                -- Nor have its rounds of offers begun.
                tried_commercials = case when $5::text is null then tried_commercials else '{}' end,
                offer_round = case when $5::text is null then offer_round else 1 end,
                offers_rest_until = case when $5::text is null then offers_rest_until end,
                overflow_steps = case when $5::text is null then overflow_steps else 0 end,
                skills = coalesce($13::text[], skills),
                skill_levels = coalesce($14::bigint[], skill_levels),
                version = version + 1,
                updated_at = clock_timestamp()
            where workspace_id = $1 and id = $2::uuid and version = $3
            returning clock_timestamp(), chats.*
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .int(chat.version), .text(changes.priority?.rawValue),
                .text(changes.queue), .text(changes.language), .text(changes.aiStatus),
                changes.tags.map { .texts($0) } ?? .null, .text(changes.metadataPatch?.text),
                .timestamp(changes.routeKey), .text(changes.escalationReason), .bool(changes.countsEscalation),
                skills?.keys ?? .null, skills?.values ?? .null,
            ])
        return try self.changed(rows)
    }

    /// The owning bot types: its deadline moves by `milliseconds`, the first time only. Needs no lock before.
    ///
    /// - Returns: The new deadline, or nil where nothing was to be moved.
    package static func extendBotDeadline(
        _ transaction: Transaction, _ workspace: String, _ id: String, bot: String, byMilliseconds milliseconds: Int64
    ) throws(StorageError) -> Timestamp? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            """
            update chats set
                bot_deadline = bot_deadline + $4 * interval '1 millisecond', bot_deadline_moved = true
            where workspace_id = $1 and id = $2::uuid and status = 'bot' and owner_id = $3
                and bot_deadline is not null and not bot_deadline_moved
            returning bot_deadline
            """,
            [.text(workspace), .text(id), .text(bot), .int(milliseconds)])
        return try rows.first?.timestamp(0)
    }

    /// Chats whose bot's time is up, in every workspace of the scope: the sweeper takes one transaction each.
    package static func dueBots(
        _ transaction: Transaction, limit: Int = 100
    ) throws(StorageError) -> [(workspace: String, id: String)] {
        // Everything that looks for what is due compares with statement_timestamp(): it stands still during the
        // statement, so that it bounds the scan of the index, which clock_timestamp() does not.
        try transaction.named(
            """
            select workspace_id, id from chats where bot_deadline <= statement_timestamp()
            order by bot_deadline limit $1
            """,
            [.int(limit)])
    }
}
