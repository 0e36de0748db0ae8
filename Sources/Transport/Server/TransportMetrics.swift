/// Counters of a transport: plain integers of each event loop, added up when somebody asks.
package struct TransportMetrics: Sendable, Equatable {
    /// TCP connections accepted, ever.
    package var connectionsAccepted = 0
    /// TCP connections open now.
    package var connectionsOpen = 0
    /// HTTP requests with a complete head, upgrades included, ever.
    package var requests = 0
    /// Requests refused for their form: 400, 413, 414, 431 and the like, ever.
    package var requestsRefused = 0
    /// Sessions opened, ever.
    package var sessionsOpened = 0
    /// Sessions open now.
    package var sessionsOpen = 0
    /// Of these, sessions that are polling.
    package var sessionsPolling = 0
    /// Sessions upgraded from polling to WebSocket, ever.
    package var upgrades = 0
    /// Sessions closed, ever, by reason (``CloseReason/allCases`` order).
    package var closes = [Int](repeating: 0, count: CloseReasonIndex.count)
    /// Messages received and sent, ever.
    package var messagesReceived = 0
    package var messagesSent = 0
    /// Payload bytes of messages received and sent, ever.
    package var bytesReceived = 0
    package var bytesSent = 0
    /// Live timer entries, one per session and one per HTTP connection.
    package var timers = 0
    /// Bytes that wait for clients, on their way to the system.
    package var pendingBytes = 0

    package init() {}

    package static func += (sum: inout TransportMetrics, other: TransportMetrics) {
        sum.connectionsAccepted += other.connectionsAccepted
        sum.connectionsOpen += other.connectionsOpen
        sum.requests += other.requests
        sum.requestsRefused += other.requestsRefused
        sum.sessionsOpened += other.sessionsOpened
        sum.sessionsOpen += other.sessionsOpen
        sum.sessionsPolling += other.sessionsPolling
        sum.upgrades += other.upgrades
        for index in sum.closes.indices { sum.closes[index] += other.closes[index] }
        sum.messagesReceived += other.messagesReceived
        sum.messagesSent += other.messagesSent
        sum.bytesReceived += other.bytesReceived
        sum.bytesSent += other.bytesSent
        sum.timers += other.timers
        sum.pendingBytes += other.pendingBytes
    }
}
