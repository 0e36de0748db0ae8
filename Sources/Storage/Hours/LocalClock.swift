internal import Foundation

/// The clock on a wall somewhere: local seconds since 1970-01-01 to instants and back.
struct LocalClock {
    private let zone: TimeZone

    /// - Returns: nil for an identifier that the time zone database does not have.
    init?(identifier: String) {
        guard let zone = TimeZone(identifier: identifier) else { return nil }
        self.zone = zone
    }

    /// Local minus universal time, in seconds.
    func offset(at second: Int64) -> Int64 {
        Int64(self.zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    /// The first instant at which the wall shows `local` or later.
    func firstInstant(of local: Int64) -> Int64 { self.instants(of: local).first }

    /// The last instant before which the wall shows less than `local`, once and for all.
    func lastInstant(of local: Int64) -> Int64 { self.instants(of: local).last }

    private func instants(of local: Int64) -> (first: Int64, last: Int64) {
        // No zone changes twice within two days.
        let before = self.offset(at: local - 86_400)
        let after = self.offset(at: local + 86_400)
        let shown = [local - before, local - after].filter { local - $0 == self.offset(at: $0) }
        if let first = shown.min(), let last = shown.max() { return (first, last) }
        // The wall never shows it: the clock is put forward over it, at the instant between these two.
        var low = local - max(before, after)
        var high = local - min(before, after)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if self.offset(at: middle) == before { low = middle } else { high = middle }
        }
        return (high, high)
    }
}

extension Int64 {
    /// Division that rounds down. The divisor is positive.
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension BusinessHours {
    /// Whether `identifier` names a place whose rules are known. Foundation also takes abbreviations, such as `CEST`,
    /// which name neither.
    package static func knows(timeZone identifier: String) -> Bool {
        identifier == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(identifier)
    }
}
