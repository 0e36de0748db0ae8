internal import Assignment
internal import SocketIO

/// `chat:update`: fields of a chat, by staff and bots.
struct ChatUpdate: ClientEvent {
    static let name = "chat:update"
    static let access = EventAccess.staffAndBots
    static let rates = EventRates(staff: EventRate(5, burst: 50), bots: EventRate(20, burst: 200))

    /// Tags in one list.
    private static let maximumTags = 64

    /// Skills that one chat may ask for.
    private static let maximumSkills = 16

    let chatID: String
    let updates: UpdateChat.Updates
    let ifVersion: Int64?

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.ifVersion = try payload.optionalInteger("ifVersion")
        let nested = try payload.nested("updates")
        self.updates = UpdateChat.Updates(
            status: try nested.optionalText("status", length: 1...64),
            tags: try nested.optionalTexts("tags", maximum: Self.maximumTags),
            addTags: try nested.optionalTexts("addTags", maximum: Self.maximumTags) ?? [],
            removeTags: try nested.optionalTexts("removeTags", maximum: Self.maximumTags) ?? [],
            priority: try nested.optionalWord("priority"),
            metadata: try nested.optionalObject("metadata"),
            queue: try nested.optionalText("queue", length: 1...128),
            language: try nested.optionalText("language", length: 2...35),
            skills: try Self.skills(nested), snoozeUntil: try nested.optionalTime("snoozeUntil"))
    }

    /// Least levels by name, as the workspace file has them.
    private static func skills(_ updates: Payload) throws(EventError) -> [String: Int]? {
        guard let members = try updates.optionalNested("skills") else { return nil }
        guard members.fields.count <= Self.maximumSkills else {
            throw .tooLarge(
                field: updates.name(of: "skills"), "A chat asks for at most \(Self.maximumSkills) skills.")
        }
        var skills: [String: Int] = [:]
        for member in members.fields.members {
            guard (1...128).contains(member.key.unicodeScalars.count) else {
                throw updates.bad("skills", "levels by names of 1 to 128 characters")
            }
            skills[member.key] = Int(try members.integer(member.key, in: 1...100))
        }
        return skills
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let update = UpdateChat(
            principal: context.principal, chatID: self.chatID, updates: self.updates, ifVersion: self.ifVersion)
        return try await update(context.services)
    }
}
