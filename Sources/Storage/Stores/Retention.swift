internal import Assignment

/// How long a workspace keeps what, and removing what it does not, a bounded number of rows at a time. Only the database's
/// clock counts.
package enum Retention {
    package enum Class: String, Sendable, Hashable, CaseIterable {
        /// The texts of messages of chats that are closed; rows and numbers stay.
        case messages
        case notes
        /// Pages and devices of visits that are over.
        case pageViews
        case audit
        case outbox
        /// Webhooks that arrived or were given up, and at once those whose endpoint is gone.
        case deliveries
    }

    /// What is not kept for ever though nobody said so, in milliseconds.
    package static let deliveriesMilliseconds: Int64 = 30 * 86_400_000

    package static func policies(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [Class: Int64] {
        let rows = try transaction.query(
            "select class, keep_ms from retention_policies where workspace_id = $1", [.text(workspace)])
        var policies: [Class: Int64] = [:]
        for row in rows {
            if let one = Class(rawValue: try row.text(0)) { policies[one] = try row.int(1) }
        }
        return policies
    }

    /// Takes the place of every policy there was.
    package static func set(
        _ transaction: Transaction, _ workspace: String, _ policies: [Class: Int64]
    ) throws(StorageError) {
        try transaction.execute("delete from retention_policies where workspace_id = $1", [.text(workspace)])
        let sorted = policies.sorted { $0.key.rawValue < $1.key.rawValue }
        try transaction.execute(
            "insert into retention_policies (workspace_id, class, keep_ms) select $1, * from unnest($2::text[], $3::bigint[])",
            [.text(workspace), .texts(sorted.map(\.key.rawValue)), .ints(sorted.map(\.value))])
    }

    /// Removes some of what a class has of longer ago.
    ///
    /// - Returns: How much; 0 means that nothing is left to do.
    package static func sweep(
        _ transaction: Transaction, _ workspace: String, _ one: Class, keeping milliseconds: Int64, limit: Int = 500
    ) throws(StorageError) -> Int {
        switch one {
        case .messages, .notes:
            return Int(
                clamping: try transaction.one(
                    "select retain_content($1, $2, $3, $4::integer)",
                    [.text(workspace), .text(one.rawValue), .int(milliseconds), .int(max(1, limit / 10))]
                ).int(0))
        case .audit:
            return Int(
                clamping: try transaction.one(
                    "select retain_audit($1, $2, $3::integer)", [.text(workspace), .int(milliseconds), .int(limit)]
                ).int(0))
        case .pageViews:
            return try transaction.execute(
                """
                update visitor_sessions set page = '{}', device = '{}' where workspace_id = $1 and id in (
                    select id from visitor_sessions
                    where workspace_id = $1 and closed_at is not null and (page <> '{}' or device <> '{}')
                        and closed_at < statement_timestamp() - $2 * interval '1 millisecond'
                    order by closed_at limit $3)
                """,
                [.text(workspace), .int(milliseconds), .int(limit)])
        case .outbox:
            return try transaction.execute(
                """
                delete from outbox where workspace_id = $1 and id in (
                    select id from outbox
                    where workspace_id = $1 and created_at < statement_timestamp() - $2 * interval '1 millisecond'
                    order by created_at limit $3)
                """,
                [.text(workspace), .int(milliseconds), .int(limit)])
        case .deliveries:
            return try self.sweepDeliveries(transaction, workspace, milliseconds, limit)
        }
    }

    private static func sweepDeliveries(
        _ transaction: Transaction, _ workspace: String, _ milliseconds: Int64, _ limit: Int
    ) throws(StorageError) -> Int {
        let arrived = try transaction.execute(
            """
            delete from webhook_deliveries where workspace_id = $1 and id in (
                select id from webhook_deliveries
                where workspace_id = $1 and delivered_at is not null
                    and delivered_at < statement_timestamp() - $2 * interval '1 millisecond'
                order by delivered_at limit $3)
            """,
            [.text(workspace), .int(milliseconds), .int(limit)])
        let dead = try transaction.execute(
            """
            delete from webhook_dead_letters where workspace_id = $1 and id in (
                select id from webhook_dead_letters
                where workspace_id = $1 and died_at < statement_timestamp() - $2 * interval '1 millisecond'
                order by died_at limit $3)
            """,
            [.text(workspace), .int(milliseconds), .int(limit)])
        return try arrived + dead + Webhooks.sweepOrphans(transaction, workspace, limit: limit)
    }

    /// Removes erasures that every node has heard of long ago, in every workspace of the scope.
    package static func pruneErasures(_ transaction: Transaction) throws(StorageError) {
        try transaction.execute("delete from erasures where at < statement_timestamp() - interval '1 day'")
    }
}
