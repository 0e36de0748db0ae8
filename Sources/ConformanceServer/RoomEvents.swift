internal import NIOCore
internal import SocketIO
internal import SocketServer

/// Rooms and broadcasts. Arguments that are of the wrong kind make an event do nothing.
enum RoomEvents {
    static func register(on namespace: Namespace) {
        self.registerMembership(on: namespace)
        self.registerBroadcasts(on: namespace)
    }

    private static func registerMembership(on namespace: Namespace) {
        namespace.inLoop.on("join") { socket, event in
            guard let room = event.arguments.strings(1)?.first else { return }
            socket.join(room)
            event.ack?()
        }
        namespace.inLoop.on("leave") { socket, event in
            guard let room = event.arguments.strings(1)?.first else { return }
            socket.leave(room)
            event.ack?()
        }
        namespace.inLoop.on("kick-room") { socket, event in
            guard let values = try? event.arguments.decode(), let room = values.first?.string else { return }
            socket.namespace.to(room).disconnectSockets(close: values.dropFirst().first?.bool ?? false)
            event.ack?()
        }
        namespace.on("sockets-in") { socket, event in
            guard let room = event.arguments.strings(1)?.first else { return }
            let sockets = await socket.namespace.to(room).fetchSockets().sockets
            event.ack?(.array(sockets.map(\.id).sorted().map(JSONValue.string)))
        }
        namespace.inLoop.on("room-join-room") { socket, event in
            guard let rooms = event.arguments.strings(2) else { return }
            socket.namespace.to(rooms[0]).socketsJoin(rooms[1])
            event.ack?()
        }
        namespace.inLoop.on("room-leave-room") { socket, event in
            guard let rooms = event.arguments.strings(2) else { return }
            socket.namespace.to(rooms[0]).socketsLeave(rooms[1])
            event.ack?()
        }
    }

    private static func registerBroadcasts(on namespace: Namespace) {
        /// An event that names rooms, then what to emit.
        func forward(_ name: String, _ choose: @escaping @Sendable (Socket, [String]) -> BroadcastOperator) {
            namespace.inLoop.on(name) { socket, event in
                guard let (target, rest) = try? event.arguments.splitFirst(),
                    let (name, arguments) = try? rest.splitFirst(), let name = name.string
                else { return }
                let rooms = target.array?.compactMap(\.string) ?? target.string.map { [$0] } ?? []
                guard !rooms.isEmpty else { return }
                choose(socket, rooms).emit(name, arguments)
                event.ack?()
            }
        }
        forward("to-room") { socket, rooms in socket.to(rooms) }
        forward("in-room") { socket, rooms in socket.namespace.to(rooms) }
        forward("except-room") { socket, rooms in socket.namespace.except(rooms) }

        /// An event that names only what to emit.
        func emit(_ name: String, _ choose: @escaping @Sendable (Socket) -> BroadcastOperator) {
            namespace.inLoop.on(name) { socket, event in
                guard let (name, arguments) = try? event.arguments.splitFirst(), let name = name.string else { return }
                choose(socket).emit(name, arguments)
                event.ack?()
            }
        }
        emit("broadcast") { $0.broadcast }
        emit("emit-all") { $0.namespace.everybody }
        emit("volatile-all") { $0.namespace.volatile }
        emit("volatile-me") { $0.namespace.volatile.to($0.id) }

        namespace.inLoop.on("emit-later") { socket, event in
            guard let (delay, target) = try? event.arguments.splitFirst(), let delay = delay.int,
                let (room, rest) = try? target.splitFirst(), let room = room.string,
                let (name, arguments) = try? rest.splitFirst(), let name = name.string
            else { return }
            let audience = socket.namespace.to(room)
            socket.eventLoop.scheduleTask(in: .milliseconds(Int64(delay))) { audience.emit(name, arguments) }
            event.ack?()
        }
    }
}

extension EventArguments {
    /// The first arguments, if there are as many and all are strings.
    func strings(_ count: Int) -> [String]? {
        guard let values = try? self.decode(), values.count >= count else { return nil }
        let strings = values.prefix(count).compactMap(\.string)
        return strings.count == count ? strings : nil
    }
}
