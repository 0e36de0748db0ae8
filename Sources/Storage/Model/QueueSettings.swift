/// How a queue hands out its chats. What is nil or empty is as the gateway's own settings have it.
package struct QueueSettings: Sendable, Hashable {
    package var name: String
    /// Whether an offer becomes an assignment at once.
    package var autoAccept: Bool?
    package var offerTimeoutMilliseconds: Int64?
    /// The languages that the queue serves: a chat in one of them goes to whoever speaks it.
    package var languages: Set<String>
    /// What everybody who takes a chat of the queue must be able to do, and how well at least.
    package var skills: [String: Int]
    /// nil is open at all hours.
    package var hours: BusinessHours?
    /// How long whoever closed a chat keeps its slot, to write down what there is to write.
    package var wrapUpMilliseconds: Int64
    /// How long a chat stays open in which the visitor waits for nothing; 0 is for ever, nil as the gateway has it.
    package var autoCloseMilliseconds: Int64?
    /// How long a chat waits for a visitor who has gone; 0 is for ever, nil as the gateway has it.
    package var abandonMilliseconds: Int64?

    package init(
        name: String, autoAccept: Bool? = nil, offerTimeoutMilliseconds: Int64? = nil, languages: Set<String> = [],
        skills: [String: Int] = [:], hours: BusinessHours? = nil, wrapUpMilliseconds: Int64 = 0,
        autoCloseMilliseconds: Int64? = nil, abandonMilliseconds: Int64? = nil
    ) {
        self.name = name
        self.autoAccept = autoAccept
        self.offerTimeoutMilliseconds = offerTimeoutMilliseconds
        self.languages = languages
        self.skills = skills
        self.hours = hours
        self.wrapUpMilliseconds = wrapUpMilliseconds
        self.autoCloseMilliseconds = autoCloseMilliseconds
        self.abandonMilliseconds = abandonMilliseconds
    }
}
