/// Dates as JavaScript's `toJSON` writes them: `2026-11-21T13:50:13.000Z`.
package enum ISODate {
    /// The text of a time in milliseconds since 1970; nil beyond what a JavaScript date can hold.
    package static func text(_ milliseconds: Int64) -> String? {
        guard milliseconds.magnitude <= 8_640_000_000_000_000 else { return nil }
        let (days, rest) = self.divide(milliseconds, 86_400_000)
        let (year, month, day) = self.civil(days)
        let date = "\(self.year(year))-\(self.pad(month, 2))-\(self.pad(day, 2))"
        let time =
            "\(self.pad(rest / 3_600_000, 2)):\(self.pad(rest / 60_000 % 60, 2)):\(self.pad(rest / 1000 % 60, 2))"
        return "\(date)T\(time).\(self.pad(rest % 1000, 3))Z"
    }

    /// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar extended both ways.
    ///
    /// Years are taken to begin in March, so that the leap day is their last one; 400 of them have 146,097 days.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = self.divide(day + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Division that rounds down.
    private static func divide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func year(_ year: Int64) -> String {
        (0...9999).contains(year) ? self.pad(year, 4) : (year < 0 ? "-" : "+") + self.pad(abs(year), 6)
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
