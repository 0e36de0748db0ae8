internal import Logging

/// Which event an entry of the log is about: never what it says.
struct EventTrace: Sendable {
    /// The event's name; a name that is none could be anything, and is left out.
    var event: String?
    /// The chat that it names or that came of it.
    var chat: String?
    var socket: String
    /// By which a report can be found again: what the client gets with the `error` event.
    var request = RequestID.next()

    /// Made for an entry that is written, and for nothing else.
    func metadata(_ more: KeyValuePairs<LogKey, String> = [:]) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            LogKey.event.rawValue: "\(self.event ?? "unknown")",
            LogKey.connection.rawValue: "\(LogKey.label(connection: self.socket))",
            LogKey.requestID.rawValue: "\(self.request)",
        ]
        if let chat { metadata[LogKey.chat.rawValue] = "\(chat)" }
        for (key, value) in more { metadata[key.rawValue] = "\(value)" }
        return metadata
    }
}
