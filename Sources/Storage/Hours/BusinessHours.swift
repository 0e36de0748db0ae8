package import Assignment

/// When a queue is open: weekly stretches of local time, and days on which others hold.
///
/// A value: what it answers depends on nothing but the instant that it is asked about and the time zone's rules.
package struct BusinessHours: Sendable, Hashable, Codable {
    /// Open from one minute of a local day to another.
    package struct Stretch: Sendable, Hashable, Codable {
        /// Minutes after midnight, 0 to 1439.
        package var opens: Int
        /// Minutes after the same midnight, above `opens`; above 1440 it runs into the next day.
        package var closes: Int

        package init(opens: Int, closes: Int) {
            self.opens = opens
            self.closes = closes
        }
    }

    /// A day on which the weekly stretches do not hold.
    package struct Holiday: Sendable, Hashable, Codable {
        package var date: CivilDate
        /// Empty: closed all day.
        package var open: [Stretch]

        package init(date: CivilDate, open: [Stretch] = []) {
            self.date = date
            self.open = open
        }
    }

    /// What there is to know at an instant.
    package enum State: Sendable, Hashable {
        case open
        /// - nextOpenAt: nil where it does not open within a year.
        case closed(nextOpenAt: Timestamp?)
    }

    /// An identifier of the IANA time zone database, such as `Europe/Madrid`.
    package var timeZone: String
    /// Seven lists, Monday first.
    package var weekly: [[Stretch]]
    package var holidays: [Holiday]

    package init(timeZone: String, weekly: [[Stretch]], holidays: [Holiday] = []) {
        self.timeZone = timeZone
        self.weekly = weekly
        self.holidays = holidays
    }

    /// How far ahead the next opening is looked for; a year's holidays are not overlooked.
    private static let horizon: Int64 = 366

    /// Whether the queue is open at `now`, and if not, when it opens.
    ///
    /// Where the clock jumps over an opening time, it opens at the jump; an hour that comes twice is open both times.
    /// A zone that nobody knows (any more) closes nothing.
    package func state(at now: Timestamp) -> State {
        guard let clock = LocalClock(identifier: self.timeZone) else { return .open }
        let second = now.microseconds.flooredQuotient(by: 1_000_000)
        let today = (second + clock.offset(at: second)).flooredQuotient(by: 86_400)
        // A stretch may have begun the day before; one more day where a zone's day is shorter than ours.
        for day in (today - 2)...(today + 1) {
            for stretch in self.stretches(on: day) {
                let (opens, closes) = Self.instants(of: stretch, on: day, clock)
                if opens <= second, second < closes { return .open }
            }
        }
        for day in (today - 1)...(today + Self.horizon) {
            let next = self.stretches(on: day).map { Self.instants(of: $0, on: day, clock) }
                .filter { $0.opens > second && $0.opens < $0.closes }.map(\.opens).min()
            if let next { return .closed(nextOpenAt: Timestamp(microseconds: next * 1_000_000)) }
        }
        return .closed(nextOpenAt: nil)
    }

    /// When it opens next; nil while it is open, and where it stays closed for a year.
    package func nextOpening(after now: Timestamp) -> Timestamp? {
        if case .closed(let next) = self.state(at: now) { next } else { nil }
    }

    /// When it next begins to be open, whether it is open now or not; nil where that is not within a year, or it never
    /// closes.
    package func openingAfterThis(_ now: Timestamp) -> Timestamp? {
        guard case .open = self.state(at: now) else { return self.nextOpening(after: now) }
        return self.end(ofStretchAt: now).flatMap { self.nextOpening(after: $0) }
    }

    /// When the stretch ends that is open at `now`, though another may go on from there; nil where none is, or in a zone
    /// that nobody knows.
    func end(ofStretchAt now: Timestamp) -> Timestamp? {
        guard let clock = LocalClock(identifier: self.timeZone) else { return nil }
        let second = now.microseconds.flooredQuotient(by: 1_000_000)
        let today = (second + clock.offset(at: second)).flooredQuotient(by: 86_400)
        let ends = ((today - 2)...(today + 1)).flatMap { day in
            self.stretches(on: day).map { Self.instants(of: $0, on: day, clock) }
        }.filter { $0.opens <= second && second < $0.closes }.map(\.closes)
        return ends.max().map { Timestamp(microseconds: $0 * 1_000_000) }
    }

    private func stretches(on dayNumber: Int64) -> [Stretch] {
        let date = CivilDate(dayNumber: dayNumber)
        if let holiday = self.holidays.first(where: { $0.date == date }) { return holiday.open }
        return self.weekly.indices.contains(date.weekday) ? self.weekly[date.weekday] : []
    }

    private static func instants(
        of stretch: Stretch, on day: Int64, _ clock: LocalClock
    ) -> (opens: Int64, closes: Int64) {
        let midnight = day * 86_400
        return (
            clock.firstInstant(of: midnight + Int64(stretch.opens) * 60),
            clock.lastInstant(of: midnight + Int64(stretch.closes) * 60)
        )
    }
}
