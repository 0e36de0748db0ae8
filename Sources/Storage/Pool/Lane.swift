/// The queue in front of the pool that a transaction waits in, so that one kind of work cannot starve another.
package enum Lane: Sendable, Hashable, CaseIterable {
    /// Sending messages.
    case message
    /// Everything else.
    case statement
    /// CONNECT and join reads: after a restart thousands come at once. They get at most half of the connections.
    case join
}
