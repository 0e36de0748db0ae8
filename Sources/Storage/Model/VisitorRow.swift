package import Assignment

/// Somebody who visits a workspace's site.
package struct VisitorRow: Sendable, Hashable {
    package var workspaceID: String
    package var id: String
    /// Vouched for by the company's own back end, not by a widget key.
    package var isVerified: Bool
    package var name: String?
    package var locale: String?
    /// Whether the visitor agreed to have their actions watched.
    package var allowsTracking: Bool
    package var firstSeenAt: Timestamp
    package var lastSeenAt: Timestamp
    /// Who they turned out to be; their chats are that visitor's.
    package var mergedInto: String?
    package var mergedAt: Timestamp?
    /// When what was known of them was forgotten.
    package var erasedAt: Timestamp?
}

extension VisitorRow {
    /// The columns of `visitors` in the table's order.
    static let columns = [
        "workspace_id", "id", "verified", "name", "locale", "tracking", "first_seen_at", "last_seen_at",
        "merged_into", "merged_at", "erased_at",
    ]

    /// Reads `visitors.*` beginning at column `base`.
    init(_ row: Row, at base: Int = 0) throws(StorageError) {
        self.workspaceID = try row.text(base)
        self.id = try row.text(base + 1)
        self.isVerified = try row.bool(base + 2)
        self.name = try row.optionalText(base + 3)
        self.locale = try row.optionalText(base + 4)
        self.allowsTracking = try row.bool(base + 5)
        self.firstSeenAt = try row.timestamp(base + 6)
        self.lastSeenAt = try row.timestamp(base + 7)
        self.mergedInto = try row.optionalText(base + 8)
        self.mergedAt = try row.optionalTimestamp(base + 9)
        self.erasedAt = try row.optionalTimestamp(base + 10)
    }
}
