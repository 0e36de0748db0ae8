/// What an endpoint can ask for, by the names that events have everywhere else, and the outbox's kinds behind each.
///
/// Not among them: who reads along (a supervisor who only watches is seen by nobody), offers, notifications, read marks and
/// turns of bots, which are between the gateway and one of its clients.
enum WebhookEvents {
    static let kinds: [String: [String]] = [
        "chat:created": ["chatCreated"],
        "message:new": ["messagePosted"],
        "note:new": ["notePosted"],
        "chat:queued": ["chatQueued"],
        "chat:assigned": ["chatAssigned"],
        "chat:updated": ["chatUpdated", "chatWrappedUp", "chatReopened"],
        "chat:closed": ["chatClosed"],
        "sentiment:updated": ["moodChanged"],
        "sla": ["promiseReported"],
        "visitor:online": ["visitorOnline"],
        "visitor:offline": ["visitorOffline"],
        "visitor:identify": ["visitorIdentified"],
        "commercial:status": ["commercialStatusChanged"],
        "flow:triggered": ["flowTriggered"],
    ]

    static var names: [String] { self.kinds.keys.sorted() }

    /// The outbox's kinds behind names, in alphabetical order.
    static func kinds(of names: some Sequence<String>) -> [String] {
        Set(names.flatMap { self.kinds[$0] ?? [] }).sorted()
    }

    /// The names behind kinds: what ``kinds(of:)`` was made from.
    static func names(of kinds: [String]) -> [String] {
        self.kinds.filter { $0.value.allSatisfy(kinds.contains) }.keys.sorted()
    }
}
