package import NIOCore

/// The settings of Engine.IO that shape the protocol; defaults as in the Node server.
package struct EngineConfiguration: Sendable, Equatable {
    /// Time between a pong (or the handshake) and the next ping. Default 25 s.
    package var pingInterval: TimeAmount
    /// Time that the peer has to answer a ping. Default 20 s.
    package var pingTimeout: TimeAmount
    /// Time that a candidate WebSocket has to finish the upgrade. Default 10 s.
    package var upgradeTimeout: TimeAmount
    /// Time that a closed polling session waits for a last GET to tell its client. Default 30 s.
    package var pollingCloseTimeout: TimeAmount
    /// The largest body of a POST and the largest WebSocket message, in bytes (`maxHttpBufferSize`). Default 1,000,000.
    package var maxPayload: Int
    /// Whether sessions may start by polling.
    package var allowsPolling: Bool
    /// Whether sessions may start on, or be upgraded to, a WebSocket.
    package var allowsWebSocket: Bool
    /// Whether a polling session is offered the upgrade.
    package var allowsUpgrades: Bool
    /// Revisions that handshakes may ask for; any other is answered `Unsupported protocol version`.
    package var revisions: Set<Revision>

    package init(
        pingInterval: TimeAmount = .seconds(25),
        pingTimeout: TimeAmount = .seconds(20),
        upgradeTimeout: TimeAmount = .seconds(10),
        pollingCloseTimeout: TimeAmount = .seconds(30),
        maxPayload: Int = 1_000_000,
        allowsPolling: Bool = true,
        allowsWebSocket: Bool = true,
        allowsUpgrades: Bool = true,
        revisions: Set<Revision> = [.v4]
    ) {
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
        self.upgradeTimeout = upgradeTimeout
        self.pollingCloseTimeout = pollingCloseTimeout
        self.maxPayload = maxPayload
        self.allowsPolling = allowsPolling
        self.allowsWebSocket = allowsWebSocket
        self.allowsUpgrades = allowsUpgrades
        self.revisions = revisions
    }

    /// Whether a session may use this transport at all.
    package func allows(_ transport: TransportName) -> Bool {
        switch transport {
        case .polling: allowsPolling
        case .webSocket: allowsWebSocket
        }
    }

    /// The transports that a session on `transport` is told it may upgrade to.
    package func upgrades(from transport: TransportName) -> [TransportName] {
        transport == .polling && allowsUpgrades && allowsWebSocket ? [.webSocket] : []
    }
}
