internal import Assignment

/// `supervisor:monitor`: reads along in a chat, unseen; `chat:join` in that mode, under the name of the act.
struct SupervisorMonitor: ClientEvent {
    static let name = "supervisor:monitor"
    static let access = EventAccess([.supervisor, .admin])
    static let rates = EventRates(staff: EventRate(10, burst: 200))

    let join: JoinChat

    init(_ payload: Payload) throws(EventError) {
        self.join = try JoinChat(payload, mode: .monitor)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        try await self.join(context)
        return .delivered
    }
}
