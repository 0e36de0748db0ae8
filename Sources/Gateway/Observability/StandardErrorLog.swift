internal import Foundation
internal import Logging

/// Writes entries to stderr, one line each whatever they contain.
///
/// Each entry is one `write` of one line; control characters and line separators never reach the terminal raw, and a
/// metadata value is cut, so that a hostile user agent can neither forge entries nor fill the disk.
struct StandardErrorLog: LogHandler {
    /// Bytes of a metadata value that are kept.
    private static let longestValue = 256
    /// Bytes of a message that are kept.
    private static let longestMessage = 2048

    let label: String
    let format: LogSettings.Format
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    /// Where lines go; stderr but in tests.
    let write: @Sendable (String) -> Void

    init(
        label: String,
        settings: LogSettings,
        write: @escaping @Sendable (String) -> Void = { StandardErrorLog.writeToStandardError($0) }
    ) {
        self.label = label
        self.format = settings.format
        self.logLevel = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { _, new in new } }
        if let own = event.metadata { metadata.merge(own) { _, new in new } }
        let fields = metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
        self.write(self.line(level: event.level, message: event.message.description, fields: fields, at: Self.now()))
    }

    /// The line of an entry, line feed included.
    func line(level: Logger.Level, message: String, fields: [(key: String, value: String)], at time: String) -> String {
        let message = Self.cut(message, at: Self.longestMessage)
        switch self.format {
        case .text:
            var line = "\(time) \(level.rawValue) \(self.label): "
            Self.escape(message, into: &line, quotes: false)
            for (key, value) in fields {
                line += " \(key)="
                let value = Self.cut(value, at: Self.longestValue)
                if value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) {
                    line += "\""
                    Self.escape(value, into: &line, quotes: true)
                    line += "\""
                } else {
                    Self.escape(value, into: &line, quotes: false)
                }
            }
            return line + "\n"
        case .json:
            var line =
                "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"logger\":\"\(self.label)\",\"message\":\""
            Self.escape(message, into: &line, quotes: true)
            line += "\""
            for (key, value) in fields {
                line += ",\""
                Self.escape(key, into: &line, quotes: true)
                line += "\":\""
                Self.escape(Self.cut(value, at: Self.longestValue), into: &line, quotes: true)
                line += "\""
            }
            return line + "}\n"
        }
    }

    /// Escapes as JSON does, and with it every control character and the two separators that end lines in JavaScript.
    private static func escape(_ text: String, into line: inout String, quotes: Bool) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where quotes: line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value),
                "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: line.unicodeScalars.append(scalar)
            }
        }
    }

    private static func cut(_ text: String, at length: Int) -> String {
        guard text.utf8.count > length else { return text }
        return String(decoding: text.utf8.prefix(length), as: UTF8.self) + "…"
    }

    /// Wall-clock time for readers of the log; nothing is ever decided by it.
    private static func now() -> String {
        Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// One system call a line, so that lines of several threads never mix. Nobody can be told when stderr is gone.
    @Sendable static func writeToStandardError(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, rest.count > 0 {
                let written = Foundation.write(STDERR_FILENO, base, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}
