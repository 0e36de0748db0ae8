/// A value that must never be printed: a token, a key, a password, a database URL.
///
/// It has no textual form but a placeholder, so neither interpolation, `dump` nor a log line can leak it;
/// `reveal()` is what a reader searches for.
struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    init(_ value: String) {
        self.value = value
    }

    /// The value itself, for the one place that needs it.
    func reveal() -> String { self.value }

    var description: String { "<secret>" }
    var debugDescription: String { "<secret>" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
