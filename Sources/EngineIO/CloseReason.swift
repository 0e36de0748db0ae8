/// Why an Engine.IO session ended, as the layer above is told.
///
/// The first five are Node's reasons. The others are kinds of `forced close` that have a cause worth naming.
package enum CloseReason: Sendable, Equatable, CaseIterable {
    /// The client closed: close packet, WebSocket close frame, or the connection ended.
    case transportClose
    /// The transport was misused or failed: overlapping requests, aborted request, illegal frame, wrong heartbeat.
    case transportError
    /// The peer did not answer a ping in time.
    case pingTimeout
    /// A packet could not be parsed.
    case parseError
    /// The layer above asked for it.
    case forcedClose
    /// More bytes were waiting for the peer than a connection may hold; see reliability, overload.
    case slowConsumer
    /// The server is going away; clients reconnect.
    case serverShuttingDown

    /// The text of the reason, as applications, logs and metrics see it.
    package var text: StaticString {
        switch self {
        case .transportClose: "transport close"
        case .transportError: "transport error"
        case .pingTimeout: "ping timeout"
        case .parseError: "parse error"
        case .forcedClose: "forced close"
        case .slowConsumer: "slow_consumer"
        case .serverShuttingDown: "server shutting down"
        }
    }
}
