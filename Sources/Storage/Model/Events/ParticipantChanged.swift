package import Assignment

/// `chat:participant`: somebody joined or left the chat's rooms.
package struct ParticipantChanged: Sendable, Hashable, Codable {
    package enum Change: String, Sendable, Hashable, Codable {
        case joined
        case left
    }

    package var participant: Participant
    package var change: Change
    /// `normal`, `monitor` or `barge`.
    package var mode: String

    package init(participant: Participant, change: Change, mode: String) {
        self.participant = participant
        self.change = change
        self.mode = mode
    }
}
