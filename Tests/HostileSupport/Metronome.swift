package import NIOCore
internal import NIOPosix

/// An echo over a TCP connection of this machine, with threads of its own for the server and the client's loop as far as
/// the caller has one: what a round trip takes here and now, whatever the server under test is doing.
package final class Metronome: Sendable {
    private static let servers = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private static let port = Task { () throws -> any Channel in
        try await ServerBootstrap(group: servers)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private let channel: any Channel
    private let listener: NIOLoopBound<Listener>

    private init(channel: any Channel, listener: NIOLoopBound<Listener>) {
        self.channel = channel
        self.listener = listener
    }

    /// - Parameter group: where the client lives, best where the clients are whose rounds are compared.
    package static func start(on group: any EventLoopGroup) async throws -> Metronome {
        guard let address = try await self.port.value.localAddress else { throw ChannelError.unknownLocalAddress }
        let eventLoop = group.next()
        let listener = try await eventLoop.submit { NIOLoopBound(Listener(), eventLoop: eventLoop) }.get()
        let channel = try await ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(listener.value)
                }
            }
            .connect(to: address).get()
        return Metronome(channel: channel, listener: listener)
    }

    /// One round trip.
    package func beat() async throws -> Duration {
        let start = ContinuousClock.now
        try await self.channel.eventLoop.flatSubmit { [channel = self.channel, listener = self.listener] in
            let heard = channel.eventLoop.makePromise(of: Void.self)
            listener.value.heard = heard
            channel.writeAndFlush(ByteBuffer(integer: UInt8(1))).cascadeFailure(to: heard)
            return heard.futureResult
        }.get()
        return start.duration(to: .now)
    }

    package func stop() async { try? await self.channel.close() }

    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(self.wrapOutboundOut(self.unwrapInboundIn(data)), promise: nil)
        }
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        var heard: EventLoopPromise<Void>?

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.heard.take()?.succeed() }
        func channelInactive(context: ChannelHandlerContext) { self.heard.take()?.fail(ChannelError.eof) }
    }
}
