internal import Dispatch
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Storage
internal import Synchronization
internal import Transport
internal import UnixSignals

/// One life of `gateway serve`: from the first signal handler to the exit status.
final class GatewayProcess: Sendable {
    private enum Stage: Sendable {
        case starting
        case serving(ServiceGroup)
        /// Asked to end, once or more often.
        case ending
    }

    private let configuration: GatewayConfiguration
    private let metrics: MetricsRegistry
    private let systemd: SystemdNotifier?
    private let logger: Logger
    private let stage = Mutex(Stage.starting)

    init(configuration: GatewayConfiguration, metrics: MetricsRegistry, logger: Logger) {
        self.configuration = configuration
        self.metrics = metrics
        self.systemd = SystemdNotifier(environment: ProcessInfo.processInfo.environment)
        self.logger = logger
    }

    /// With fewer descriptors the process's own and those of its connections could meet, and libdispatch ends a process
    /// in which it cannot open a file.
    private static let leastDescriptors = 256

    /// Serves until a signal; returns once everything is closed.
    func run() async throws {
        let descriptors = FileDescriptorBudget.limit
        guard descriptors >= Self.leastDescriptors else {
            throw ConfigurationError(
                key: "LimitNOFILE",
                problem: "\(descriptors) file descriptors, and at least \(Self.leastDescriptors) are needed (ulimit -n)"
            )
        }
        // Before anything else: a signal during the start must not leave a PostgreSQL behind.
        let tls = try self.identity()
        // Without a certificate there is nothing to read again, and a closed terminal ends the process as always.
        let signals =
            tls == nil
            ? await UnixSignalsSequence(trapping: .sigterm, .sigint)
            : await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        signal(SIGPIPE, SIG_IGN)
        let life = Task { try await self.live(tls: tls) }
        let watch = Task {
            for await received in signals {
                if received == .sighup { self.reload(tls) } else { self.end(received, life: life) }
            }
        }
        defer { watch.cancel() }
        do {
            try await life.value
        } catch is CancellationError {
            // Ended while starting, as asked.
        }
    }

    private func live(tls: TLSIdentity?) async throws {
        let storage = try await OpenStorage.open(
            self.configuration.storage, silences: self.configuration.chat.silences, as: .gateway, logger: self.logger)
        do {
            try await self.serve(on: storage, tls: tls)
        } catch {
            await storage.close()
            throw error
        }
        await storage.close()
    }

    private func serve(on storage: OpenStorage, tls: TLSIdentity?) async throws {
        try Task.checkCancellation()
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: self.configuration.loops ?? Cores.available)
        let composition = Composition(
            configuration: self.configuration, storage: storage, metrics: self.metrics, loops: loops, tls: tls,
            systemd: self.systemd, logger: self.logger
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: try await composition.services(), logger: self.quiet)
        )
        let isWanted = self.stage.withLock { stage in
            guard case .starting = stage else { return false }
            stage = .serving(group)
            return true
        }
        guard isWanted else { throw CancellationError() }
        try await group.run()
        try await loops.shutdownGracefully()
    }

    // MARK: TLS

    private func identity() throws(ConfigurationError) -> TLSIdentity? {
        guard let certificate = self.configuration.tls.certificate, let key = self.configuration.tls.key else {
            return nil
        }
        let identity: TLSIdentity
        do throws(TLSIdentityError) {
            identity = try TLSIdentity(certificatePath: certificate, keyPath: key)
        } catch {
            throw ConfigurationError(key: "tls", problem: "\(error)")
        }
        guard !FileMode.isOpenToOthers(key) else {
            throw ConfigurationError(key: "tls.key", problem: Self.isOpen(key))
        }
        self.report(identity)
        return identity
    }

    private func reload(_ identity: TLSIdentity?) {
        guard let identity else { return }
        guard !FileMode.isOpenToOthers(identity.keyPath) else {
            return self.logger.error(
                "the certificate in use stays", metadata: [LogKey.error.rawValue: "\(Self.isOpen(identity.keyPath))"])
        }
        do throws(TLSIdentityError) {
            try identity.reload()
            self.report(identity)
        } catch {
            self.logger.error("the certificate in use stays", metadata: [LogKey.error.rawValue: "\(error)"])
        }
    }

    private static func isOpen(_ key: String) -> String { "\(key) can be read by others: chmod 600 it" }

    private func report(_ identity: TLSIdentity) {
        let isExpired = identity.expiry <= Date()
        self.logger.log(
            level: isExpired ? .error : .info, isExpired ? "the certificate has expired" : "certificate read",
            metadata: [LogKey.expiry.rawValue: "\(identity.expiry.formatted(.iso8601))"])
    }

    // MARK: The end

    /// The first signal ends in order, a later one at once.
    private func end(_ signal: UnixSignal, life: Task<Void, any Error>) {
        let before = self.stage.withLock { stage in
            defer { stage = .ending }
            return stage
        }
        switch before {
        case .starting:
            self.logger.info("ending before the start was over")
            self.systemd?.send(.stopping)
            life.cancel()
        case .serving(let group):
            self.systemd?.send(.stopping)
            Task { await group.triggerGracefulShutdown() }
        case .ending:
            self.logger.warning("ending at once")
            exit(128 + signal.rawValue)
        }
        // A transaction that hangs, or a client that does not read, keeps nobody beyond the timeout.
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .milliseconds(Int(self.configuration.drain.timeout.inMilliseconds))
        ) {
            [logger] in
            logger.warning("drain.timeout is over")
            exit(0)
        }
    }

    /// ServiceLifecycle tells every step of its own at debug; ours are enough.
    private var quiet: Logger {
        var logger = self.logger
        logger.logLevel = max(.warning, logger.logLevel)
        return logger
    }
}
