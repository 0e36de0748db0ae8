internal import Assignment
internal import SocketIO

/// `chat:update`: fields of a chat, by staff and bots.
struct ChatUpdate: ClientEvent {
    static let name = "chat:update"
    static let access = EventAccess.staffAndBots
    static let rates = EventRates(staff: EventRate(5, burst: 50), bots: EventRate(20, burst: 200))

    /// Tags in one list.
    private static let maximumTags = 64

    let chatID: String
    let updates: UpdateChat.Updates
    let ifVersion: Int64?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.ifVersion = try payload.optionalInteger("ifVersion")
        let nested = try payload.nested("updates")
        // Said rather than passed over: whoever sets one of these would believe that it holds.
        if nested.contains("skills") {
            throw .badPayload(field: nested.name(of: "skills"), "\(nested.name(of: "skills")) cannot be set yet.")
        }
        self.updates = UpdateChat.Updates(
            status: try nested.optionalText("status", length: 1...64),
            tags: try nested.optionalTexts("tags", maximum: Self.maximumTags),
            addTags: try nested.optionalTexts("addTags", maximum: Self.maximumTags) ?? [],
            removeTags: try nested.optionalTexts("removeTags", maximum: Self.maximumTags) ?? [],
            priority: try nested.optionalWord("priority"),
            metadata: try nested.optionalObject("metadata"),
            queue: try nested.optionalText("queue", length: 1...128),
            language: try nested.optionalText("language", length: 2...35),
            snoozeUntil: try nested.optionalTime("snoozeUntil"))
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let update = UpdateChat(
            principal: context.principal, chatID: self.chatID, updates: self.updates, ifVersion: self.ifVersion)
        return try await update(context.services)
    }
}
