internal import EngineIO
internal import NIOCore
internal import Synchronization
internal import Transport

/// Stands before the Socket.IO server: refuses handshakes while nobody could be served (503), those of a workspace that has
/// enough (503), and those of an address that has (429), before anything is allocated for them.
final class HandshakeGate: EngineHandler {
    private let server: any EngineHandler
    private let state: ServiceState
    private let addresses: CountedAddress
    private let badCredentials: BadCredentials
    private let guesses: Mutex<FailureBudget>
    private let load: LoadLevel
    private let isFull: @Sendable (EngineHandshake) -> Bool
    private let limiter: Mutex<AddressLimiter>
    private let jitter: @Sendable () -> Int

    /// - Parameter isFull: whether the workspace that a handshake names takes no more connections.
    init(
        before server: any EngineHandler,
        state: ServiceState,
        http: HTTPSettings,
        limits: LimitSettings,
        badCredentials: BadCredentials = BadCredentials(),
        load: LoadLevel = LoadLevel(),
        isFull: @escaping @Sendable (EngineHandshake) -> Bool = { _ in false },
        jitter: @escaping @Sendable () -> Int = { Int.random(in: 0...2) }
    ) {
        self.server = server
        self.state = state
        self.addresses = CountedAddress(http: http, limits: limits)
        self.badCredentials = badCredentials
        self.guesses = Mutex(FailureBudget(perMinute: limits.unknownSessionsPerMinute))
        self.load = load
        self.isFull = isFull
        self.limiter = Mutex(AddressLimiter(settings: limits))
        self.jitter = jitter
    }

    func admit(_ handshake: EngineHandshake) -> Admission {
        guard self.state.isReady, self.load.level == .everything else {
            return self.refusal(status: 503, message: "Service Unavailable", after: 1)
        }
        guard !self.isFull(handshake) else {
            return self.refusal(status: 503, message: "Service Unavailable", after: 5)
        }
        let admission = self.server.admit(handshake)
        guard case .accept = admission, let address = self.countedAddress(handshake) else { return admission }
        if let seconds = self.badCredentials.wait(address) {
            return self.refusal(status: 429, message: "Too Many Requests", after: seconds)
        }
        let now = self.now
        if let seconds = self.guesses.withLock({ $0.wait(address, now: now) }) {
            return self.refusal(status: 429, message: "Too Many Requests", after: seconds)
        }
        switch self.limiter.withLock({ $0.admit(address, now: now) }) {
        case .admitted: return .accept
        case .refused(let seconds): return self.refusal(status: 429, message: "Too Many Requests", after: seconds)
        }
    }

    /// A session that is not known may be one of before a restart: an honest client asks for it once and begins anew. Who asks
    /// for hundreds guesses.
    func refused(_ error: ConnectionError) {
        if case .unknownSession = error.cause, let address = self.addresses.of(error.request) {
            self.guesses.withLock { $0.spend(address, now: self.now) }
        }
        self.server.refused(error)
    }

    func abandoned(_ handshake: EngineHandshake) {
        self.release(handshake)
        self.server.abandoned(handshake)
    }

    func opened(_ connection: EngineConnection) {
        self.server.opened(connection)
    }

    func received(_ message: EngineMessage, on connection: EngineConnection) {
        // At the end a message is left unanswered, as if it had come a moment later: its client sends it again elsewhere.
        guard self.state.phase != .closing else { return }
        self.server.received(message, on: connection)
    }

    func drained(_ connection: EngineConnection) {
        self.server.drained(connection)
    }

    func closed(_ connection: EngineConnection, reason: CloseReason) {
        self.release(connection.handshake)
        self.server.closed(connection, reason: reason)
    }

    private func release(_ handshake: EngineHandshake) {
        guard let address = self.countedAddress(handshake) else { return }
        self.limiter.withLock { $0.release(address) }
    }

    private var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }

    private func countedAddress(_ handshake: EngineHandshake) -> NetworkAddress? {
        self.addresses.of(handshake)
    }

    private func refusal(status: Int, message: String, after seconds: Int) -> Admission {
        .reject(Rejection(status: status, message: message, retryAfter: seconds + self.jitter()))
    }
}

extension CountedAddress {
    func of(_ request: EngineRequest) -> NetworkAddress? {
        self.of(
            peer: request.remoteAddress,
            forwardedFor: request.headers.filter { $0.name == "x-forwarded-for" }.map(\.value))
    }

    func of(_ handshake: EngineHandshake) -> NetworkAddress? {
        self.of(
            peer: handshake.remoteAddress,
            forwardedFor: handshake.headers.filter { $0.name == "x-forwarded-for" }.map(\.value))
    }
}
