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
    /// What the messages say of the visitor's matter and mood, as the wire has it; `nil` in events of earlier versions.
    package var brief: JSONText?
    package var chat: ChatSummary
    /// Who passes the chat on by it; nil where the router or somebody else chose.
    package var from: String?
    /// `cold` or `warm`; goes with `from`.
    package var mode: String?

    package init(
        assignmentID: String, commercialID: String, deadline: Timestamp, reason: String?, preview: String?,
        summary: String?, brief: JSONText? = nil, chat: ChatRow
    ) {
        self.assignmentID = assignmentID
        self.commercialID = commercialID
        self.deadline = deadline
        self.reason = reason
        self.preview = preview
        self.summary = summary
        self.brief = brief
        self.chat = ChatSummary(chat)
    }
}
