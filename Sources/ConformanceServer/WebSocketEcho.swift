internal import EngineIO
internal import Transport

/// Sends every WebSocket message back.
final class WebSocketEcho: WebSocketDelegate {
    func webSocket(_ socket: WebSocketConnection, received message: EngineMessage) {
        socket.send(message)
    }
}
