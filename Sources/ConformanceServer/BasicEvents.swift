internal import EngineIO
internal import NIOCore
internal import SocketIO
internal import SocketServer
internal import Transport

/// The events that every listener for the suites has.
enum BasicEvents {
    static func register(on namespace: Namespace, reasons: DisconnectReasons) {
        namespace.inLoop.onConnection { socket in
            let auth = socket.auth.readableBytes > 0 ? socket.auth : ByteBuffer(staticString: "{}")
            socket.emit("auth", EventArguments(json: auth))
        }
        namespace.inLoop.on("message") { socket, event in socket.emit("message-back", event.arguments) }
        namespace.inLoop.on("message-with-ack") { _, event in event.ack?.send(event.arguments) }
        namespace.inLoop.onDisconnect { socket, reason in reasons.remember(reason, of: socket.id) }
        namespace.inLoop.on("last-disconnect") { _, event in
            let id = (try? event.arguments.splitFirst())?.first.string
            event.ack?(JSONValue(id.flatMap { reasons[$0] }?.rawValue))
        }
        namespace.inLoop.on("whoami") { socket, event in
            event.ack?([
                "id": .string(socket.id),
                "nsp": .string(socket.namespace.name),
                "transport": "\(socket.transport.name)",
                "protocol": .int(socket.revision.rawValue),
                "recovered": .bool(socket.isRecovered),
                "rooms": .array(socket.rooms.sorted().map(JSONValue.string)),
            ])
        }
    }
}
