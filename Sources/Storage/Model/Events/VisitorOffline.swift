/// `visitor:offline`: the visit ended.
package struct VisitorOffline: Sendable, Hashable, Codable {
    package var visitorID: String
    package var sessionID: String

    package init(visitorID: String, sessionID: String) {
        self.visitorID = visitorID
        self.sessionID = sessionID
    }
}
