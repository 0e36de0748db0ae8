internal import Assignment
internal import Storage

enum Keys {
    static func findAPIKey(_ transaction: Transaction, hash: String) throws(StorageError) -> APIKeyRecord? {
        try self.present(transaction, hash: hash)
        return try transaction.query(
            "select workspace_id, id::text, name, scopes from api_keys where hash = $1 and revoked_at is null",
            [.text(hash)]
        ).first.map { row throws(StorageError) in try Self.apiKey(row) }
    }

    static func findWidgetKey(_ transaction: Transaction, hash: String) throws(StorageError) -> WidgetKeyRecord? {
        try self.present(transaction, hash: hash)
        return try transaction.query(
            "select workspace_id, id::text, origins is null, coalesce(origins, '{}') from widget_keys where hash = $1 and revoked_at is null",
            [.text(hash)]
        ).first.map { row throws(StorageError) in try Self.widgetKey(row) }
    }

    static func workspaces(_ transaction: Transaction) throws(StorageError) -> [String] {
        try transaction.query("select set_config('app.directory', 'on', true)")
        var names: [String] = []
        for row in try transaction.query("select workspace_id from workspaces order by 1") { names.append(try row.text(0)) }
        return names
    }

    static func apiKeys(_ transaction: Transaction) throws(StorageError) -> [(hash: String, key: APIKeyRecord)] {
        var keys: [(hash: String, key: APIKeyRecord)] = []
        for row in try transaction.query(
            "select workspace_id, id::text, name, scopes, hash from api_keys where revoked_at is null"
        ) {
            keys.append((try row.text(4), try Self.apiKey(row)))
        }
        return keys
    }

    static func widgetKeys(_ transaction: Transaction) throws(StorageError) -> [(hash: String, key: WidgetKeyRecord)] {
        var keys: [(hash: String, key: WidgetKeyRecord)] = []
        for row in try transaction.query(
            "select workspace_id, id::text, origins is null, coalesce(origins, '{}'), hash from widget_keys where revoked_at is null"
        ) {
            keys.append((try row.text(4), try Self.widgetKey(row)))
        }
        return keys
    }

    private static func present(_ transaction: Transaction, hash: String) throws(StorageError) {
        try transaction.query("select set_config('app.credential', $1, true)", [.text(hash)])
    }

    private static func apiKey(_ row: Row) throws(StorageError) -> APIKeyRecord {
        APIKeyRecord(
            id: try row.text(1), workspace: try row.text(0), name: try row.text(2),
            scopes: Set(try row.texts(3).compactMap(Scope.init(rawValue:)))
        )
    }

    private static func widgetKey(_ row: Row) throws(StorageError) -> WidgetKeyRecord {
        WidgetKeyRecord(
            id: try row.text(1), workspace: try row.text(0), origins: try row.bool(2) ? nil : try row.texts(3)
        )
    }
}

enum Workspaces {
    static func ensure(_ transaction: Transaction, _ workspace: String) throws(StorageError) {
        try transaction.execute(
            "insert into workspaces (workspace_id) values ($1) on conflict do nothing", [.text(workspace)]
        )
    }
}
