package import EngineIO
package import Logging
package import NIOCore
package import NIOPosix

/// The one listening server: binds, parses HTTP/1, answers Engine.IO on the event loops and hands every other request
/// to the fallback.
package final class TransportServer: Sendable {
    package let configuration: TransportConfiguration

    /// - Parameter group: where everything runs; its number of loops is the server's parallelism. The caller owns it.
    package init(
        configuration: TransportConfiguration,
        endpoints: [EngineEndpoint],
        fallback: any FallbackHandler,
        group: MultiThreadedEventLoopGroup,
        logger: Logger
    ) {
        self.configuration = configuration
    }

    /// Binds and begins to accept; returns the bound address (the port that the system chose, for port 0).
    @discardableResult
    package func start() async throws -> SocketAddress {
        throw ChannelError.operationUnsupported
    }

    /// Stops accepting connections; established ones go on.
    package func stopAccepting() async throws {}

    /// Closes all sessions with `reason`, in slices over `duration`, so that their clients do not come back at once.
    package func closeSessions(_ reason: CloseReason = .serverShuttingDown, over duration: TimeAmount = .zero) async {}

    /// Stops accepting, closes all sessions, lets answers under way finish until `deadline`, then closes every
    /// connection.
    package func shutdown(deadline: TimeAmount = .seconds(5)) async throws {}

    /// The counters of all loops, added up.
    package func metrics() async -> TransportMetrics { TransportMetrics() }
}
