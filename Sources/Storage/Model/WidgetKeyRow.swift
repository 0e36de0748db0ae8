package import Assignment

/// A widget key. The key itself is not stored.
package struct WidgetKeyRow: Sendable, Hashable {
    package var workspaceID: String
    package var id: String
    /// Origins that may use it; nil admits every origin.
    package var origins: [String]?
    package var createdAt: Timestamp
    package var revokedAt: Timestamp?

    /// Reads `workspace_id, id, origins is null, coalesce(origins, '{}'), created_at, revoked_at`.
    init(_ row: Row) throws(StorageError) {
        self.workspaceID = try row.text(0)
        self.id = try row.text(1)
        self.origins = try row.bool(2) ? nil : row.texts(3)
        self.createdAt = try row.timestamp(4)
        self.revokedAt = try row.optionalTimestamp(5)
    }
}
