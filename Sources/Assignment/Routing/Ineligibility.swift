/// Why a commercial does not get a chat.
package enum Ineligibility: Sendable, Hashable, CaseIterable {
    case notAvailable
    case notConnected
    case full
    /// The chat waits for somebody else, who had its visitor before.
    case held
    /// They were given one a moment ago.
    case resting
    /// They serve none of the queues in reach, or only such as are closed.
    case otherQueue
    case tried
    case lacksSkill
    case otherLanguage
}
