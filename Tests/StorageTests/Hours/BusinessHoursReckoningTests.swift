import Assignment
import Testing

@testable import Storage

/// Reckoning with open time: over siestas, weekends, holidays and the nights in which clocks turn.
@Suite struct BusinessHoursReckoningTests {
    private static let shop = BusinessHoursTests.shop
    private static let always = BusinessHours(
        timeZone: "UTC", weekly: Array(repeating: [.init(opens: 0, closes: 1440)], count: 7))
    private static let never = BusinessHours(timeZone: "UTC", weekly: Array(repeating: [], count: 7))

    struct Row: Sendable {
        var hours: BusinessHours
        var from: String
        var minutes: Int64
        var to: String?
    }

    static let rows: [Row] = [
        Row(hours: shop, from: "2026-11-23T08:00:00Z", minutes: 60, to: "2026-11-23T09:00:00Z"),
        Row(hours: shop, from: "2026-11-23T12:30:00Z", minutes: 40, to: "2026-11-23T15:10:00Z"),
        Row(hours: shop, from: "2026-11-23T14:00:00Z", minutes: 10, to: "2026-11-23T15:10:00Z"),
        // Saturday noon to Monday, and Christmas.
        Row(hours: shop, from: "2026-11-21T12:30:00Z", minutes: 45, to: "2026-11-23T08:15:00Z"),
        Row(hours: shop, from: "2026-12-24T11:30:00Z", minutes: 60, to: "2026-12-26T09:30:00Z"),
        Row(hours: always, from: "2026-11-23T12:30:00Z", minutes: 3 * 1440, to: "2026-11-26T12:30:00Z"),
        Row(hours: never, from: "2026-11-23T12:30:00Z", minutes: 1, to: nil),
    ]

    @Test(arguments: rows)
    func openTimeIsAddedAndCounted(_ row: Row) throws {
        let start = BusinessHoursTests.instant(row.from)
        let end = row.hours.instant(after: start, openMilliseconds: row.minutes * 60_000)
        #expect(end == row.to.map(BusinessHoursTests.instant))
        guard let end else {
            #expect(row.hours.openMilliseconds(from: start, to: start.advanced(byMilliseconds: 1_000_000_000)) == 0)
            return
        }
        #expect(row.hours.openMilliseconds(from: start, to: end) == row.minutes * 60_000)
        #expect(row.hours.openMilliseconds(from: end, to: start) == 0)
    }

    /// Adding and counting are each other's inverse, wherever one begins.
    @Test func theTwoAgree() throws {
        var generator = SplitMix64(seed: 7)
        let base = BusinessHoursTests.instant("2026-10-20T00:00:00Z")
        for _ in 0..<200 {
            let start = base.advanced(byMilliseconds: Int64.random(in: 0..<(60 * 86_400_000), using: &generator))
            let open = Int64.random(in: 1..<(3 * 86_400_000), using: &generator)
            let end = Self.shop.instant(after: start, openMilliseconds: open) ?? start
            #expect(Self.shop.openMilliseconds(from: start, to: end) == open)
        }
    }
}
