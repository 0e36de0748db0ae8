extension Keys {
    /// A valid key with the hash that whoever presents it is found by.
    package struct Listed<Key: Sendable>: Sendable {
        package var hash: String
        package var key: Key
    }

    /// All live API keys of the workspaces in scope.
    package static func liveAPIKeys(_ transaction: Transaction) throws(StorageError) -> [Listed<APIKeyRow>] {
        let rows = try transaction.query(
            """
            select workspace_id, id, name, scopes, created_at, revoked_at, hash from api_keys
            where revoked_at is null order by workspace_id, created_at
            """)
        var keys: [Listed<APIKeyRow>] = []
        for row in rows { keys.append(Listed(hash: try row.text(6), key: try APIKeyRow(row))) }
        return keys
    }

    /// All live widget keys of the workspaces in scope: their lists together decide who may knock without a key.
    package static func liveWidgetKeys(_ transaction: Transaction) throws(StorageError) -> [Listed<WidgetKeyRow>] {
        let rows = try transaction.query(
            """
            select workspace_id, id, origins is null, coalesce(origins, '{}'), created_at, revoked_at, hash
            from widget_keys where revoked_at is null order by workspace_id, created_at
            """)
        var keys: [Listed<WidgetKeyRow>] = []
        for row in rows { keys.append(Listed(hash: try row.text(6), key: try WidgetKeyRow(row))) }
        return keys
    }
}
