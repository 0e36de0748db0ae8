package import Assignment

/// Where an assignment stands. While it lives, the word is the same as the chat's status.
package enum AssignmentState: String, Sendable, Hashable, CaseIterable, Codable {
    case offered
    case active
    case paused
    case wrapup
    case ended
}

/// A chat given or offered to a person, for as long as that lasts.
package struct AssignmentRow: Sendable, Hashable {
    package var workspaceID: String
    package var id: String
    package var chatID: String
    package var commercialID: String
    package var state: AssignmentState
    /// What it counts in the commercial's load.
    package var weight: Double
    /// The chat's epoch when it was made or accepted.
    package var epoch: Int64
    package var reason: String?
    package var by: Participant
    package var score: Double?
    package var algorithm: String?
    /// Until when an offer may be accepted, or wrap-up lasts.
    package var deadline: Timestamp?
    package var createdAt: Timestamp
    package var acceptedAt: Timestamp?
    package var endedAt: Timestamp?
    package var endReason: String?
    /// The line that it was of; nil in rows older than the field.
    package var queue: String?
    /// Who passed the chat on by this offer, and gets it back where it comes to nothing.
    package var fromCommercial: String?
    /// What they said of it.
    package var summary: String?
}

extension AssignmentRow {
    /// The columns of `assignments` in the table's order.
    static let columns = [
        "workspace_id", "id", "chat_id", "commercial_id", "state", "weight", "epoch", "reason", "by_role", "by_id",
        "score", "algorithm", "deadline", "created_at", "accepted_at", "ended_at", "end_reason",
        "queue", "from_commercial", "summary",
    ]

    /// Reads `assignments.*` beginning at column `base`.
    init(_ row: Row, at base: Int = 0) throws(StorageError) {
        self.workspaceID = try row.text(base)
        self.id = try row.text(base + 1)
        self.chatID = try row.text(base + 2)
        self.commercialID = try row.text(base + 3)
        self.state = try row.word(base + 4)
        self.weight = try row.double(base + 5)
        self.epoch = try row.int(base + 6)
        self.reason = try row.optionalText(base + 7)
        self.by = try row.participant(role: base + 8, id: base + 9)
        self.score = try row.optionalDouble(base + 10)
        self.algorithm = try row.optionalText(base + 11)
        self.deadline = try row.optionalTimestamp(base + 12)
        self.createdAt = try row.timestamp(base + 13)
        self.acceptedAt = try row.optionalTimestamp(base + 14)
        self.endedAt = try row.optionalTimestamp(base + 15)
        self.endReason = try row.optionalText(base + 16)
        self.queue = try row.optionalText(base + 17)
        self.fromCommercial = try row.optionalText(base + 18)
        self.summary = try row.optionalText(base + 19)
    }
}
