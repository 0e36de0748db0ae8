package import Assignment

/// `chat:assigned`: a person has the chat. Once per epoch.
package struct ChatAssigned: Sendable, Hashable, Codable {
    package var assignmentID: String
    package var commercialID: String
    package var commercialName: String?
    package var avatarURL: String?
    package var previousCommercialID: String?
    package var reason: String?
    package var by: Participant
    package var score: Double?
    package var algorithm: String?
    package var epoch: Int64
    package var version: Int64
    package var assignedAt: Timestamp
    /// The commercial's load and cap with this chat.
    package var load: Double
    package var cap: Int
    package var chat: ChatSummary
    /// Whether the one who had the chat stays in the room: after a warm transfer. nil in events of earlier versions.
    package var keepsPrevious: Bool?

    package init(
        _ assignment: AssignmentRow, chat: ChatRow, commercial: CommercialRow, previousCommercialID: String? = nil,
        keepsPrevious: Bool = false
    ) {
        self.assignmentID = assignment.id
        self.commercialID = commercial.id
        self.commercialName = commercial.name
        self.avatarURL = commercial.avatarURL
        self.previousCommercialID = previousCommercialID
        self.reason = assignment.reason
        self.by = assignment.by
        self.score = assignment.score
        self.algorithm = assignment.algorithm
        self.epoch = chat.epoch
        self.version = chat.version
        self.assignedAt = assignment.acceptedAt ?? assignment.createdAt
        self.load = commercial.load
        self.cap = commercial.cap
        self.chat = ChatSummary(chat)
        self.keepsPrevious = keepsPrevious ? true : nil
    }
}
