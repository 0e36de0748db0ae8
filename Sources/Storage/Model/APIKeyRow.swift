package import Assignment

/// An API key. The key itself is not stored.
package struct APIKeyRow: Sendable, Hashable {
    package var workspaceID: String
    package var id: String
    /// The subject of whoever presents it.
    package var name: String
    package var scopes: [Scope]
    package var createdAt: Timestamp
    package var revokedAt: Timestamp?

    /// Reads `workspace_id, id, name, scopes, created_at, revoked_at`.
    init(_ row: Row) throws(StorageError) {
        self.workspaceID = try row.text(0)
        self.id = try row.text(1)
        self.name = try row.text(2)
        self.scopes = try row.texts(3).compactMap(Scope.init(rawValue:))
        self.createdAt = try row.timestamp(4)
        self.revokedAt = try row.optionalTimestamp(5)
    }
}
