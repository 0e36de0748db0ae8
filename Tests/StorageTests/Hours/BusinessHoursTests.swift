import Assignment
import Testing

@testable import Storage

/// Open or closed, and until when: a table over the days on which clocks, weeks and years turn.
@Suite struct BusinessHoursTests {
    typealias Stretch = BusinessHours.Stretch

    /// Monday to Friday 9 to 14 and 16 to 19, Saturday 10 to 14.
    static let shop = BusinessHours(
        timeZone: "Europe/Madrid",
        weekly: Array(repeating: [Stretch(opens: 540, closes: 840), Stretch(opens: 960, closes: 1140)], count: 5)
            + [[Stretch(opens: 600, closes: 840)], []],
        holidays: [
            .init(date: date("2026-12-25")), .init(date: date("2026-12-24"), open: [Stretch(opens: 540, closes: 780)]),
        ])

    private static func date(_ text: String) -> CivilDate { CivilDate(text) ?? CivilDate(dayNumber: 0) }

    /// `2026-11-23T09:00:00Z`
    static func instant(_ text: String) -> Timestamp {
        let parts = text.dropLast().split(whereSeparator: { "-T:".contains($0) }).compactMap { Int64($0) }
        let day = CivilDate(year: parts[0], month: parts[1], day: parts[2])?.dayNumber ?? 0
        let second = day * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]
        return Timestamp(microseconds: second * 1_000_000)
    }

    struct Row: CustomTestStringConvertible {
        var name: String
        var hours: BusinessHours
        var now: String
        /// nil: open.
        var opens: String?

        var testDescription: String { "\(self.name) at \(self.now)" }
    }

    private static func nightly(_ zone: String) -> BusinessHours {
        BusinessHours(timeZone: zone, weekly: Array(repeating: [Stretch(opens: 1320, closes: 1800)], count: 7))
    }

    /// Open from 2:30 to 4 every day, where the clock jumps from 2 to 3.
    private static let early = BusinessHours(
        timeZone: "Europe/Madrid", weekly: Array(repeating: [Stretch(opens: 150, closes: 240)], count: 7))
    /// From 1:30 to 2:30 every day, which comes twice when the clock goes back from 3 to 2.
    private static let twice = BusinessHours(
        timeZone: "Europe/Madrid", weekly: Array(repeating: [Stretch(opens: 90, closes: 150)], count: 7))

    static let rows: [Row] = [
        Row(name: "Monday morning", hours: shop, now: "2026-11-23T08:00:00Z"),
        Row(name: "a second before", hours: shop, now: "2026-11-23T07:59:59Z", opens: "2026-11-23T08:00:00Z"),
        Row(name: "the last second", hours: shop, now: "2026-11-23T12:59:59Z"),
        Row(name: "siesta", hours: shop, now: "2026-11-23T13:00:00Z", opens: "2026-11-23T15:00:00Z"),
        Row(name: "evening", hours: shop, now: "2026-11-23T18:00:00Z", opens: "2026-11-24T08:00:00Z"),
        Row(name: "Saturday", hours: shop, now: "2026-11-21T12:00:00Z"),
        Row(name: "Saturday afternoon", hours: shop, now: "2026-11-21T13:00:00Z", opens: "2026-11-23T08:00:00Z"),
        Row(name: "Sunday", hours: shop, now: "2026-11-22T10:00:00Z", opens: "2026-11-23T08:00:00Z"),
        Row(name: "short day", hours: shop, now: "2026-12-24T11:59:59Z"),
        Row(name: "Christmas comes", hours: shop, now: "2026-12-24T12:00:00Z", opens: "2026-12-26T09:00:00Z"),
        Row(name: "Christmas", hours: shop, now: "2026-12-25T10:00:00Z", opens: "2026-12-26T09:00:00Z"),
        Row(name: "summer time", hours: shop, now: "2026-07-01T07:00:00Z"),
        Row(name: "summer morning", hours: shop, now: "2026-07-01T06:59:59Z", opens: "2026-07-01T07:00:00Z"),
        Row(name: "over the change", hours: shop, now: "2026-03-28T13:00:00Z", opens: "2026-03-30T07:00:00Z"),
        Row(name: "over the change back", hours: shop, now: "2026-10-24T12:00:00Z", opens: "2026-10-26T08:00:00Z"),
        Row(name: "opens inside the gap", hours: early, now: "2026-03-29T00:59:59Z", opens: "2026-03-29T01:00:00Z"),
        Row(name: "after the gap", hours: early, now: "2026-03-29T01:00:00Z"),
        Row(name: "closes after the gap", hours: early, now: "2026-03-29T02:00:00Z", opens: "2026-03-30T00:30:00Z"),
        Row(name: "first 2:15", hours: twice, now: "2026-10-25T00:15:00Z"),
        Row(name: "2:45 between", hours: twice, now: "2026-10-25T00:45:00Z"),
        Row(name: "second 2:15", hours: twice, now: "2026-10-25T01:15:00Z"),
        Row(name: "after both", hours: twice, now: "2026-10-25T01:30:00Z", opens: "2026-10-26T00:30:00Z"),
        Row(name: "the night before", hours: nightly("Europe/Madrid"), now: "2026-11-23T03:00:00Z"),
        Row(
            name: "morning after", hours: nightly("Europe/Madrid"), now: "2026-11-23T05:00:00Z",
            opens: "2026-11-23T21:00:00Z"),
        Row(name: "far east", hours: nightly("Pacific/Kiritimati"), now: "2026-11-23T08:00:00Z"),
        Row(name: "far west", hours: nightly("Pacific/Pago_Pago"), now: "2026-11-23T09:00:00Z"),
        Row(
            name: "quarter hours", hours: nightly("Asia/Kathmandu"), now: "2026-11-23T16:14:59Z",
            opens: "2026-11-23T16:15:00Z"),
        Row(name: "UTC", hours: nightly("UTC"), now: "2026-11-23T22:00:00Z"),
    ]

    @Test(arguments: rows)
    func opensWhenItShould(_ row: Row) {
        let expected: BusinessHours.State =
            row.opens.map { .closed(nextOpenAt: Self.instant($0)) } ?? .open
        #expect(row.hours.state(at: Self.instant(row.now)) == expected)
    }

    @Test func neverOpenIsClosedForGood() {
        let never = BusinessHours(timeZone: "UTC", weekly: Array(repeating: [], count: 7))
        #expect(never.state(at: Timestamp(microseconds: 0)) == .closed(nextOpenAt: nil))
        #expect(never.nextOpening(after: Timestamp(microseconds: 0)) == nil)
        let nowhere = BusinessHours(timeZone: "Mars/Olympus", weekly: never.weekly)
        #expect(nowhere.state(at: Timestamp(microseconds: 0)) == .open, "an unknown zone closes nothing")
    }

    /// The promised opening is one, and there is none before it; checked every eleven minutes.
    @Test(arguments: ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "America/St_Johns"])
    func theNextOpeningIsTheFirst(_ zone: String) {
        var random = SplitMix64(seed: 7)
        let year = Self.instant("2026-01-01T00:00:00Z").microseconds / 1_000_000
        for _ in 0..<25 {
            let weekly = (0..<7).map { _ -> [Stretch] in
                guard Bool.random(using: &random) else { return [] }
                let opens = Int.random(in: 0...1400, using: &random)
                return [Stretch(opens: opens, closes: opens + Int.random(in: 15...900, using: &random))]
            }
            let hours = BusinessHours(timeZone: zone, weekly: weekly)
            let start = year + Int64.random(in: 0...(525_600), using: &random) * 60
            guard let next = hours.nextOpening(after: Timestamp(microseconds: start * 1_000_000)) else { continue }
            #expect(hours.state(at: next) == .open, "\(zone) \(weekly) \(next)")
            for minute in stride(from: start, to: min(next.microseconds / 1_000_000, start + 86_400), by: 660) {
                let then = Timestamp(microseconds: minute * 1_000_000)
                #expect(hours.state(at: then) == .closed(nextOpenAt: next), "\(zone) \(weekly) \(then)")
            }
        }
    }

    @Test(arguments: [
        ("Europe/Madrid", true), ("UTC", true), ("America/Argentina/Buenos_Aires", true), ("CEST", false),
        ("madrid", false), ("", false), ("+02:00", false),
    ])
    func zonesAreNamesOfPlaces(_ identifier: String, _ isKnown: Bool) {
        #expect(BusinessHours.knows(timeZone: identifier) == isKnown)
    }

    @Test(arguments: [
        ("1970-01-01", 0, 3), ("2026-11-21", 20_778, 5), ("2000-02-29", 11_016, 1), ("1969-12-28", -4, 6),
        ("0001-01-01", -719_162, 0), ("9999-12-31", 2_932_896, 4),
    ])
    func datesAreDays(_ text: String, _ number: Int64, _ weekday: Int) throws {
        let date = try #require(CivilDate(text))
        #expect(date.dayNumber == number)
        #expect(date.weekday == weekday)
        #expect(date.description == text)
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "2026-1-1", "2026/01/01", "", "+026-01-01",
        "0000-01-01", "2026-01-01T00:00:00Z",
    ])
    func whatIsNoDateIsRefused(_ text: String) {
        #expect(CivilDate(text) == nil)
    }
}
