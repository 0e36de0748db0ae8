package import Assignment

/// `chat:created`, exactly once per chat.
package struct ChatCreated: Sendable, Hashable, Codable {
    package struct Visitor: Sendable, Hashable, Codable {
        package var id: String
        package var name: String?
        package var locale: String?
        package var verified: Bool

        package init(_ visitor: VisitorRow) {
            self.id = visitor.id
            self.name = visitor.name
            self.locale = visitor.locale
            self.verified = visitor.isVerified
        }
    }

    package var visitor: Visitor
    package var status: ChatStatus
    package var priority: Priority
    package var queue: String
    package var source: String
    package var department: String?
    package var owner: Participant?
    package var epoch: Int64
    /// The text of the visitor's first message, where one opened the chat.
    package var firstMessage: String?
    package var previousChatID: String?
    package var createdAt: Timestamp
    /// Out of hours: when its queue opens.
    package var nextOpenAt: Timestamp?

    package init(_ chat: ChatRow, visitor: VisitorRow, firstMessage: String? = nil) {
        self.visitor = Visitor(visitor)
        self.status = chat.status
        self.priority = chat.priority
        self.queue = chat.queue
        self.source = chat.source
        self.department = chat.department
        self.owner = chat.owner
        self.epoch = chat.epoch
        self.firstMessage = firstMessage
        self.previousChatID = chat.previousChatID
        self.createdAt = chat.createdAt
        self.nextOpenAt = chat.nextOpenAt
    }
}
