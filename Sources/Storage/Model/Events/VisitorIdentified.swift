/// `visitor:identify`: an anonymous visitor turned out to be somebody; with their open chat, if there is one that goes on.
package struct VisitorIdentified: Sendable, Hashable, Codable {
    package var visitorID: String
    package var previousVisitorID: String
    package var name: String?
    /// How many chats changed hands.
    package var chats: Int

    package init(visitorID: String, previousVisitorID: String, name: String?, chats: Int) {
        self.visitorID = visitorID
        self.previousVisitorID = previousVisitorID
        self.name = name
        self.chats = chats
    }
}
