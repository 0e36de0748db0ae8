internal import EngineIO

/// The place of each close reason in ``TransportMetrics/closes``.
enum CloseReasonIndex {
    static let count = CloseReason.allCases.count

    static subscript(reason: CloseReason) -> Int {
        switch reason {
        case .transportClose: 0
        case .transportError: 1
        case .pingTimeout: 2
        case .parseError: 3
        case .forcedClose: 4
        case .slowConsumer: 5
        case .serverShuttingDown: 6
        }
    }
}
