internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Transport

/// The listener of `metricsPort`. It answers until the rest has ended.
struct MetricsListener: Service {
    let transport: TransportServer
    let logger: Logger

    func run() async throws {
        let address = try await self.transport.start()
        self.logger.info("metrics", metadata: [LogKey.port.rawValue: "\(address.port ?? 0)"])
        try? await gracefulShutdown()
        try await self.transport.shutdown(deadline: .seconds(1))
    }
}
