/// A chat that sleeps with the one who has it, and how it wakes.
package enum Snooze {
    /// The longest sleep, in milliseconds.
    package static let longest: Int64 = 366 * 86_400_000

    /// How a chat wakes.
    package enum Cause: Sendable, Hashable {
        /// Its time is over, the visitor wrote, or somebody above says so.
        case byItself
        /// The one who has it goes on with it.
        case byOwner
    }

    /// Whether the chat stays with the one who had it, provided that there is room for it below their cap.
    ///
    /// Whoever is busy takes no new chats; this one is not new. Who went away, or is not connected, keeps nobody waiting:
    /// the chat goes back to its place in the line. The owner's own wish is not judged.
    package static func staysWithOwner(_ cause: Cause, isConnected: Bool, declared: DeclaredStatus) -> Bool {
        switch cause {
        case .byOwner: true
        case .byItself: isConnected && (declared == .available || declared == .busy)
        }
    }

    /// Judges the time of waking.
    ///
    /// - Throws: `bad_payload` for one that has passed, or is further away than ``longest``.
    package static func check(until: Timestamp, now: Timestamp, field: String) throws(DomainRefusal) {
        guard until > now, until <= now.advanced(byMilliseconds: Self.longest) else {
            throw DomainRefusal(
                .badPayload, "\(field) must be in the future, and within a year.", details: [.field(field)])
        }
    }
}
