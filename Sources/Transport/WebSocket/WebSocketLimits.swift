/// What one WebSocket message may cost.
package struct WebSocketLimits: Sendable, Equatable {
    /// Largest message in bytes, all fragments together; above it 1009.
    package var maxMessage: Int
    /// Most frames of one message, empty ones included; above it 1008.
    package var maxFragments: Int

    package init(maxMessage: Int, maxFragments: Int) {
        self.maxMessage = maxMessage
        self.maxFragments = maxFragments
    }
}
