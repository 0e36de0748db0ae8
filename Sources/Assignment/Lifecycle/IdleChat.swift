/// An open chat in which nothing happens, and what becomes of it.
///
/// No chat is closed in which the visitor waits: for an answer, or in the line while they are there.
package struct IdleChat: Sendable, Hashable {
    /// For how long silence is borne, in milliseconds; nil is for ever.
    package struct Patience: Sendable, Hashable {
        /// With a chat that a person has, in which the visitor waits for nothing.
        package var active: Int64?
        /// The same with a bot's chat.
        package var bot: Int64?
        /// With a visitor who left the line.
        package var abandoned: Int64?

        package init(active: Int64? = nil, bot: Int64? = nil, abandoned: Int64? = nil) {
            self.active = active
            self.bot = bot
            self.abandoned = abandoned
        }
    }

    package enum Verdict: Sendable, Hashable {
        case close(ChatCloseReason)
        /// Nothing to do before then.
        case lookAgain(Timestamp)
        case leave
    }

    package var status: ChatStatus
    /// Whether the last public message is the visitor's.
    package var visitorSpokeLast: Bool
    /// The last public message, or the beginning of how the chat stands, whichever is later.
    package var silentSince: Timestamp
    /// Since when the visitor is not there; nil while they are.
    package var visitorGoneSince: Timestamp?

    package init(
        status: ChatStatus, visitorSpokeLast: Bool, silentSince: Timestamp, visitorGoneSince: Timestamp? = nil
    ) {
        self.status = status
        self.visitorSpokeLast = visitorSpokeLast
        self.silentSince = silentSince
        self.visitorGoneSince = visitorGoneSince
    }

    /// Judges the chat as it stands at `now`.
    package func judge(_ patience: Patience, now: Timestamp) -> Verdict {
        switch self.status {
        case .active: self.judge(patience.active, closing: .timeout, now)
        case .bot: self.judge(patience.bot, closing: .timeout, now)
        case .waiting: self.judge(patience.abandoned, closing: .abandoned, now)
        case .offered, .paused, .wrapup, .offline, .closed: .leave
        }
    }

    private func judge(_ patience: Int64?, closing reason: ChatCloseReason, _ now: Timestamp) -> Verdict {
        guard let patience else { return .leave }
        // Who waits keeps their chat; what they wait for moves it, and then somebody looks again.
        let start = reason == .abandoned ? self.visitorGoneSince : self.visitorSpokeLast ? nil : self.silentSince
        guard let start else { return .lookAgain(now.advanced(byMilliseconds: patience)) }
        let end = start.advanced(byMilliseconds: patience)
        return end <= now ? .close(reason) : .lookAgain(end)
    }
}
