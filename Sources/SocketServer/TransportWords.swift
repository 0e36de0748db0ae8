internal import EngineIO
internal import SocketIO

extension Dialect {
    /// The dialect of clients that speak this revision of Engine.IO.
    init(_ revision: Revision) {
        self =
            switch revision {
            case .v3: .revision4
            case .v4: .revision5
            }
    }
}

extension DisconnectReason {
    /// The transport's reason in Socket.IO's words.
    init(_ reason: CloseReason) {
        self =
            switch reason {
            case .transportClose: .transportClose
            case .transportError: .transportError
            case .pingTimeout: .pingTimeout
            case .parseError: .parseError
            case .forcedClose: .forcedClose
            case .slowConsumer: .slowConsumer
            case .serverShuttingDown: .serverShuttingDown
            }
    }
}
