internal import EngineIO
internal import NIOCore
internal import SocketIO
internal import SocketServer
internal import Transport

/// The events that every listener for the suites has.
enum BasicEvents {
    static func register(on namespace: Namespace, reasons: DisconnectReasons) {
        namespace.onConnection(inLoop: { socket in
            let auth = socket.auth.readableBytes > 0 ? socket.auth : ByteBuffer(staticString: "{}")
            socket.emit("auth", EventArguments(json: auth))
        })
        namespace.on("message", inLoop: { socket, event in socket.emit("message-back", event.arguments) })
        namespace.on("message-with-ack", inLoop: { _, event in event.ack?.send(event.arguments) })
        namespace.onDisconnect(inLoop: { socket, reason in reasons.remember(reason, of: socket.id) })
        namespace.on("last-disconnect", inLoop: { _, event in
            let id = (try? event.arguments.splitFirst())?.first.string
            event.ack?(JSONValue(id.flatMap { reasons[$0] }?.rawValue))
        })
        namespace.on("whoami", inLoop: { socket, event in
            event.ack?([
                "id": .string(socket.id),
                "nsp": .string(socket.namespace.name),
                "transport": "\(socket.transport.name)",
                "protocol": .int(socket.revision.rawValue),
                "recovered": false,
                "rooms": .array(socket.rooms.sorted().map(JSONValue.string)),
            ])
        })
    }
}
