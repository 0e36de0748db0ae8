package import Logging
internal import Synchronization

/// Keeps what a server logs while strangers attack it, and says what is wrong with it.
///
/// Strangers decide how often a line is written and would like to decide what stands in it. So there may be one line
/// for a connection at most, and every line must be one of ours to the letter: nothing of what was received, no control
/// characters, no ids.
package struct LogWatch: Sendable {
    private final class Lines: Sendable {
        let texts = Mutex<[String]>([])
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = self.metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let text = metadata.reduce("\(event.message)") { "\($0) \($1.key)=\($1.value)" }
            self.lines.texts.withLock { $0.append(text) }
        }
    }

    private let lines = Lines()

    package init() {}

    /// Logs into this, debug and trace lines too.
    package var logger: Logger {
        Logger(label: "hostile") { [lines = self.lines] _ in Handler(lines: lines) }
    }

    package var texts: [String] { self.lines.texts.withLock { $0 } }

    /// What is wrong with the lines; nothing if they are as they should be.
    ///
    /// - Parameter incidents: what may have been worth a line: the connections that came.
    package func faults(incidents: Int) -> [String] {
        let texts = self.texts
        // Both are names of Swift cases, of which no stranger has a say.
        let ours = /Closing a connection violation=[A-Za-z0-9.()]{1,120}|A middleware failed error=[A-Za-z.()]{1,60}/
        let strange = texts.filter { $0.wholeMatch(of: ours) == nil }.map {
            "a line that is not ours: \($0.debugDescription)"
        }
        return Array(strange.prefix(3))
            + (texts.count > incidents ? ["\(texts.count) lines for \(incidents) connections"] : [])
    }
}
