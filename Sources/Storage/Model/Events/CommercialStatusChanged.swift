package import Assignment

/// `commercial:status` as broadcast.
package struct CommercialStatusChanged: Sendable, Hashable, Codable {
    package var commercialID: String
    package var name: String?
    package var status: DeclaredStatus
    /// Available and connected.
    package var effective: Bool
    package var since: Timestamp
    package var load: Double
    package var cap: Int
    package var queues: [String]
    package var reason: String?
    package var auto: Bool
    /// When they are available again by themselves.
    package var until: Timestamp?

    package init(_ commercial: CommercialRow) {
        self.commercialID = commercial.id
        self.name = commercial.name
        self.status = commercial.declared
        self.effective = commercial.effective
        self.since = commercial.declaredSince
        self.load = commercial.load
        self.cap = commercial.cap
        self.queues = commercial.queues
        self.reason = commercial.declaredReason
        self.auto = commercial.declaredAutomatically
        self.until = commercial.declaredUntil
    }
}
