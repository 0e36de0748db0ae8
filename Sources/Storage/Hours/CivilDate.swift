internal import Assignment

/// A day of the Gregorian calendar, of no time zone in particular.
package struct CivilDate: Sendable, Hashable {
    /// Days since 1970-01-01.
    package var dayNumber: Int64

    package init(dayNumber: Int64) {
        self.dayNumber = dayNumber
    }

    /// - Returns: nil for a day that no calendar has, such as February 30, and for years outside 1 to 9999.
    package init?(year: Int64, month: Int64, day: Int64) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Civil date to days: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.dayNumber = era * 146_097 + dayOfEra - 719_468
        guard self.description.hasSuffix("-\(day < 10 ? "0" : "")\(day)") else { return nil }
    }

    /// Reads `2026-12-25`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }),
            let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// 0 is Monday.
    var weekday: Int { Int((self.dayNumber % 7 + 10) % 7) }
}

extension CivilDate: CustomStringConvertible {
    /// `2026-12-25`
    package var description: String {
        let midnight = Timestamp(microseconds: self.dayNumber * 86_400_000_000)
        return String(midnight.description.prefix { $0 != "T" })
    }
}

extension CivilDate: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let date = CivilDate(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a date"))
        }
        self = date
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
