import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A TCP client that sends exactly the bytes it is told to and remembers all it gets.
final class RawClient: Sendable {
    struct TimedOut: Error {
        let received: String
    }

    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// - Parameters:
    ///   - receiveBuffer: bytes that the system keeps for a client that does not read; nil leaves it to it.
    ///   - tls: speak TLS, without asking for a name.
    static func connect(
        to address: SocketAddress, receiveBuffer: Int? = nil, tls: NIOSSLContext? = nil
    ) async throws -> RawClient {
        let inbox = Inbox()
        var bootstrap = ClientBootstrap(group: TestServer.clients)
            .channelOption(.allowRemoteHalfClosure, value: true)
        if let receiveBuffer {
            // Short segments too: the server's system sizes its own buffer by them.
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: receiveBuffer)
                .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_MAXSEG)), value: 536)
        }
        let channel =
            try await bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: nil)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(Receiver(inbox: inbox))
                }
            }
            .connect(to: address)
            .get()
        return RawClient(channel: channel, inbox: inbox)
    }

    func send(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
    }

    func send(_ text: String) async throws {
        try await send(ByteBuffer(string: text))
    }

    /// Takes what `parse` makes of the bytes received so far, as soon as it makes something of them.
    func receive<Value: Sendable>(
        within limit: TimeAmount = .seconds(30), _ parse: @escaping @Sendable (inout ByteBuffer) throws -> Value?
    ) async throws -> Value {
        let deadline = NIODeadline.now() + limit
        while true {
            let (value, change) = try inbox.take(parse)
            if let value { return value }
            guard !change.isClosed, await change.happens(before: deadline) else {
                throw TimedOut(received: inbox.description)
            }
        }
    }

    /// Waits until the server has ended its side.
    func isClosedByServer(within limit: TimeAmount = .seconds(30)) async -> Bool {
        let deadline = NIODeadline.now() + limit
        while true {
            let change = inbox.nextChange()
            if change.isClosed { return true }
            guard await change.happens(before: deadline) else { return false }
        }
    }

    /// The certificate that the server showed.
    func serverCertificate() async throws -> NIOSSLCertificate? {
        try await channel.nioSSL_peerCertificate().get()
    }

    /// Ends our side only.
    func closeOutput() async throws {
        try await channel.close(mode: .output)
    }

    /// Ends the connection with a reset.
    func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    func close() async {
        try? await channel.close()
    }

    /// Stops, or goes on, reading from the socket.
    func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
    }
}

/// What has arrived, shared between the channel's loop and the test.
private final class Inbox: Sendable, CustomStringConvertible {
    struct Change {
        let isClosed: Bool
        let promise: EventLoopPromise<Void>

        /// Whether something arrives in time.
        func happens(before deadline: NIODeadline) async -> Bool {
            let timer = promise.futureResult.eventLoop.scheduleTask(deadline: deadline) { [promise] in
                promise.fail(CancellationError())
            }
            defer { timer.cancel() }
            return (try? await promise.futureResult.get()) != nil
        }
    }

    private struct State {
        var bytes = ByteBuffer()
        var isClosed = false
        var waiters: [EventLoopPromise<Void>] = []
    }

    private let state = Mutex(State())

    func take<Value>(_ parse: (inout ByteBuffer) throws -> Value?) throws -> (Value?, Change) {
        try state.withLock { state in
            var bytes = state.bytes
            let value = try parse(&bytes)
            if value != nil { state.bytes = bytes }
            return (value, Self.change(&state, waits: value == nil))
        }
    }

    func nextChange() -> Change {
        state.withLock { Self.change(&$0, waits: true) }
    }

    private static func change(_ state: inout State, waits: Bool) -> Change {
        let promise = TestServer.clients.next().makePromise(of: Void.self)
        if waits, !state.isClosed {
            state.waiters.append(promise)
        } else {
            promise.succeed()
        }
        return Change(isClosed: state.isClosed, promise: promise)
    }

    func append(_ bytes: ByteBuffer) { update { $0.bytes.writeImmutableBuffer(bytes) } }
    func close() { update { $0.isClosed = true } }

    private func update(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.succeed() }
    }

    var description: String { state.withLock { String(buffer: $0.bytes) + ($0.isClosed ? " [closed]" : "") } }
}

private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: Inbox

    init(inbox: Inbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { inbox.append(unwrapInboundIn(data)) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { inbox.close() }
    }

    func channelInactive(context: ChannelHandlerContext) { inbox.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
