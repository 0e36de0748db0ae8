package import Assignment

/// Credentials: API keys, widget keys, and the install's signing key. Keys come as the lower-case hexadecimal SHA-256.
package enum Keys {
    /// Under which scope the install's own signing key is filed: `WorkspaceScope.workspace(Keys.installScope)`.
    package static let installScope = "*"

    /// - Throws: `.constraint` `api_keys_name` where a live key of that name exists.
    package static func createAPIKey(
        _ transaction: Transaction, _ workspace: String, name: String, hash: String, scopes: [Scope]
    ) throws(StorageError) -> APIKeyRow {
        let row = try transaction.one(
            """
            insert into api_keys (workspace_id, name, hash, scopes) values ($1, $2, $3, $4::text[])
            returning workspace_id, id, name, scopes, created_at, revoked_at
            """,
            [.text(workspace), .text(name), .text(hash), .texts(scopes.map(\.rawValue))])
        return try APIKeyRow(row)
    }

    /// The live API key with this hash, in whichever workspace. Runs under `WorkspaceScope.none`.
    package static func apiKey(
        _ transaction: Transaction, presenting hash: String
    ) throws(StorageError) -> APIKeyRow? {
        try self.present(transaction, hash)
        let rows = try transaction.query(
            """
            select workspace_id, id, name, scopes, created_at, revoked_at from api_keys
            where hash = $1 and revoked_at is null order by created_at limit 1
            """,
            [.text(hash)])
        try self.present(transaction, "")
        guard let row = rows.first else { return nil }
        return try APIKeyRow(row)
    }

    /// - Returns: Whether a live key of that name was there.
    package static func revokeAPIKey(
        _ transaction: Transaction, _ workspace: String, name: String
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            update api_keys set revoked_at = clock_timestamp()
            where workspace_id = $1 and name = $2 and revoked_at is null
            """,
            [.text(workspace), .text(name)]) > 0
    }

    /// Files a widget key, or gives back the one with this hash: creating the demo's key twice changes nothing.
    package static func createWidgetKey(
        _ transaction: Transaction, _ workspace: String, hash: String, origins: [String]?
    ) throws(StorageError) -> WidgetKeyRow {
        try transaction.execute(
            """
            insert into widget_keys (workspace_id, hash, origins) values ($1, $2, $3::text[])
            on conflict (workspace_id, hash) do nothing
            """,
            [.text(workspace), .text(hash), origins.map { .texts($0) } ?? .null])
        let row = try transaction.one(
            """
            select workspace_id, id, origins is null, coalesce(origins, '{}'), created_at, revoked_at
            from widget_keys where workspace_id = $1 and hash = $2
            """,
            [.text(workspace), .text(hash)])
        return try WidgetKeyRow(row)
    }

    /// The live widget key with this hash, in whichever workspace. Runs under `WorkspaceScope.none`.
    package static func widgetKey(
        _ transaction: Transaction, presenting hash: String
    ) throws(StorageError) -> WidgetKeyRow? {
        try self.present(transaction, hash)
        let rows = try transaction.query(
            """
            select workspace_id, id, origins is null, coalesce(origins, '{}'), created_at, revoked_at
            from widget_keys where hash = $1 and revoked_at is null order by created_at limit 1
            """,
            [.text(hash)])
        try self.present(transaction, "")
        guard let row = rows.first else { return nil }
        return try WidgetKeyRow(row)
    }

    /// The live widget key that an anonymous visitor's token names (claim `wk`).
    package static func widgetKey(
        _ transaction: Transaction, _ workspace: String, id: String
    ) throws(StorageError) -> WidgetKeyRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            """
            select workspace_id, id, origins is null, coalesce(origins, '{}'), created_at, revoked_at
            from widget_keys where workspace_id = $1 and id = $2::uuid and revoked_at is null
            """,
            [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try WidgetKeyRow(row)
    }

    /// - Returns: Whether it was live.
    package static func revokeWidgetKey(
        _ transaction: Transaction, _ workspace: String, id: String
    ) throws(StorageError) -> Bool {
        guard CanonicalUUID.matches(id) else { return false }
        return try transaction.execute(
            """
            update widget_keys set revoked_at = clock_timestamp()
            where workspace_id = $1 and id = $2::uuid and revoked_at is null
            """,
            [.text(workspace), .text(id)]) > 0
    }

    /// The install's signing secret. The first of any number that ask at once files its `proposal`; all get the same.
    ///
    /// Runs under `WorkspaceScope.workspace(Keys.installScope)`.
    package static func signingSecret(
        _ transaction: Transaction, proposal: [UInt8]
    ) throws(StorageError) -> [UInt8] {
        try transaction.execute(
            """
            insert into signing_keys (workspace_id, secret) values ($1, $2)
            on conflict (workspace_id) where retired_at is null do nothing
            """,
            [.text(self.installScope), .bytes(proposal)])
        return try transaction.one(
            "select secret from signing_keys where workspace_id = $1 and retired_at is null",
            [.text(self.installScope)]
        ).bytes(0)
    }

    private static func present(_ transaction: Transaction, _ hash: String) throws(StorageError) {
        try transaction.query("select set_config('app.credential', $1, true)", [.text(hash)])
    }
}
