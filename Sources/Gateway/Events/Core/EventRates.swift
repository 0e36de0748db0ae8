internal import Assignment

/// How often one identity may send an event: so many a second in the long run, `burst` at once.
struct EventRate: Sendable, Hashable {
    var perSecond: Double
    var burst: Double

    init(_ perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }
}

/// The rates of an event by who sends it; nil where nothing is counted.
///
/// Wide enough for whatever a client does in good faith, a desk that joins all its chats when it comes back included.
/// They bound what one identity can cost the others.
struct EventRates: Sendable, Hashable {
    var visitors: EventRate?
    var staff: EventRate?
    var bots: EventRate?

    init(visitors: EventRate? = nil, staff: EventRate? = nil, bots: EventRate? = nil) {
        self.visitors = visitors
        self.staff = staff
        self.bots = bots
    }

    subscript(role: Role) -> EventRate? {
        switch role {
        case .visitor: self.visitors
        case .commercial, .supervisor, .admin: self.staff
        case .ai: self.bots
        case .system: nil
        }
    }
}
