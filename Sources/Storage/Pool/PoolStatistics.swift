/// What the pool does at this moment, for metrics and readiness.
package struct PoolStatistics: Sendable, Equatable {
    /// Whether at least one connection works.
    package var isAvailable: Bool
    package var idle = 0
    package var busy = 0
    /// Connections that are being made.
    package var down = 0
    package var waiting: [Lane: Int] = [:]

    package init(isAvailable: Bool, waiting: [Lane: Int] = [:]) {
        self.isAvailable = isAvailable
        self.waiting = waiting
    }
}
