internal import NIOCore

/// On the listening channel: stops accepting while the process is short of file descriptors.
final class AcceptGate: ChannelOutboundHandler {
    typealias OutboundIn = Never

    private let budget: FileDescriptorBudget
    private var isHeld = false

    init(budget: FileDescriptorBudget) {
        self.budget = budget
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
