/// Why a socket left its namespace, in the words of the protocol's implementations.
package enum DisconnectReason: String, Sendable, Hashable, CaseIterable {
    /// The client left the namespace (`41`).
    case clientNamespaceDisconnect = "client namespace disconnect"
    /// The application disconnected the socket.
    case serverNamespaceDisconnect = "server namespace disconnect"
    /// The connection ended.
    case transportClose = "transport close"
    /// The connection failed, or the peer broke the rules of its transport.
    case transportError = "transport error"
    /// No answer to a heartbeat.
    case pingTimeout = "ping timeout"
    /// An Engine.IO packet could not be read.
    case parseError = "parse error"
    /// A Socket.IO packet could not be read, or the connection was closed from our side for another fault.
    case forcedClose = "forced close"
    /// A packet for a namespace that the connection is not in, or one that a client must not send.
    case forcedServerClose = "forced server close"
    /// The server goes away; clients come back.
    case serverShuttingDown = "server shutting down"
    /// More was waiting for the peer than a connection may hold.
    case slowConsumer = "slow_consumer"

    /// Whether nobody wanted the end: such a client may go on where it was, if state is recovered.
    package var isRecoverable: Bool {
        switch self {
        case .transportClose, .transportError, .pingTimeout, .forcedClose, .forcedServerClose, .serverShuttingDown,
            .slowConsumer:
            true
        case .clientNamespaceDisconnect, .serverNamespaceDisconnect, .parseError:
            false
        }
    }
}
