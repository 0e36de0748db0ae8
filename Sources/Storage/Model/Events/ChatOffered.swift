package import Assignment

/// `chat:offer`, to one commercial.
package struct ChatOffered: Sendable, Hashable, Codable {
    package var assignmentID: String
    package var commercialID: String
    package var deadline: Timestamp
    package var reason: String?
    /// The visitor's last words, shortened.
    package var preview: String?
    /// What the bot said of the chat when it handed over.
    package var summary: String?
    package var chat: ChatSummary

    package init(
        assignmentID: String, commercialID: String, deadline: Timestamp, reason: String?, preview: String?,
        summary: String?, chat: ChatRow
    ) {
        self.assignmentID = assignmentID
        self.commercialID = commercialID
        self.deadline = deadline
        self.reason = reason
        self.preview = preview
        self.summary = summary
        self.chat = ChatSummary(chat)
    }
}
