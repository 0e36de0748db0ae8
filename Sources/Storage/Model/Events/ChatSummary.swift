package import Assignment

/// The part of a chat that travels with every message (`message:new.chat`).
package struct ChatSummary: Sendable, Hashable, Codable {
    package var visitorID: String
    package var assignedTo: String?
    package var status: ChatStatus
    package var epoch: Int64
    package var priority: Priority
    package var queue: String
    /// The bot that has the chat; nil with a message of the visitor's that is not for it, because it calls a person.
    package var bot: String?

    init(
        visitorID: String, assignedTo: String?, status: ChatStatus, epoch: Int64, priority: Priority, queue: String,
        bot: String?
    ) {
        self.visitorID = visitorID
        self.assignedTo = assignedTo
        self.status = status
        self.epoch = epoch
        self.priority = priority
        self.queue = queue
        self.bot = bot
    }

    package init(_ chat: ChatRow) {
        self.visitorID = chat.visitorID
        self.assignedTo = chat.assignedTo
        self.status = chat.status
        self.epoch = chat.epoch
        self.priority = chat.priority
        self.queue = chat.queue
        self.bot = chat.owner.flatMap { $0.role == .ai ? $0.id : nil }
    }
}
