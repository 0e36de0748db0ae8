internal import NIOCore
internal import SocketIO

/// Delivers broadcasts on this node: frames are made once, each event loop is entered once.
struct LoopSink: BroadcastSink {
    typealias Member = Socket

    func deliver(_ packet: EncodedPacket, to recipients: [Socket], flags: BroadcastFlags) {
        guard recipients.count > 1 else {
            recipients.first?.send(packet, volatile: flags.volatile)
            return
        }
        let prepared = PreparedPacket(packet)
        Self.onEachLoop(recipients) { sockets in
            for socket in sockets { socket.sendInLoop(prepared, volatile: flags.volatile) }
        }
    }

    /// Runs `body` with the sockets of each loop, on that loop.
    static func onEachLoop(_ sockets: [Socket], _ body: @escaping @Sendable ([Socket]) -> Void) {
        guard let first = sockets.first else { return }
        if sockets.allSatisfy({ $0.eventLoop === first.eventLoop }) {
            Self.run(on: first.eventLoop) { body(sockets) }
            return
        }
        var groups: [ObjectIdentifier: [Socket]] = [:]
        for socket in sockets { groups[ObjectIdentifier(socket.eventLoop), default: []].append(socket) }
        for group in groups.values {
            guard let loop = group.first?.eventLoop else { continue }
            Self.run(on: loop) { body(group) }
        }
    }

    private static func run(on loop: any EventLoop, _ work: @escaping @Sendable () -> Void) {
        if loop.inEventLoop {
            work()
        } else {
            loop.execute(work)
        }
    }
}
