package import Assignment

/// A person who takes chats: a commercial, or a supervisor who took one over.
package struct CommercialRow: Sendable, Hashable {
    package var workspaceID: String
    package var id: String
    package var role: Role
    package var name: String?
    package var avatarURL: String?
    /// What they last declared; outlives their connections.
    package var declared: DeclaredStatus
    package var declaredReason: String?
    /// Whether the gateway declared it for them (missed offers).
    package var declaredAutomatically: Bool
    package var declaredSince: Timestamp
    package var declaredUntil: Timestamp?
    package var cap: Int
    /// Load above the cap that somebody with the right to do so caused; shrinks with each release.
    package var extra: Double
    /// Sum of the weights of the live assignments.
    package var load: Double
    /// Offers missed in a row.
    package var misses: Int
    package var lastAssignedAt: Timestamp?
    package var queues: [String]
    /// Until when their chats wait for them to come back; nil while connected, or once the chats were requeued.
    package var graceUntil: Timestamp?
    package var firstSeenAt: Timestamp
    package var lastSeenAt: Timestamp
    /// When they last got rid of a chat; nil if never.
    package var lastReleasedAt: Timestamp?
    /// Whether an unexpired lease exists.
    package var isConnected: Bool

    /// Whether they can be given chats at all: declared available and connected.
    package var effective: Bool { self.declared == .available && self.isConnected }

    package var participant: Participant { Participant(role: self.role, id: self.id, name: self.name) }
}

extension CommercialRow {
    /// The columns of `commercials` in the table's order, after `isConnected`.
    static let columns = [
        "workspace_id", "id", "role", "name", "avatar_url", "declared", "declared_reason", "declared_auto",
        "declared_since", "declared_until", "cap", "extra", "load", "misses", "last_assigned_at", "queues",
        "grace_until", "first_seen_at", "last_seen_at", "last_released_at",
    ]

    /// Reads `<is connected>, commercials.*` beginning at column `start`.
    init(_ row: Row, at start: Int = 0) throws(StorageError) {
        self.isConnected = try row.bool(start)
        let base = start + 1
        self.workspaceID = try row.text(base)
        self.id = try row.text(base + 1)
        self.role = try row.word(base + 2)
        self.name = try row.optionalText(base + 3)
        self.avatarURL = try row.optionalText(base + 4)
        self.declared = try row.word(base + 5)
        self.declaredReason = try row.optionalText(base + 6)
        self.declaredAutomatically = try row.bool(base + 7)
        self.declaredSince = try row.timestamp(base + 8)
        self.declaredUntil = try row.optionalTimestamp(base + 9)
        self.cap = Int(clamping: try row.int(base + 10))
        self.extra = try row.double(base + 11)
        self.load = try row.double(base + 12)
        self.misses = Int(clamping: try row.int(base + 13))
        self.lastAssignedAt = try row.optionalTimestamp(base + 14)
        self.queues = try row.texts(base + 15)
        self.graceUntil = try row.optionalTimestamp(base + 16)
        self.firstSeenAt = try row.timestamp(base + 17)
        self.lastSeenAt = try row.timestamp(base + 18)
        self.lastReleasedAt = try row.optionalTimestamp(base + 19)
    }
}
