/// Who has a chat: the one bot or person that may post publicly in it without being asked twice.
package struct ChatOwner: Sendable, Hashable {
    /// `ai`, `commercial`, `supervisor` or `admin`.
    package var role: Role
    package var id: String

    package init(role: Role, id: String) {
        self.role = role
        self.id = id
    }

    package func isSame(as participant: Participant) -> Bool {
        self.role == participant.role && self.id == participant.id
    }
}
