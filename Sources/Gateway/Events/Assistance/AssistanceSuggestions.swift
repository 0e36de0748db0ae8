internal import Assignment
internal import SocketIO
internal import Storage

/// `assistance:suggestions`: a bot whispers answers to the commercial who has the chat. They answer the visitor's last message, and
/// are stale with the next one. What they say is not stored; that they were given is.
struct AssistanceSuggestions: ClientEvent {
    static let name = "assistance:suggestions"
    static let access = EventAccess([.ai])

    private static let maximumSuggestions = 10

    let chatID: String
    let commercialID: String
    let suggestions: [JSONValue]
    /// The visitor's message that they answer; nil for the last one.
    let forSeq: Int64?
    private let ids: [String]

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.commercialID = try payload.subject("commercialId")
        self.forSeq = try payload.optionalInteger("forSeq")
        guard try payload.optionalFlag("private") ?? true else { throw payload.bad("private", "true") }
        let list = try payload.required(
            "suggestions", payload.optionalList("suggestions", maximum: Self.maximumSuggestions))
        var suggestions: [JSONValue] = []
        var ids: [String] = []
        for (index, value) in list.enumerated() {
            guard let object = value.object else { throw payload.bad("suggestions[\(index)]", "an object") }
            let suggestion = try Self.suggestion(Payload(object, path: "suggestions[\(index)]."))
            if let id = suggestion["id"]?.string { ids.append(id) }
            suggestions.append(.object(suggestion))
        }
        self.suggestions = suggestions
        self.ids = ids
    }

    private static func suggestion(_ payload: Payload) throws(EventError) -> JSONObject {
        var suggestion: JSONObject = [
            "id": .string(try payload.text("id", length: 1...128)), "text": .string(try payload.content("text")),
        ]
        suggestion.set("confidence", try payload.optionalDouble("confidence", in: 0...1))
        if let sources = try payload.optionalTexts("sources", maximum: 20, length: 1...1000) {
            suggestion["sources"] = .array(sources.map(JSONValue.string))
        }
        return suggestion
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let (principal, workspace) = (context.principal, context.workspace)
        let room = Room.user(workspace, self.commercialID)
        let isHeard = context.services.broadcaster.hasMembers(room)
        let seq: Int64? = try await context.services.database.transaction(.workspace(workspace)) { sql in
            let transaction = ChatTransaction(sql, workspace: workspace)
            let chat = try transaction.find(self.chatID)
            try transaction.access(principal, chat).see()
            guard chat.assignedTo == self.commercialID else {
                throw EventError(.notOwner, "This commercial does not have the chat.")
            }
            let forSeq = self.forSeq ?? chat.lastVisitorSeq
            guard forSeq <= chat.seq else { throw EventError.badPayload(field: "forSeq", "There is no such message.") }
            guard forSeq >= chat.lastVisitorSeq else { return nil }
            if isHeard {
                try Suggestions.give(
                    sql, chat, to: self.commercialID, by: principal.subject, ids: self.ids, forSeq: forSeq)
            }
            return forSeq
        }
        guard let seq else { return .now(["delivered": false, "stale": true]) }
        let body: JSONObject = [
            "chatId": .string(self.chatID), "commercialId": .string(self.commercialID),
            "suggestions": .array(self.suggestions), "private": true, "by": .participant(principal.participant),
            "forSeq": .int(seq),
        ]
        context.services.broadcaster.tell(Self.name, body, to: [room])
        return .now(["delivered": .bool(isHeard), "forSeq": .int(seq)])
    }
}
