package import Assignment

/// Changes of a chat's own fields; nil leaves a field as it is.
package struct ChatChanges: Sendable, Hashable {
    package var priority: Priority?
    package var queue: String?
    package var language: String?
    package var aiStatus: String?
    /// The tags that the chat shall have.
    package var tags: [String]?
    /// An RFC 7396 merge patch of the metadata, whose result is at most 16 KB.
    package var metadataPatch: JSONText?
    /// By which it is served from now on; goes with a new priority or queue of a waiting chat.
    package var routeKey: Timestamp?
    /// Why a person is needed; marks the chat as escalated.
    package var escalationReason: String?
    /// Whether this is an escalation by the rules, of which a chat has a few only.
    package var countsEscalation = false
    /// What the chat shall ask of whoever takes it, besides what its queue asks.
    package var skills: [String: Int]?

    package init(
        priority: Priority? = nil, queue: String? = nil, language: String? = nil, aiStatus: String? = nil,
        tags: [String]? = nil, metadataPatch: JSONText? = nil, routeKey: Timestamp? = nil,
        escalationReason: String? = nil, countsEscalation: Bool = false, skills: [String: Int]? = nil
    ) {
        self.priority = priority
        self.queue = queue
        self.language = language
        self.aiStatus = aiStatus
        self.tags = tags
        self.metadataPatch = metadataPatch
        self.routeKey = routeKey
        self.escalationReason = escalationReason
        self.countsEscalation = countsEscalation
        self.skills = skills
    }
}
