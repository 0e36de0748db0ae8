/// What commercials can do, and how a workspace tells that it was set anew.
package enum Profiles {
    /// A commercial as the command line sets them up.
    package struct Member: Sendable, Hashable {
        package var id: String
        package var cap: Int
        package var queues: Set<String>
        package var profile: CommercialProfile
        /// The address of a picture that visitors are shown, over https.
        package var avatarURL: String?

        package init(
            id: String, cap: Int, queues: Set<String>, profile: CommercialProfile, avatarURL: String? = nil
        ) {
            self.id = id
            self.cap = cap
            self.queues = queues
            self.profile = profile
            self.avatarURL = avatarURL
        }
    }

    /// Makes one applying at a time in a workspace, until the end of the transaction.
    package static func lock(_ transaction: Transaction, _ workspace: String) throws(StorageError) {
        try transaction.query(
            "select pg_advisory_xact_lock(hashtextextended('puente.apply.' || $1::text, 0))", [.text(workspace)])
    }

    /// The commercials of a workspace as they are set up now, by id; people who supervise are not among them.
    package static func members(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [Member] {
        let rows = try transaction.query(
            """
            select m.id, m.cap, m.queues, coalesce(p.languages, '{}'), coalesce(p.skills, '{}'),
                coalesce(p.skill_levels, '{}'), coalesce(p.tier_queues, '{}'), coalesce(p.tiers, '{}'), m.avatar_url,
                p.min_gap_ms
            from commercials m left join commercial_profiles p
                on p.workspace_id = m.workspace_id and p.commercial_id = m.id
            where m.workspace_id = $1 and m.role = 'commercial' order by m.id
            """,
            [.text(workspace)])
        var members: [Member] = []
        for row in rows {
            let profile = CommercialProfile(
                languages: Set(try row.texts(3)), skills: Dictionary(keys: try row.texts(4), values: try row.ints(5)),
                tiers: Dictionary(keys: try row.texts(6), values: try row.ints(7)),
                minGapMilliseconds: try row.optionalInt(9))
            members.append(
                Member(
                    id: try row.text(0), cap: Int(clamping: try row.int(1)), queues: Set(try row.texts(2)),
                    profile: profile, avatarURL: try row.optionalText(8)))
        }
        return members
    }

    /// Makes the commercial what `member` says, whether they were ever seen or not. What they carry above their new cap
    /// counts as `extra`; what they declared stays.
    ///
    /// - Returns: nil for somebody who supervises: they take chats over, and nobody gives them any.
    package static func set(
        _ transaction: Transaction, _ workspace: String, _ member: Member
    ) throws(StorageError) -> CommercialRow? {
        let changed = try transaction.execute(
            """
            insert into commercials as m (workspace_id, id, cap, queues, avatar_url) values ($1, $2, $3, $4, $5)
            on conflict (workspace_id, id) do update set
                cap = excluded.cap, extra = greatest(0, m.load - excluded.cap), queues = excluded.queues,
                avatar_url = excluded.avatar_url
            where m.role = 'commercial'
            """,
            [
                .text(workspace), .text(member.id), .int(member.cap), .texts(member.queues.sorted()),
                .text(member.avatarURL),
            ])
        guard changed == 1 else { return nil }
        let (skills, tiers) = (member.profile.skills.sideBySide, member.profile.tiers.sideBySide)
        try transaction.execute(
            """
            insert into commercial_profiles (
                workspace_id, commercial_id, languages, skills, skill_levels, tier_queues, tiers, min_gap_ms)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (workspace_id, commercial_id) do update set
                languages = excluded.languages, skills = excluded.skills, skill_levels = excluded.skill_levels,
                tier_queues = excluded.tier_queues, tiers = excluded.tiers, min_gap_ms = excluded.min_gap_ms
            """,
            [
                .text(workspace), .text(member.id), .texts(member.profile.languages.sorted()), skills.keys,
                skills.values, tiers.keys, tiers.values, .int(member.profile.minGapMilliseconds),
            ])
        return try Commercials.find(transaction, workspace, member.id)
    }

    /// Tells running gateways that the workspace was set anew.
    package static func bumpRevision(_ transaction: Transaction, _ workspace: String) throws(StorageError) {
        try transaction.execute(
            """
            insert into workspace_revisions as r (workspace_id) values ($1)
            on conflict (workspace_id) do update set revision = r.revision + 1, applied_at = clock_timestamp()
            """,
            [.text(workspace)])
    }

    /// How often each workspace of the scope was set.
    package static func revisions(_ transaction: Transaction) throws(StorageError) -> [String: Int64] {
        var revisions: [String: Int64] = [:]
        for row in try transaction.query("select workspace_id, revision from workspace_revisions") {
            revisions[try row.text(0)] = try row.int(1)
        }
        return revisions
    }
}
