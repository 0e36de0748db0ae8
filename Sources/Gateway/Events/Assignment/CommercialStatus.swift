internal import Assignment

/// `commercial:status`: whether somebody takes chats, and how many.
struct CommercialStatus: ClientEvent {
    static let name = "commercial:status"
    static let access = EventAccess.humans

    let commercialID: String?
    let status: DeclaredStatus?
    let reason: String?
    let cap: Int?
    let drains: Bool
    /// When they are available again by themselves.
    let until: Timestamp?

    init(_ payload: Payload) throws(EventError) {
        self.commercialID = try payload.optionalSubject("commercialId")
        self.status = try payload.optionalWord("status")
        self.reason = try payload.optionalText("reason", length: 0...200)
        self.cap = try payload.optionalInteger("cap", in: 0...10_000).map(Int.init)
        self.drains = try payload.optionalFlag("drain") ?? false
        self.until = try payload.optionalTime("until")
        guard self.until == nil || (self.status ?? .available) != .available else {
            throw payload.bad("until", "the end of a status other than available")
        }
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let declare = DeclareStatus(
            principal: context.principal, commercialID: self.commercialID, status: self.status,
            reason: self.reason, cap: self.cap, drains: self.drains, until: self.until)
        return try await declare(context.services)
    }
}
