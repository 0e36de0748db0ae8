package import Assignment

/// One visit: from the first open socket until a while after the last one.
package struct VisitorSessionRow: Sendable, Hashable {
    package var workspaceID: String
    package var id: String
    package var visitorID: String
    /// `{url, title, referrer}` as the widget last said.
    package var page: JSONText
    package var device: JSONText
    package var openedAt: Timestamp
    /// While no socket is open: when the visit ends.
    package var lingerUntil: Timestamp?
    package var closedAt: Timestamp?
}

extension VisitorSessionRow {
    /// The columns of `visitor_sessions` in the table's order.
    static let columns = [
        "workspace_id", "id", "visitor_id", "page", "device", "opened_at", "linger_until", "closed_at",
    ]

    /// Reads `visitor_sessions.*` beginning at column `base`.
    init(_ row: Row, at base: Int = 0) throws(StorageError) {
        self.workspaceID = try row.text(base)
        self.id = try row.text(base + 1)
        self.visitorID = try row.text(base + 2)
        self.page = try row.json(base + 3)
        self.device = try row.json(base + 4)
        self.openedAt = try row.timestamp(base + 5)
        self.lingerUntil = try row.optionalTimestamp(base + 6)
        self.closedAt = try row.optionalTimestamp(base + 7)
    }
}
