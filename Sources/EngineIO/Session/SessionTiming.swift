package import NIOCore

/// The durations that a session's machine works with.
package struct SessionTiming: Sendable, Equatable {
    package var pingInterval: TimeAmount
    package var pingTimeout: TimeAmount
    package var upgradeTimeout: TimeAmount
    package var pollingCloseTimeout: TimeAmount

    package init(_ configuration: EngineConfiguration) {
        pingInterval = configuration.pingInterval
        pingTimeout = configuration.pingTimeout
        upgradeTimeout = configuration.upgradeTimeout
        pollingCloseTimeout = configuration.pollingCloseTimeout
    }
}
