internal import NIOCore
internal import SocketIO

/// Delivers broadcasts on this server: frames are made once, each event loop is entered once.
enum LoopSink {
    static func deliver(_ packet: EncodedPacket, to recipients: [Socket], flags: BroadcastFlags) {
        guard recipients.count > 1 else {
            recipients.first?.send(packet, flags)
            return
        }
        let prepared = PreparedPacket(packet, compress: flags.compress)
        self.onEachLoop(recipients) { share in
            share.each { $0.sendInLoop(prepared, flags) }
        }
    }

    /// Runs `body` with the sockets of each loop, on that loop; at once where that is this one.
    static func onEachLoop(_ sockets: [Socket], _ body: @escaping @Sendable (LoopShare) -> Void) {
        for share in self.shares(sockets) {
            if share.loop.inEventLoop {
                body(share)
            } else {
                share.loop.execute { body(share) }
            }
        }
    }

    /// Runs `body` with the sockets of each loop, in a later turn of that loop.
    static func laterOnEachLoop(_ sockets: [Socket], _ body: @escaping @Sendable (LoopShare) -> Void) {
        for share in self.shares(sockets) { share.loop.execute { body(share) } }
    }

    /// The loops on which sockets live, in the order in which they are met, this thread's own last: others begin while
    /// it works.
    private static func shares(_ sockets: [Socket]) -> [LoopShare] {
        guard let first = sockets.first else { return [] }
        var shares = [LoopShare(of: sockets, on: first)]
        for index in sockets.indices where sockets[index].loopID != shares[0].loopID {
            let id = sockets[index].loopID
            guard !shares.contains(where: { $0.loopID == id }) else { continue }
            shares.append(LoopShare(of: sockets, on: sockets[index]))
        }
        guard shares.count > 1 else { return shares }
        for index in shares.indices { shares[index].isWhole = false }
        if let own = shares.firstIndex(where: { $0.loop.inEventLoop }) { shares.append(shares.remove(at: own)) }
        return shares
    }
}

/// Those of a broadcast's sockets that live on one loop.
///
/// All loops are given the same list and pick theirs out of it: taking it apart for them costs a reference count in the
/// memory of every socket that the other loop is working with.
struct LoopShare: Sendable {
    let loop: any EventLoop
    let loopID: ObjectIdentifier
    private let sockets: [Socket]
    /// Whether all are on this loop.
    fileprivate(set) var isWhole = true

    fileprivate init(of sockets: [Socket], on member: Socket) {
        self.loop = member.eventLoop
        self.loopID = member.loopID
        self.sockets = sockets
    }

    /// On the loop.
    func each(_ body: (Socket) -> Void) {
        if self.isWhole {
            for socket in self.sockets { body(socket) }
        } else {
            for index in self.sockets.indices where self.sockets[index].loopID == self.loopID {
                body(self.sockets[index])
            }
        }
    }
}
