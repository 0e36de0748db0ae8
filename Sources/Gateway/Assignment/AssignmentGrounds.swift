internal import Assignment

/// Who gave a chat to somebody, and why.
struct AssignmentGrounds: Sendable, Hashable {
    var by: Participant
    var reason: String
    /// For people to look at, 0 to 1.
    var score: Double?
    /// The policy that chose, or what a distributor says chose.
    var algorithm: String?
}
