internal import NIOCore
internal import SocketIO

/// Delivers broadcasts on this server: frames are made once, each event loop is entered once.
enum LoopSink {
    static func deliver(_ packet: EncodedPacket, to recipients: [Socket], flags: BroadcastFlags) {
        guard recipients.count > 1 || !flags.compress else {
            recipients.first?.send(packet, volatile: flags.volatile)
            return
        }
        let prepared = PreparedPacket(packet, compress: flags.compress)
        self.onEachLoop(recipients) { sockets in
            for socket in sockets { socket.sendInLoop(prepared, volatile: flags.volatile) }
        }
    }

    /// Runs `body` with the sockets of each loop, on that loop; at once where that is this one.
    static func onEachLoop(_ sockets: [Socket], _ body: @escaping @Sendable ([Socket]) -> Void) {
        self.forEachLoop(sockets) { loop, sockets in
            if loop.inEventLoop {
                body(sockets)
            } else {
                loop.execute { body(sockets) }
            }
        }
    }

    /// Runs `body` with the sockets of each loop, in a later turn of that loop.
    static func laterOnEachLoop(_ sockets: [Socket], _ body: @escaping @Sendable ([Socket]) -> Void) {
        self.forEachLoop(sockets) { loop, sockets in loop.execute { body(sockets) } }
    }

    private static func forEachLoop(_ sockets: [Socket], _ body: (any EventLoop, [Socket]) -> Void) {
        guard let first = sockets.first else { return }
        if sockets.allSatisfy({ $0.eventLoop === first.eventLoop }) { return body(first.eventLoop, sockets) }
        var groups: [ObjectIdentifier: [Socket]] = [:]
        for socket in sockets { groups[ObjectIdentifier(socket.eventLoop), default: []].append(socket) }
        for group in groups.values {
            guard let loop = group.first?.eventLoop else { continue }
            body(loop, group)
        }
    }
}
