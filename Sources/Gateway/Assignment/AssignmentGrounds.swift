internal import Assignment
internal import SocketIO

/// Who gave a chat to somebody, and why.
struct AssignmentGrounds: Sendable, Hashable {
    var by: Participant
    var reason: String
    /// For people to look at, 0 to 1.
    var score: Double?
    /// The policy that chose, or what a distributor says chose.
    var algorithm: String?
}

/// What somebody who assigns a chat says of it: kept and shown, never believed.
struct AssignmentClaims: Sendable, Hashable {
    var score: Double?
    var algorithm: String?
    /// Who saw that a person is needed, in the words of whoever assigns.
    var escalatedBy: String?
    var escalationReason: String?

    /// As `chat:assign.metadata` carries them.
    var fields: JSONObject {
        var fields: JSONObject = [:]
        fields.set("assignmentScore", self.score)
        fields.set("algorithm", self.algorithm)
        fields.set("escalatedBy", self.escalatedBy)
        fields.set("escalationReason", self.escalationReason)
        return fields
    }
}
