package import Assignment

/// A chat about to begin.
package struct NewChat: Sendable, Hashable {
    /// Where it begins; the legal first statuses.
    package enum Entry: Sendable, Hashable {
        /// With a bot, which has so many milliseconds to answer; nil while the visitor has said nothing yet.
        case bot(Participant, answerWithinMilliseconds: Int64?)
        /// In its queue, as far behind "now" as its priority's slack.
        case waiting(slackMilliseconds: Int64)
        /// Accepted out of hours, until the queue opens; nil where nobody knows when.
        case offline(nextOpenAt: Timestamp?)

        var status: ChatStatus {
            switch self {
            case .bot: .bot
            case .waiting: .waiting
            case .offline: .offline
            }
        }
    }

    package var visitorID: String
    package var entry: Entry
    package var priority: Priority
    package var queue: String
    package var department: String?
    package var source: String
    /// In which it will probably be held: an assumption, until words or staff tell.
    package var language: String?
    package var metadata: JSONText
    package var previousChatID: String?

    package init(
        visitorID: String, entry: Entry, priority: Priority = .normal, queue: String = Workspaces.defaultQueue,
        department: String? = nil, source: String = "widget", language: String? = nil,
        metadata: JSONText = .emptyObject, previousChatID: String? = nil
    ) {
        self.visitorID = visitorID
        self.entry = entry
        self.priority = priority
        self.queue = queue
        self.department = department
        self.source = source
        self.language = language
        self.metadata = metadata
        self.previousChatID = previousChatID
    }
}
