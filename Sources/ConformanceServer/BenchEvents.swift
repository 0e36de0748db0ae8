internal import SocketIO
internal import SocketServer

/// What the load generator needs.
enum BenchEvents {
    static func register(on namespace: Namespace) {
        namespace.inLoop.on("echo") { _, event in event.ack?.send(event.arguments) }
        namespace.inLoop.on("join") { socket, event in
            guard let room = (try? event.arguments.splitFirst())?.first.string else { return }
            socket.join(room)
            event.ack?()
        }
        namespace.inLoop.on("say") { socket, event in
            guard let (room, payload) = try? event.arguments.splitFirst(), let room = room.string else { return }
            socket.namespace.to(room).emit("said", payload)
        }
    }
}
