internal import SocketIO
internal import SocketServer
internal import Transport

/// What a connection is, and how it ends.
enum ConnectionEvents {
    static func register(on namespace: Namespace) {
        namespace.inLoop.on("handshake") { socket, event in event.ack?(socket.describedHandshake) }
        namespace.inLoop.on("disconnect-me") { socket, event in
            socket.disconnect(close: (try? event.arguments.splitFirst())?.first.bool ?? false)
        }
        namespace.inLoop.on("close-transport") { socket, _ in socket.closeTransport() }
    }
}
