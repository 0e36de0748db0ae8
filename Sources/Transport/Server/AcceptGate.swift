internal import NIOCore

/// On the listening channel: stops accepting while the process is short of file descriptors.
///
/// Connections are counted here, before they reach their loops, so that a burst cannot overtake the count.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private let budget: FileDescriptorBudget
    private var isHeld = false

    init(budget: FileDescriptorBudget) {
        self.budget = budget
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        budget.take()
        context.fireChannelRead(data)
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
