package import Assignment

/// The presence lease of one open, authenticated socket.
package struct LeaseRow: Sendable, Hashable {
    package var workspaceID: String
    /// The Engine.IO session id.
    package var connectionID: String
    package var nodeID: String
    /// One run of the node; a new run ends the leases of the one before.
    package var nodeLife: String
    package var role: Role
    package var subject: String
    package var scopes: [Scope]
    /// Whether a bot behind this socket wants chats (`auth.bot`).
    package var takesChats: Bool
    package var openedAt: Timestamp
    package var expiresAt: Timestamp
}

extension LeaseRow {
    /// The columns of `presence_leases` in the table's order.
    static let columns = [
        "workspace_id", "connection_id", "node_id", "node_life", "role", "subject", "scopes", "takes_chats",
        "opened_at", "expires_at",
    ]

    /// Reads `presence_leases.*` beginning at column `base`.
    init(_ row: Row, at base: Int = 0) throws(StorageError) {
        self.workspaceID = try row.text(base)
        self.connectionID = try row.text(base + 1)
        self.nodeID = try row.text(base + 2)
        self.nodeLife = try row.text(base + 3)
        self.role = try row.word(base + 4)
        self.subject = try row.text(base + 5)
        self.scopes = try row.texts(base + 6).compactMap(Scope.init(rawValue:))
        self.takesChats = try row.bool(base + 7)
        self.openedAt = try row.timestamp(base + 8)
        self.expiresAt = try row.timestamp(base + 9)
    }
}
