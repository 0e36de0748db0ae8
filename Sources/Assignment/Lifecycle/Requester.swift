/// Somebody who asks for something, with the rights that their credential and their memberships give.
package struct Requester: Sendable, Hashable {
    package var participant: Participant
    /// What the credential of an `ai` allows; empty for everybody else.
    package var scopes: Set<Scope>
    /// The queues that a commercial serves; other roles are not bound to queues.
    package var queues: Set<String>

    package init(participant: Participant, scopes: Set<Scope> = [], queues: Set<String> = []) {
        self.participant = participant
        self.scopes = scopes
        self.queues = queues
    }

    package var role: Role { self.participant.role }

    /// Supervisors and admins: bound to no queue, and above ownership where a rule says so.
    package var supervises: Bool { self.role == .supervisor || self.role == .admin }
}
