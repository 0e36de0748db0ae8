package import Assignment

/// `flow:triggered`.
package struct FlowTriggered: Sendable, Hashable, Codable {
    package var flowID: String
    package var visitorID: String
    package var chatID: String?
    package var strategy: String
    package var probability: Double?
    package var action: String
    package var by: Participant
    /// Whose commercials hear of it: the chat's queue, or that of new chats.
    package var queue: String?

    package init(
        flowID: String, visitorID: String, chatID: String?, strategy: String, probability: Double?, action: String,
        by: Participant, queue: String
    ) {
        self.flowID = flowID
        self.visitorID = visitorID
        self.chatID = chatID
        self.strategy = strategy
        self.probability = probability
        self.action = action
        self.by = by
        self.queue = queue
    }
}
