internal import Storage

/// Runs what no client asked for: one transaction, then what it told to the relay.
struct Changes: Sendable {
    let database: Database
    /// Takes committed events on their way to clients; the relay in production.
    let publish: @Sendable ([DomainEvent]) async -> Void

    /// Runs `body` in one transaction and lets its events out.
    @discardableResult
    func callAsFunction<Value: Sendable>(
        in workspace: String, _ body: @escaping @Sendable (ChatTransaction) throws -> Value
    ) async throws -> Value {
        let (value, events) = try await self.database.transaction(.workspace(workspace)) { sql in
            let transaction = ChatTransaction(sql, workspace: workspace)
            let value = try body(transaction)
            return (value, try transaction.commit())
        }
        if !events.isEmpty { await self.publish(events) }
        return value
    }
}
