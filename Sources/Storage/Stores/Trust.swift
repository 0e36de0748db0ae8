package import Assignment

/// Whose tokens are taken besides the install's own, and which are void.
package enum Trust {
    /// Everything of the workspaces in scope.
    package struct Rows: Sendable {
        package var keys: [VerificationKeyRow]
        package var keySets: [KeySetRow]
        package var revocations: [RevocationRow]
    }

    /// A text that is another one after anything here has changed.
    package static func fingerprint(_ transaction: Transaction) throws(StorageError) -> String {
        try transaction.one(
            """
            select concat_ws(' ',
                (select count(*) || ':' || coalesce(sum(revision), 0) from workspace_revisions),
                (select count(*) || ':' || coalesce(max(id), 0) from revocations),
                (select count(*) || ':' || coalesce(max(fetched_at)::text, '') from key_sets))
            """
        ).text(0)
    }

    package static func rows(_ transaction: Transaction) throws(StorageError) -> Rows {
        var result = Rows(keys: [], keySets: try self.keySets(transaction), revocations: [])
        let keys = try transaction.query(
            "select workspace_id, kid, algorithm, material, issuer, audience from verification_keys order by 1, 2")
        for row in keys { result.keys.append(try VerificationKeyRow(row)) }
        let revocations = try transaction.query(
            "select workspace_id, jti, subject, role, issued_until from revocations order by id")
        for row in revocations { result.revocations.append(try RevocationRow(row)) }
        return result
    }

    // MARK: Keys

    package static func keys(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [VerificationKeyRow] {
        let rows = try transaction.query(
            """
            select workspace_id, kid, algorithm, material, issuer, audience from verification_keys
            where workspace_id = $1 order by kid
            """,
            [.text(workspace)])
        var keys: [VerificationKeyRow] = []
        for row in rows { keys.append(try VerificationKeyRow(row)) }
        return keys
    }

    /// Files a key in the place of whatever had its name.
    package static func set(_ transaction: Transaction, _ key: VerificationKeyRow) throws(StorageError) {
        try transaction.execute(
            """
            insert into verification_keys (workspace_id, kid, algorithm, material, issuer, audience)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (workspace_id, kid) do update set
                algorithm = excluded.algorithm, material = excluded.material, issuer = excluded.issuer,
                audience = excluded.audience, created_at = clock_timestamp()
            """,
            [
                .text(key.workspaceID), .text(key.id), .text(key.algorithm), .text(key.material), .text(key.issuer),
                .text(key.audience),
            ])
    }

    package static func removeKey(
        _ transaction: Transaction, _ workspace: String, id: String
    ) throws(StorageError) {
        try transaction.execute(
            "delete from verification_keys where workspace_id = $1 and kid = $2", [.text(workspace), .text(id)])
    }

    // MARK: Revocations

    /// Voids one token.
    package static func revoke(
        _ transaction: Transaction, _ workspace: String, tokenID: String
    ) throws(StorageError) {
        try transaction.execute(
            "insert into revocations (workspace_id, jti) values ($1, $2)", [.text(workspace), .text(tokenID)])
    }

    /// Voids what a subject was issued up to an instant (nil: up to now).
    ///
    /// - Returns: the instant up to which tokens are void.
    @discardableResult
    package static func revoke(
        _ transaction: Transaction, _ workspace: String, subject: String, role: Role? = nil,
        issuedUntil: Timestamp? = nil
    ) throws(StorageError) -> Timestamp {
        try transaction.one(
            """
            insert into revocations (workspace_id, subject, role, issued_until)
            values ($1, $2, $3, coalesce($4::timestamptz, clock_timestamp())) returning issued_until
            """,
            [.text(workspace), .text(subject), .text(role?.rawValue), .timestamp(issuedUntil)]
        ).timestamp(0)
    }
}

// MARK: - Key sets

extension Trust {
    private static func keySets(_ transaction: Transaction) throws(StorageError) -> [KeySetRow] {
        let rows = try transaction.query(
            "select workspace_id, url, issuer, audience, document from key_sets order by workspace_id")
        var sets: [KeySetRow] = []
        for row in rows { sets.append(try KeySetRow(row)) }
        return sets
    }

    package static func keySet(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> KeySetRow? {
        let rows = try transaction.query(
            "select workspace_id, url, issuer, audience, document from key_sets where workspace_id = $1",
            [.text(workspace)])
        guard let row = rows.first else { return nil }
        return try KeySetRow(row)
    }

    /// Sets where the keys of a workspace come from. What came from another address is forgotten.
    package static func set(_ transaction: Transaction, _ set: KeySetRow) throws(StorageError) {
        try transaction.execute(
            """
            insert into key_sets as k (workspace_id, url, issuer, audience) values ($1, $2, $3, $4)
            on conflict (workspace_id) do update set
                url = excluded.url, issuer = excluded.issuer, audience = excluded.audience, failures = 0,
                document = case when k.url = excluded.url then k.document end,
                fetched_at = case when k.url = excluded.url then k.fetched_at end,
                attempted_at = case when k.url = excluded.url then k.attempted_at end
            """,
            [.text(set.workspaceID), .text(set.url), .text(set.issuer), .text(set.audience)])
    }

    package static func removeKeySet(_ transaction: Transaction, _ workspace: String) throws(StorageError) {
        try transaction.execute("delete from key_sets where workspace_id = $1", [.text(workspace)])
    }

    /// Workspaces of the scope whose set is to be fetched again: never tried, or not for `interval`; after a failure not
    /// for `retry` milliseconds.
    package static func dueKeySets(
        _ transaction: Transaction, interval: Int64, retry: Int64
    ) throws(StorageError) -> [String] {
        let rows = try transaction.query(
            """
            select workspace_id from key_sets where attempted_at is null or attempted_at < clock_timestamp()
                - case when failures > 0 then $2 else $1 end * interval '1 millisecond'
            order by attempted_at nulls first limit 100
            """,
            [.int(interval), .int(retry)])
        var workspaces: [String] = []
        for row in rows { workspaces.append(try row.text(0)) }
        return workspaces
    }

    /// Takes the fetching of a workspace's set upon oneself.
    ///
    /// - Parameter pause: milliseconds since the last attempt within which nobody asks again.
    /// - Returns: the address; nil where somebody has tried within the pause, or there is no set.
    package static func claimFetch(
        _ transaction: Transaction, _ workspace: String, pause: Int64
    ) throws(StorageError) -> String? {
        try transaction.query(
            """
            update key_sets set attempted_at = clock_timestamp()
            where workspace_id = $1 and (attempted_at is null
                or attempted_at < clock_timestamp() - $2 * interval '1 millisecond')
            returning url
            """,
            [.text(workspace), .int(pause)]
        ).first?.text(0)
    }

    /// Files what came from `url`, unless the workspace's keys come from elsewhere by now. nil: nothing came, and what
    /// was known goes on being known.
    package static func fetched(
        _ transaction: Transaction, _ workspace: String, url: String, document: String?
    ) throws(StorageError) {
        try transaction.execute(
            """
            update key_sets set
                document = coalesce($3::text, document),
                fetched_at = case when $3::text is null then fetched_at else clock_timestamp() end,
                failures = case when $3::text is null then failures + 1 else 0 end
            where workspace_id = $1 and url = $2
            """,
            [.text(workspace), .text(url), .text(document)])
    }
}

extension VerificationKeyRow {
    /// Reads `workspace_id, kid, algorithm, material, issuer, audience`.
    init(_ row: Row) throws(StorageError) {
        self.init(
            workspaceID: try row.text(0), id: try row.text(1), algorithm: try row.text(2), material: try row.text(3),
            issuer: try row.optionalText(4), audience: try row.optionalText(5))
    }
}

extension KeySetRow {
    /// Reads `workspace_id, url, issuer, audience, document`.
    init(_ row: Row) throws(StorageError) {
        self.init(
            workspaceID: try row.text(0), url: try row.text(1), issuer: try row.optionalText(2),
            audience: try row.optionalText(3), document: try row.optionalText(4))
    }
}

extension RevocationRow {
    /// Reads `workspace_id, jti, subject, role, issued_until`.
    init(_ row: Row) throws(StorageError) {
        self.workspaceID = try row.text(0)
        if let id = try row.optionalText(1) {
            self.subject = .token(id: id)
        } else {
            self.subject = .subject(
                try row.text(2), role: try row.optionalText(3).flatMap(Role.init(rawValue:)),
                issuedUntil: try row.timestamp(4))
        }
    }
}
