package import EngineIO

/// What a WebSocket tells the layer above, on its event loop.
package protocol WebSocketDelegate: AnyObject {
    /// The handshake is answered (or about to be, in the same write); messages may be sent.
    func webSocketOpened(_ socket: WebSocketConnection)

    /// A message arrived.
    func webSocket(_ socket: WebSocketConnection, received message: EngineMessage)

    /// The socket has caught up after ``WebSocketConnection/isBehind``.
    func webSocketDrained(_ socket: WebSocketConnection)

    /// The peer has not taken for too long what waits for it (``TransportConfiguration/softPendingTimeout``).
    func webSocketStalled(_ socket: WebSocketConnection)

    /// The socket is over. Last call, and not made when the delegate itself closed the socket.
    ///
    /// - Parameter byFault: true when the peer broke the rules or reset the connection; false when it just closed.
    func webSocketClosed(_ socket: WebSocketConnection, byFault: Bool)

    /// The server goes away: close once what is under way is done.
    func webSocketServerClosing(_ socket: WebSocketConnection)
}

extension WebSocketDelegate {
    package func webSocketOpened(_ socket: WebSocketConnection) {}
    package func webSocketDrained(_ socket: WebSocketConnection) {}
    package func webSocketClosed(_ socket: WebSocketConnection, byFault: Bool) {}
    package func webSocketStalled(_ socket: WebSocketConnection) { socket.abandon() }
    package func webSocketServerClosing(_ socket: WebSocketConnection) { socket.close() }
}
