/// How a duration is written in settings: a number of seconds, or a number with `ms`, `s`, `m`, `h` or `d`.
enum DurationText {
    /// The longest duration that a setting may name: a hundred years keep every later sum in range.
    static let longest: Duration = .seconds(100 * 366 * 86_400)

    /// Reads `text`, or returns `nil` where it is not a duration in this form.
    static func parse(_ text: String) -> Duration? {
        let trimmed = text.trimmedSpaces
        let digits = trimmed.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard !digits.isEmpty, let milliseconds = Self.milliseconds(ofUnit: trimmed[digits.endIndex...]) else {
            return nil
        }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), let number = Double(digits) else { return nil }
        let total = number * milliseconds
        guard total.isFinite, let whole = Int64(exactly: total.rounded()) else { return nil }
        let duration = Duration.milliseconds(whole)
        guard duration <= Self.longest, total == 0 || whole > 0 else { return nil }
        return duration
    }

    private static func milliseconds(ofUnit unit: Substring) -> Double? {
        switch unit.drop(while: { $0 == " " }) {
        case "", "s": 1000
        case "ms": 1
        case "m": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down; the form in which the use cases reckon.
    var inMilliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return overflowed ? (seconds < 0 ? .min : .max) : sum
    }
}

extension String {
    /// Without leading and trailing spaces and tabs.
    var trimmedSpaces: Substring {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var view = self.drop(while: blank)
        while let last = view.last, blank(last) { view.removeLast() }
        return view
    }
}
