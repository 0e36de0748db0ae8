import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import Transport

@Suite struct ConnectionCountTests {
    /// What is accepted is counted before it is registered; what is closed in between never becomes inactive.
    @Test(arguments: [true, false]) func isCountedOutOnce(becomesActive: Bool) throws {
        let budget = FileDescriptorBudget(limit: 100)
        let channel = EmbeddedChannel()
        let server = ServerContext(
            configuration: TransportConfiguration(), engines: [], webSockets: [], fallback: NotFoundFallback(),
            logger: Logger(label: "test"), budget: budget)
        let loop = LoopContext(eventLoop: channel.eventLoop, server: server)
        budget.take()
        try TransportServer.configure(channel, loop)
        #expect(loop.snapshot.connectionsOpen == 1)
        #expect(loop.snapshot.timers == 1)
        if becomesActive { channel.pipeline.fireChannelInactive() }
        let connection = try channel.pipeline.syncOperations.handler(type: HTTPConnection.self)
        channel.pipeline.syncOperations.removeHandler(connection, promise: nil)
        channel.embeddedEventLoop.run()
        #expect(loop.snapshot.connectionsOpen == 0)
        #expect(loop.snapshot.timers == 0)
        #expect(budget.inUse == 0)
    }
}
