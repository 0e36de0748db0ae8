internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// On the listening channel: sends each accepted connection to its loop, and stops accepting while the process is short
/// of file descriptors.
///
/// Connections are counted here, before they reach their loops, so that a burst cannot overtake the count. It counts those
/// of all listeners: one that had begun to accept when another one's connection was the last for which there is room keeps
/// what it gets, unread, until there is room again.
///
/// NIO's own handler would go to the connection's loop to prepare it, come back, and go there again to have it read. Each
/// way wakes a thread, and the first request waits meanwhile. Here both are put on the loop in one go, which wakes nobody
/// where the listener's loop is the connection's.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    /// NIO's handler, whose work is done here.
    static let bootstrapHandler = "AcceptHandler"

    /// How long nothing is accepted after the system had nothing left to accept with.
    static let recess: TimeAmount = .milliseconds(100)

    private let server: ServerContext
    private var budget: FileDescriptorBudget { server.budget }
    /// Puts the handlers into a connection's pipeline, on its loop.
    private let prepare: @Sendable (any Channel) throws -> Void
    private var isHeld = false
    /// Accepted when there was no room any more; at most what one read accepts.
    private var surplus: [NIOAny] = []

    init(server: ServerContext, prepare: @escaping @Sendable (any Channel) throws -> Void) {
        self.server = server
        self.prepare = prepare
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if surplus.isEmpty, budget.takeIfThereIsRoom() {
            admit(data, context)
        } else {
            surplus.append(data)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        for data in surplus { unwrapInboundIn(data).close(promise: nil) }
        surplus = []
        context.fireChannelInactive()
    }

    /// Lets a connection in that has been counted.
    private func admit(_ data: NIOAny, _ context: ChannelHandlerContext) {
        let connection = unwrapInboundIn(data)
        let budget = budget
        if connection.eventLoop.inEventLoop {
            Self.prepare(connection, prepare, budget)
        } else {
            connection.eventLoop.execute { [prepare, budget] in Self.prepare(connection, prepare, budget) }
        }
        // The listening channel has the connection registered on its loop, behind what was just put there.
        context.fireChannelRead(data)
    }

    private static func prepare(
        _ connection: any Channel, _ prepare: @Sendable (any Channel) throws -> Void, _ budget: FileDescriptorBudget
    ) {
        do {
            try prepare(connection)
        } catch {
            budget.giveBack()
            connection.close(promise: nil)
        }
    }

    /// Something else in the process, or on the machine, took the descriptors that the budget counted on. NIO would try
    /// again at once, and again, for as long as somebody waits in the backlog: a loop that does nothing else.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, Self.exhaustion.contains(error.errnoCode),
            let options = context.channel.syncOptions
        else { return context.fireErrorCaught(error) }
        try? options.setOption(.autoRead, value: false)
        server.warnOfExhaustion(error, now: context.eventLoop.now)
        let channel = NIOLoopBound(context.channel, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.recess) {
            try? channel.value.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    /// What ends by itself when something is given back.
    private static let exhaustion: Set<CInt> = [EMFILE, ENFILE, ENOBUFS, ENOMEM]

    func read(context: ChannelHandlerContext) {
        guard !surplus.isEmpty || budget.isExhausted else {
            context.read()
            return
        }
        guard !isHeld else { return }
        isHeld = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        budget.whenThereIsRoom {
            loop.execute {
                let (gate, context) = bound.value
                gate.isHeld = false
                gate.admitSurplus(context)
                gate.read(context: context)
            }
        }
    }

    private func admitSurplus(_ context: ChannelHandlerContext) {
        while let data = surplus.first, budget.takeIfThereIsRoom() {
            surplus.removeFirst()
            admit(data, context)
        }
    }
}
