internal import Assignment

/// `chat:assign`: this chat goes to somebody named, or to whomever the router picks.
struct ChatAssign: ClientEvent {
    static let name = "chat:assign"
    static let access = EventAccess([.commercial, .supervisor, .admin, .ai], aiScopes: [.automation])

    let chatID: String
    let commercialID: String?
    let queue: String?
    let reason: String?
    let force: Bool
    let expectedEpoch: Int64?
    let claims: AssignmentClaims

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
        self.commercialID = try payload.optionalSubject("commercialId")
        self.queue = try payload.optionalText("queue", length: 1...128)
        self.reason = try payload.optionalText("reason", length: 0...200)
        self.force = try payload.optionalFlag("force") ?? false
        self.expectedEpoch = try payload.optionalInteger("expectedEpoch")
        let metadata = try payload.optionalNested("metadata")
        self.claims = AssignmentClaims(
            score: try metadata?.optionalDouble("assignmentScore", in: -1_000_000...1_000_000),
            algorithm: try metadata?.optionalText("algorithm", length: 1...64),
            escalatedBy: try metadata?.optionalText("escalatedBy", length: 1...128),
            escalationReason: try metadata?.optionalText("escalationReason", length: 1...200))
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let assign = AssignChat(
            principal: context.principal, chatID: self.chatID, commercialID: self.commercialID, queue: self.queue,
            reason: self.reason, force: self.force, expectedEpoch: self.expectedEpoch, claims: self.claims)
        return try await assign(context.services)
    }
}
