internal import Logging

/// The keys that log entries may carry. A closed set: no entry of ours can carry a text, a token or a key by accident.
enum LogKey: String {
    case chat
    case requestID = "hb.request.id"
    case connection
    case workspace
    case role
    case subject
    case code
    case reason
    case event
    case error
    case expiry
    case method
    case path
    case status
    case milliseconds = "ms"
    case port
    case host
    case variable
    case count
    case version
    case endpoint
    case delivery

    /// What stands in the log for a connection: enough of its socket's id to follow it. Not all, because a Socket.IO 2
    /// client's id is its session's, and whoever knows that can take the session over.
    static func label(connection id: String) -> String { String(id.prefix(6)) }
}

extension Logger {
    /// A copy that carries `value` with every entry.
    func with(_ key: LogKey, _ value: some CustomStringConvertible & Sendable) -> Logger {
        var copy = self
        copy[metadataKey: key.rawValue] = .stringConvertible(value)
        return copy
    }

    func debug(_ message: Logger.Message, error: any Error) {
        self.debug(message, metadata: [LogKey.error.rawValue: "\(error)"])
    }

    func warning(_ message: Logger.Message, error: any Error) {
        self.warning(message, metadata: [LogKey.error.rawValue: "\(error)"])
    }

    func error(_ message: Logger.Message, error: any Error) {
        self.error(message, metadata: [LogKey.error.rawValue: "\(error)"])
    }
}
