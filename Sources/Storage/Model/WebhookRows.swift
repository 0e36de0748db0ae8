package import Assignment

/// Who outside hears of a workspace's events.
package struct WebhookEndpointRow: Sendable, Hashable {
    package var workspaceID: String
    package var name: String
    package var url: String
    /// As `outbox.kind` has them, in alphabetical order.
    package var kinds: [String]
    /// One, or two while one takes the other's place.
    package var secrets: [String]

    package init(workspaceID: String = "", name: String, url: String, kinds: [String], secrets: [String]) {
        self.workspaceID = workspaceID
        self.name = name
        self.url = url
        self.kinds = kinds
        self.secrets = secrets
    }

    /// Reads `workspace_id, name, url, kinds, secrets`.
    init(_ row: Row) throws(StorageError) {
        self.workspaceID = try row.text(0)
        self.name = try row.text(1)
        self.url = try row.text(2)
        self.kinds = try row.texts(3)
        self.secrets = try row.texts(4)
    }
}

/// A delivery under a lease: whoever holds `fence` may try it, and say how it went.
package struct LeasedDelivery: Sendable, Hashable {
    /// What there is to say.
    package enum Content: Sendable, Hashable {
        case event(DomainEvent)
        /// What it speaks of is not there any more.
        case gone
        /// This build does not know the kind: a newer node wrote it.
        case unknownKind
        /// This build knows the kind, and cannot read what stands there.
        case unreadable
    }

    package var workspaceID: String
    package var endpoint: String
    package var id: String
    package var fence: Int64
    /// Earlier attempts that failed, or ended with their worker.
    package var attempts: Int
    /// The database's time at which the lease began.
    package var leasedAt: Timestamp
    /// How long it has waited by then, since it was made or asked for again.
    package var waitedMilliseconds: Int64
    /// Where it goes, and what signs it, as the endpoint had it when the lease began.
    package var url: String
    package var secrets: [String]
    package var eventNo: Int64?
    package var content: Content

    package var event: DomainEvent? { if case .event(let event) = self.content { event } else { nil } }
}

/// A delivery as an operator sees it: no content.
package struct WebhookDeliveryRow: Sendable, Hashable {
    package var id: String
    package var endpoint: String
    package var eventID: Int64
    package var kind: String
    package var chatID: String?
    package var attempts: Int
    package var lastStatus: Int?
    package var lastFailure: String?
    /// When it happened, and when it was given up.
    package var eventAt: Timestamp
    package var diedAt: Timestamp

    /// Reads `id, endpoint, event_id, kind, chat_id, attempts, last_status, last_failure, event_at, died_at`.
    init(_ row: Row) throws(StorageError) {
        self.id = try row.text(0)
        self.endpoint = try row.text(1)
        self.eventID = try row.int(2)
        self.kind = try row.text(3)
        self.chatID = try row.optionalText(4)
        self.attempts = Int(clamping: try row.int(5))
        self.lastStatus = try row.optionalInt(6).map { Int(clamping: $0) }
        self.lastFailure = try row.optionalText(7)
        self.eventAt = try row.timestamp(8)
        self.diedAt = try row.timestamp(9)
    }
}

/// How an endpoint fares.
package struct WebhookEndpointCounts: Sendable, Hashable {
    package var waiting: Int64
    package var delivered: Int64
    package var dead: Int64
    /// Age of the oldest that waits, in milliseconds; 0 where none does.
    package var oldestWaiting: Int64
}
