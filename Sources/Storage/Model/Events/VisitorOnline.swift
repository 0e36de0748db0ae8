package import Assignment

/// `visitor:online`: the first socket of a visit.
package struct VisitorOnline: Sendable, Hashable, Codable {
    package var visitorID: String
    package var sessionID: String
    package var name: String?
    package var verified: Bool
    /// `{url, title, referrer}`
    package var page: JSONText
    package var device: JSONText
    package var locale: String?
    package var previousChats: Int
    package var firstSeenAt: Timestamp

    package init(_ session: VisitorSessionRow, visitor: VisitorRow, previousChats: Int) {
        self.visitorID = visitor.id
        self.sessionID = session.id
        self.name = visitor.name
        self.verified = visitor.isVerified
        self.page = session.page
        self.device = session.device
        self.locale = visitor.locale
        self.previousChats = previousChats
        self.firstSeenAt = visitor.firstSeenAt
    }

    /// Whether this visitor had come before this visit.
    package var returning: Bool { self.previousChats > 0 }
}
