internal import NIOCore

/// On the listening channel: sends each accepted connection to its loop, and stops accepting while the process is short
/// of file descriptors.
///
/// Connections are counted here, before they reach their loops, so that a burst cannot overtake the count.
///
/// NIO's own handler would go to the connection's loop to prepare it, come back, and go there again to have it read. Each
/// way wakes a thread, and the first request waits meanwhile. Here both are put on the loop in one go.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    /// NIO's handler, whose work is done here.
    static let bootstrapHandler = "AcceptHandler"

    private let budget: FileDescriptorBudget
    /// Puts the handlers into a connection's pipeline, on its loop.
    private let prepare: @Sendable (any Channel) throws -> Void
    private var isHeld = false

    init(budget: FileDescriptorBudget, prepare: @escaping @Sendable (any Channel) throws -> Void) {
        self.budget = budget
        self.prepare = prepare
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        budget.take()
        let connection = unwrapInboundIn(data)
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

    func read(context: ChannelHandlerContext) {
        guard budget.isExhausted else {
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
                gate.read(context: context)
            }
        }
    }
}
