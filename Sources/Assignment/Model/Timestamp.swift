/// An instant of the database's clock: microseconds since 1970-01-01T00:00:00Z.
///
/// Nodes never stamp anything with their own clock; every value of this type was read from PostgreSQL.
package struct Timestamp: Sendable, Hashable, Comparable, Codable {
    package var microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.microseconds < rhs.microseconds
    }

    /// This instant moved by a number of milliseconds, clamped at the representable range.
    package func advanced(byMilliseconds milliseconds: Int64) -> Timestamp {
        let (delta, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        let (sum, overflowed) = self.microseconds.addingReportingOverflow(delta)
        guard !overflow, !overflowed else {
            return Timestamp(microseconds: milliseconds < 0 ? .min : .max)
        }
        return Timestamp(microseconds: sum)
    }

    /// Milliseconds from `other` to this instant, rounded down.
    package func milliseconds(since other: Timestamp) -> Int64 {
        let (delta, overflow) = self.microseconds.subtractingReportingOverflow(other.microseconds)
        guard !overflow else { return self.microseconds < other.microseconds ? .min : .max }
        return delta >= 0 ? delta / 1000 : -((-delta + 999) / 1000)
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC with three decimals and `Z`, the only form in which times leave the gateway.
    package var description: String {
        var days = self.microseconds / 86_400_000_000
        var rest = self.microseconds % 86_400_000_000
        if rest < 0 {
            rest += 86_400_000_000
            days -= 1
        }
        // Days to civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let milliseconds = rest / 1000
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let hours = padded(milliseconds / 3_600_000, 2)
        let minutes = padded(milliseconds / 60_000 % 60, 2)
        let seconds = padded(milliseconds / 1000 % 60, 2)
        return "\(date)T\(hours):\(minutes):\(seconds).\(padded(milliseconds % 1000, 3))Z"
    }
}
