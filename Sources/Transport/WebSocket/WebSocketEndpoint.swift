package import NIOCore

/// A plain WebSocket service on the same pipeline as Engine.IO's sockets, with another layer on top.
package struct WebSocketEndpoint: Sendable {
    /// Raw prefix of the request targets that it answers; `/` for all.
    package let prefix: String
    package let limits: WebSocketLimits
    /// Time without a byte from the peer after which the connection is closed.
    package let idleTimeout: TimeAmount
    /// Makes the layer above one connection; called on its event loop.
    package let makeDelegate: @Sendable () -> any WebSocketDelegate

    package init(
        prefix: String,
        limits: WebSocketLimits,
        idleTimeout: TimeAmount,
        makeDelegate: @escaping @Sendable () -> any WebSocketDelegate
    ) {
        self.prefix = prefix
        self.limits = limits
        self.idleTimeout = idleTimeout
        self.makeDelegate = makeDelegate
    }
}
