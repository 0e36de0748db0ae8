package import EngineIO
package import Logging
package import NIOCore
internal import NIOHTTP1
package import NIOPosix
internal import NIOSSL
internal import Synchronization

/// The one listening server: binds, parses HTTP/1, answers Engine.IO on the event loops and hands every other request
/// to the fallback.
package final class TransportServer: Sendable {
    package let configuration: TransportConfiguration
    let server: ServerContext
    let group: MultiThreadedEventLoopGroup
    /// One context per loop, by the loop's identity; used only on its loop.
    let loops: [ObjectIdentifier: NIOLoopBoundBox<LoopContext>]
    let eventLoops: [any EventLoop]
    let listeners = Mutex<[any Channel]>([])

    /// - Parameters:
    ///   - webSockets: plain WebSocket services, asked after the engines.
    ///   - group: where everything runs; its number of loops is the server's parallelism. The caller owns it.
    ///   - budget: the descriptors that connections may use, by default those of the process.
    package init(
        configuration: TransportConfiguration,
        endpoints: [EngineEndpoint],
        webSockets: [WebSocketEndpoint] = [],
        fallback: any FallbackHandler = NotFoundFallback(),
        group: MultiThreadedEventLoopGroup,
        logger: Logger,
        budget: FileDescriptorBudget = .process
    ) {
        self.configuration = configuration
        self.group = group
        let server = ServerContext(
            configuration: configuration,
            engines: endpoints.map { Engine(endpoint: $0, configuration: configuration) },
            webSockets: webSockets, fallback: fallback, logger: logger, budget: budget)
        self.server = server
        let eventLoops = group.makeIterator().map { $0 as any EventLoop }
        self.eventLoops = eventLoops
        var loops: [ObjectIdentifier: NIOLoopBoundBox<LoopContext>] = [:]
        for eventLoop in eventLoops {
            loops[ObjectIdentifier(eventLoop)] = LoopContext.make(on: eventLoop, server: server)
        }
        self.loops = loops
    }

    /// Puts the HTTP handlers into a new connection's pipeline.
    static func configure(_ channel: any Channel, _ loop: LoopContext) throws {
        let configuration = loop.server.configuration
        var limits = NIOHTTPDecoderLimitConfiguration()
        // One more than ours each: the exact limits are checked where the right status can be told.
        limits.maxHeaderFieldSize = max(configuration.maxHeaderBytes, configuration.maxRequestLine) + 1
        limits.maxHeaderListSize = configuration.maxHeaderBytes + configuration.maxRequestLine + 1
        limits.maxHeaderFieldCount = configuration.maxHeaderCount + 1
        let connection = HTTPConnection(loop: loop)
        let byteGuard = RawByteGuardHandler(connection: connection)
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(
                leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop,
                limitConfiguration: limits))
        let encoder = HTTPResponseEncoder()
        let validator = NIOHTTPResponseHeadersValidator()
        try ReadBufferAllocator.use(in: channel)
        let operations = channel.pipeline.syncOperations
        if let tls = configuration.tls { try operations.addHandler(NIOSSLServerHandler(context: tls.context)) }
        try operations.addHandler(byteGuard)
        try operations.addHandler(decoder)
        try operations.addHandler(encoder)
        try operations.addHandler(validator)
        try operations.addHandler(connection)
        connection.httpHandlers = [connection, validator, encoder, byteGuard, decoder]
        loop.connectionOpened()
    }

    /// Refuses handshakes with 503 from now on, and closes connections after the answer under way.
    package func beginDraining() {
        server.isClosing = true
    }

    /// Closes all sessions with `reason`, in slices over `duration`, so that their clients do not come back at once.
    package func closeSessions(_ reason: CloseReason = .serverShuttingDown, over duration: TimeAmount = .zero) async {
        let sessions = server.engines.flatMap(\.sessions.all)
        let pause = duration.nanoseconds / Int64(max(1, sessions.count / Self.sessionsPerSlice))
        var rest = sessions[...]
        while !rest.isEmpty {
            let slice = rest.prefix(Self.sessionsPerSlice)
            rest = rest.dropFirst(Self.sessionsPerSlice)
            for session in slice { session.onHomeLoop { $0.close(reason) } }
            guard !rest.isEmpty, pause > 0 else { continue }
            do {
                try await Task.sleep(for: .nanoseconds(pause))
            } catch {
                // Cancelled: the rest at once.
                continue
            }
        }
    }

    private static let sessionsPerSlice = 100

    /// Closes the sessions for whose clients more waits than the soft mark allows, as `slow_consumer`: where memory is short,
    /// nobody is given time to catch up.
    package func closeCongestedSessions() async {
        let byLoop = Dictionary(grouping: server.engines.flatMap(\.sessions.all)) { ObjectIdentifier($0.eventLoop) }
        for sessions in byLoop.values {
            sessions.first?.eventLoop.execute {
                for session in sessions where session.isOpen && session.isCongested { session.fail(.slowConsumer) }
            }
        }
    }

    /// Stops accepting, closes all sessions, lets answers under way finish until `deadline` from now, then closes
    /// every connection.
    package func shutdown(deadline: TimeAmount = .seconds(5)) async throws {
        beginDraining()
        try await stopAccepting()
        await closeSessions()
        let end = NIODeadline.now() + deadline
        await onEveryLoop { loop in
            for target in loop.timerTargets { target.serverIsClosing() }
        }
        while await metrics().connectionsOpen > 0, NIODeadline.now() < end, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
        await onEveryLoop { loop in
            for target in loop.timerTargets { target.closeNow() }
        }
    }

    /// Sessions open now, over all engines.
    package var sessionCount: Int { server.engines.reduce(0) { $0 + $1.sessions.count } }

    /// The counters of all loops, added up.
    package func metrics() async -> TransportMetrics {
        var sum = TransportMetrics()
        for eventLoop in eventLoops {
            guard let loop = loops[ObjectIdentifier(eventLoop)],
                let metrics = try? await eventLoop.submit({ loop.value.snapshot }).get()
            else { continue }
            sum += metrics
        }
        return sum
    }

    private func onEveryLoop(_ work: @escaping @Sendable (LoopContext) -> Void) async {
        for eventLoop in eventLoops {
            guard let loop = loops[ObjectIdentifier(eventLoop)] else { continue }
            try? await eventLoop.submit { work(loop.value) }.get()
        }
    }
}
