internal import Storage

/// What the relay asks of the outbox; the truth when a hand-in never came.
protocol OutboxReading: Sendable {
    /// The chat's committed events below `eventNo` that are young enough to be on their way to the relay still.
    func recent(_ chat: ChatKey, below eventNo: Int64) async throws -> [DomainEvent]

    /// What was committed since the last poll, by whomever, in an order that never steps over a late commit.
    /// What this node itself wrote comes as heads: nearly always it was handed in.
    func poll() async throws -> (events: [DomainEvent], own: [OutboxHead])

    /// The events behind heads whose hand-in never came.
    func read(_ heads: [OutboxHead]) async throws -> [DomainEvent]
}
