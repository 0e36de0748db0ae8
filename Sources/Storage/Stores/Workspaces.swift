package import Assignment

/// Workspaces and their queues.
package enum Workspaces {
    /// The queue of chats whose department names no queue.
    package static let defaultQueue = "default"

    /// Makes the workspace and its default queue exist.
    package static func ensure(_ transaction: Transaction, _ workspace: String) throws(StorageError) {
        try transaction.execute(
            "insert into workspaces (workspace_id) values ($1) on conflict do nothing", [.text(workspace)])
        try self.ensureQueue(transaction, workspace, name: self.defaultQueue)
    }

    package static func exists(_ transaction: Transaction, _ workspace: String) throws(StorageError) -> Bool {
        try !transaction.query("select 1 from workspaces where workspace_id = $1", [.text(workspace)]).isEmpty
    }

    /// All workspaces of the install, for those who work for all of them. Runs under `WorkspaceScope.none`.
    package static func directory(_ transaction: Transaction) throws(StorageError) -> [String] {
        try transaction.query("select set_config('app.directory', 'on', true)")
        let rows = try transaction.query("select workspace_id from workspaces order by workspace_id")
        try transaction.query("select set_config('app.directory', '', true)")
        var workspaces: [String] = []
        for row in rows { workspaces.append(try row.text(0)) }
        return workspaces
    }

    package static func ensureQueue(
        _ transaction: Transaction, _ workspace: String, name: String
    ) throws(StorageError) {
        try transaction.execute(
            "insert into queues (workspace_id, name) values ($1, $2) on conflict do nothing",
            [.text(workspace), .text(name)])
    }

    package static func queueExists(
        _ transaction: Transaction, _ workspace: String, name: String
    ) throws(StorageError) -> Bool {
        let rows = try transaction.query(
            "select 1 from queues where workspace_id = $1 and name = $2", [.text(workspace), .text(name)])
        return !rows.isEmpty
    }

    package static func queues(_ transaction: Transaction, _ workspace: String) throws(StorageError) -> [String] {
        let rows = try transaction.query(
            "select name from queues where workspace_id = $1 order by name", [.text(workspace)])
        var names: [String] = []
        for row in rows { names.append(try row.text(0)) }
        return names
    }

    /// How many connections each workspace of the scope may have on a node; without those that may have any number.
    package static func connectionLimits(_ transaction: Transaction) throws(StorageError) -> [String: Int] {
        let rows = try transaction.query(
            "select workspace_id, connection_limit from workspace_settings where connection_limit is not null")
        var limits: [String: Int] = [:]
        for row in rows { limits[try row.text(0)] = Int(clamping: try row.int(1)) }
        return limits
    }

    /// - Parameter limit: nil lets any number in.
    package static func setConnectionLimit(
        _ transaction: Transaction, _ workspace: String, _ limit: Int?
    ) throws(StorageError) {
        try transaction.execute(
            """
            insert into workspace_settings (workspace_id, connection_limit) values ($1, $2)
            on conflict (workspace_id) do update set connection_limit = excluded.connection_limit
            """,
            [.text(workspace), .int(limit.map(Int64.init))])
    }

    /// The database's clock: the only "now" there is.
    package static func now(_ transaction: Transaction) throws(StorageError) -> Timestamp {
        try transaction.one("select clock_timestamp()").timestamp(0)
    }
}
