package import Assignment

/// How a queue hands out its chats. What is nil or empty is as the gateway's own settings have it.
package struct QueueSettings: Sendable, Hashable {
    package var name: String
    /// How it picks among those who could take a chat.
    package var policy: RoutingPolicy?
    /// Whether an offer becomes an assignment at once.
    package var autoAccept: Bool?
    package var offerTimeoutMilliseconds: Int64?
    /// How long a chat is kept for the one who had its visitor before, while they are there.
    package var stickyHoldMilliseconds: Int64?
    /// The languages that the queue serves: a chat in one of them goes to whoever speaks it.
    package var languages: Set<String>
    /// What everybody who takes a chat of the queue must be able to do, and how well at least.
    package var skills: [String: Int]
    /// What chats stop insisting on, in the order of the times.
    package var relaxation: [RelaxStep]
    /// Who else is asked, in the order of the times.
    package var overflow: [OverflowStep]
    /// nil is open at all hours.
    package var hours: BusinessHours?
    /// How long whoever closed a chat keeps its slot, to write down what there is to write.
    package var wrapUpMilliseconds: Int64
    /// How long a chat stays open in which the visitor waits for nothing; 0 is for ever, nil as the gateway has it.
    package var autoCloseMilliseconds: Int64?
    /// How long a chat waits for a visitor who has gone; 0 is for ever, nil as the gateway has it.
    package var abandonMilliseconds: Int64?
    /// What a chat of the queue counts in the load of whoever has it, in hundredths.
    package var weight: Double

    package init(
        name: String, policy: RoutingPolicy? = nil, autoAccept: Bool? = nil, offerTimeoutMilliseconds: Int64? = nil,
        stickyHoldMilliseconds: Int64? = nil, languages: Set<String> = [], skills: [String: Int] = [:],
        relaxation: [RelaxStep] = [], overflow: [OverflowStep] = [], hours: BusinessHours? = nil,
        wrapUpMilliseconds: Int64 = 0, autoCloseMilliseconds: Int64? = nil, abandonMilliseconds: Int64? = nil,
        weight: Double = 1
    ) {
        self.name = name
        self.policy = policy
        self.autoAccept = autoAccept
        self.offerTimeoutMilliseconds = offerTimeoutMilliseconds
        self.stickyHoldMilliseconds = stickyHoldMilliseconds
        self.languages = languages
        self.skills = skills
        self.relaxation = relaxation
        self.overflow = overflow
        self.hours = hours
        self.wrapUpMilliseconds = wrapUpMilliseconds
        self.autoCloseMilliseconds = autoCloseMilliseconds
        self.abandonMilliseconds = abandonMilliseconds
        self.weight = weight
    }
}
