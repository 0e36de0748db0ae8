package import Assignment

/// What an operator should know of the server that the gateway works on.
package struct DatabaseFacts: Sendable {
    /// Such as 150014.
    package var versionNumber: Int64
    /// Such as `15.14 (Debian 15.14-0+deb12u1)`.
    package var version: String
    package var now: Timestamp
    package var maxConnections: Int64
    /// Settings that must be on for an acknowledged message to be safe, and are not.
    package var unsafeSettings: [String]

    package init(
        versionNumber: Int64, version: String, now: Timestamp, maxConnections: Int64, unsafeSettings: [String]
    ) {
        self.versionNumber = versionNumber
        self.version = version
        self.now = now
        self.maxConnections = maxConnections
        self.unsafeSettings = unsafeSettings
    }

    /// Runs under any scope.
    package static func read(_ transaction: Transaction) throws(StorageError) -> DatabaseFacts {
        let row = try transaction.one(
            """
            select current_setting('server_version_num')::bigint, current_setting('server_version'), clock_timestamp(),
                current_setting('max_connections')::bigint,
                array(select name || ' = ' || setting from pg_settings
                    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name)
            """)
        return DatabaseFacts(
            versionNumber: try row.int(0), version: try row.text(1), now: try row.timestamp(2),
            maxConnections: try row.int(3), unsafeSettings: try row.texts(4))
    }
}
