/// An offer ended without an acceptance: `chat:offer_expired` or `chat:rescinded`, to the commercial who had it.
package struct OfferEnded: Sendable, Hashable, Codable {
    package enum Outcome: String, Sendable, Hashable, Codable {
        case expired
        case rejected
        case rescinded
    }

    package var assignmentID: String
    package var commercialID: String
    package var outcome: Outcome
    package var reason: String?
    package var chat: ChatSummary
    /// Who passed the chat on by it, and is told as well.
    package var from: String?

    package init(assignmentID: String, commercialID: String, outcome: Outcome, reason: String?, chat: ChatRow) {
        self.assignmentID = assignmentID
        self.commercialID = commercialID
        self.outcome = outcome
        self.reason = reason
        self.chat = ChatSummary(chat)
    }
}
