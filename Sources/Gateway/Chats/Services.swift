internal import Logging
internal import Storage

/// What the handlers and use cases work with. One line per service; put together in one place, at the start.
struct Services: Sendable {
    let database: Database
    let relay: Relay
    let desk: MessageDesk
    let broadcaster: any Broadcaster
    let configuration: GatewayConfiguration
    let routing: any ChatRouting
    let rates: RateLimiter
    let typing: TypingBoard
    let streams: StreamBoard
    let roster: ChatRoster
    let registry: SessionRegistry
    let board: QueueBoard
    let tokens: any SessionTokens
    let presence: PresenceKeeper
    let clock: DatabaseClock
    let history: HistoryLine
    let logger: Logger
    var load = LoadLevel()
}

/// What a committed transaction came to.
struct Committed<Value: Sendable>: Sendable {
    var value: Value
    /// What it told, still to be handed to the relay: with the ack, or at once.
    var events: [DomainEvent]
}

extension Services {
    /// Runs a use case in one transaction. The events are the caller's to publish, because an ack may go with them.
    ///
    /// - Parameter lane: the queue before the pool, so that neither messages nor joins starve the other.
    func change<Value: Sendable>(
        in workspace: String, lane: Lane = .statement, _ body: @escaping @Sendable (ChatTransaction) throws -> Value
    ) async throws -> Committed<Value> {
        try await self.database.transaction(.workspace(workspace), lane: lane) { sql in
            let transaction = ChatTransaction(sql, workspace: workspace)
            let value = try body(transaction)
            return Committed(value: value, events: try transaction.commit())
        }
    }

    /// Runs a use case that nobody's ack waits for, and lets its events out.
    @discardableResult
    func changeAndPublish<Value: Sendable>(
        in workspace: String, _ body: @escaping @Sendable (ChatTransaction) throws -> Value
    ) async throws -> Value {
        let committed = try await self.change(in: workspace, body)
        await self.relay.publish(committed.events)
        return committed.value
    }
}
