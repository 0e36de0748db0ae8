internal import Assignment

/// `supervisor:barge`: comes into a chat, seen, and may post in it; it stays whose it is.
struct SupervisorBarge: ClientEvent {
    static let name = "supervisor:barge"
    static let access = EventAccess([.supervisor, .admin])
    static let rates = EventRates(staff: EventRate(10, burst: 200))

    let join: JoinChat

    init(_ payload: Payload) throws(EventError) {
        self.join = try JoinChat(payload, mode: .barge)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await self.join(context)
        return .delivered
    }
}
