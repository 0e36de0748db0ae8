internal import Assignment

/// Readers of PostgreSQL's text forms. `nil` for anything that PostgreSQL does not write under our session settings
/// (`DateStyle` ISO, `TimeZone` UTC, `bytea_output` hex).
enum TextForm {
    /// `\x` and two hexadecimal digits a byte.
    static func bytes(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count >= 2, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x"), text.count % 2 == 0 else {
            return nil
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = Self.nibble(text[index]), let low = Self.nibble(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// An array of one dimension without NULLs: `{a,"b c","d\"e"}`.
    static func array(_ text: UnsafeBufferPointer<UInt8>) -> [String]? {
        guard text.count >= 2, text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") else { return nil }
        var elements: [String] = []
        var index = 1
        let end = text.count - 1
        while index < end {
            var element: [UInt8] = []
            let isQuoted = text[index] == UInt8(ascii: "\"")
            if isQuoted {
                index += 1
                while index < end, text[index] != UInt8(ascii: "\"") {
                    if text[index] == UInt8(ascii: "\\") { index += 1 }
                    guard index < end else { return nil }
                    element.append(text[index])
                    index += 1
                }
                guard index < end else { return nil }
                index += 1
            } else {
                while index < end, text[index] != UInt8(ascii: ",") {
                    // A brace opens a second dimension.
                    guard text[index] != UInt8(ascii: "{") else { return nil }
                    element.append(text[index])
                    index += 1
                }
                guard element != Array("NULL".utf8) else { return nil }
            }
            elements.append(String(decoding: element, as: UTF8.self))
            guard index < end else { break }
            guard text[index] == UInt8(ascii: ","), index + 1 < end else { return nil }
            index += 1
        }
        return elements
    }

    /// `2026-11-21 09:21:33.123456+00`, `infinity` or `-infinity`.
    static func timestamp(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        if text.elementsEqual("infinity".utf8) { return Timestamp(microseconds: .max) }
        if text.elementsEqual("-infinity".utf8) { return Timestamp(microseconds: .min) }
        var fields = Fields(text: text)
        guard let year = fields.number(4...6), fields.skip("-"),
            let month = fields.number(2...2), (1...12).contains(month), fields.skip("-"),
            let day = fields.number(2...2), (1...31).contains(day), fields.skip(" "),
            let hour = fields.number(2...2), hour < 24, fields.skip(":"),
            let minute = fields.number(2...2), minute < 60, fields.skip(":"),
            let second = fields.number(2...2), second < 60
        else { return nil }
        var microsecond: Int64 = 0
        if fields.skip(".") {
            let start = fields.index
            guard let fraction = fields.number(1...6) else { return nil }
            microsecond = (0..<(6 - (fields.index - start))).reduce(fraction) { value, _ in value * 10 }
        }
        guard fields.skip("+"), fields.number(2...2) == 0, fields.isAtEnd else { return nil }
        // Civil date to days: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
        return Timestamp(microseconds: seconds * 1_000_000 + microsecond)
    }

    /// A cursor over the digits and separators of a date.
    private struct Fields {
        let text: UnsafeBufferPointer<UInt8>
        var index = 0

        var isAtEnd: Bool { self.index == self.text.count }

        mutating func number(_ digits: ClosedRange<Int>) -> Int64? {
            var value: Int64 = 0
            let start = self.index
            while self.index < self.text.count, self.index - start < digits.upperBound,
                case let digit = self.text[self.index], (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
            {
                value = value * 10 + Int64(digit - UInt8(ascii: "0"))
                self.index += 1
            }
            return self.index - start >= digits.lowerBound ? value : nil
        }

        mutating func skip(_ separator: Unicode.Scalar) -> Bool {
            guard self.index < self.text.count, self.text[self.index] == UInt8(ascii: separator) else { return false }
            self.index += 1
            return true
        }
    }
}
