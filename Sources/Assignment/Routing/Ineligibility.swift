/// Why a commercial does not get a chat.
package enum Ineligibility: Sendable, Hashable, CaseIterable {
    case otherQueue
    case notAvailable
    case notConnected
    case full
    case tried
    case lacksSkill
    case otherLanguage
}
