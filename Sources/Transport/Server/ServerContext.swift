internal import EngineIO
internal import Logging
internal import NIOCore
internal import Synchronization

/// What all loops of a server share, all of it immutable or atomic.
final class ServerContext: Sendable {
    let configuration: TransportConfiguration
    let engines: [Engine]
    let webSockets: [WebSocketEndpoint]
    let fallback: any FallbackHandler
    let logger: Logger
    let budget: FileDescriptorBudget
    /// Resolution of every timer.
    let timerTick: TimeAmount
    private let closing = Atomic(false)
    private let warnedOfExhaustionAt = Mutex<NIODeadline?>(nil)

    init(
        configuration: TransportConfiguration,
        engines: [Engine],
        webSockets: [WebSocketEndpoint],
        fallback: any FallbackHandler,
        logger: Logger,
        budget: FileDescriptorBudget
    ) {
        self.configuration = configuration
        self.engines = engines
        self.webSockets = webSockets
        self.fallback = fallback
        self.logger = logger
        self.budget = budget
        // A fiftieth of the shortest heartbeat: late enough to share wake-ups, early enough for test settings.
        let shortest = engines.map { min($0.configuration.pingInterval, $0.configuration.pingTimeout) }.min()
        let tick = (shortest?.nanoseconds ?? .max) / 50
        timerTick = .nanoseconds(min(max(tick, 5_000_000), 100_000_000))
    }

    /// Whether connections speak TLS.
    var isSecure: Bool { configuration.tls != nil }

    /// Whether frames may be written to the socket itself: not where a handler of the channel, such as TLS, changes the
    /// bytes on their way.
    var writesPastChannels: Bool { !isSecure }

    /// Whether the server is going away: connections end after the answer under way.
    var isClosing: Bool {
        get { closing.load(ordering: .relaxed) }
        set { closing.store(newValue, ordering: .relaxed) }
    }

    /// Says that nothing can be accepted; once in a minute, whichever listeners find out.
    func warnOfExhaustion(_ error: IOError, now: NIODeadline) {
        let isDue = warnedOfExhaustionAt.withLock { warnedAt in
            if let warnedAt, now - warnedAt < .minutes(1) { return false }
            warnedAt = now
            return true
        }
        guard isDue else { return }
        logger.warning("out of file descriptors or memory: accepting pauses", metadata: ["error": "\(error)"])
    }
}
