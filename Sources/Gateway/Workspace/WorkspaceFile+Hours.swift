internal import Storage

/// Business hours as people write them: `mon-fri: ["09:00-14:00", "16:00-19:00"]`.
extension WorkspaceFile {
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    static func hours(_ value: YAMLValue) -> BusinessHours? {
        value.fields { fields in
            var hours = BusinessHours(timeZone: "", weekly: Array(repeating: [], count: 7))
            if let zone = fields.required("timezone"), let name = zone.text() {
                if !BusinessHours.knows(timeZone: name) {
                    zone.fail("\"\(name)\" is no time zone such as Europe/Madrid")
                }
                hours.timeZone = name
            }
            hours.weekly = fields.required("weekly").map(Self.weekly) ?? hours.weekly
            hours.holidays = Self.holidays(fields.optional("holidays"))
            return hours
        }
    }

    private static func weekly(_ value: YAMLValue) -> [[BusinessHours.Stretch]] {
        var weekly: [[BusinessHours.Stretch]?] = Array(repeating: nil, count: 7)
        for (name, member) in value.members() ?? [] {
            guard let range = Self.range(of: name) else {
                member.fail("is no day or range of days: mon, tue, wed, thu, fri, sat, sun, mon-fri")
                continue
            }
            let stretches = Self.stretches(member)
            for day in range {
                if weekly[day] != nil { member.fail("\(Self.days[day]) has its hours already") }
                weekly[day] = stretches
            }
        }
        return weekly.map { $0 ?? [] }
    }

    private static func range(of name: String) -> ClosedRange<Int>? {
        let ends = name.split(separator: "-", omittingEmptySubsequences: false).map {
            Self.days.firstIndex(of: String($0))
        }
        guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last
        else { return nil }
        return first...last
    }

    private static func holidays(_ value: YAMLValue?) -> [BusinessHours.Holiday] {
        var holidays: [BusinessHours.Holiday] = []
        for item in value?.list() ?? [] {
            let holiday: BusinessHours.Holiday?
            if item.isMapping {
                holiday =
                    item.fields { fields in
                        let date = fields.required("date").flatMap(Self.date)
                        let open = fields.required("open").map(Self.stretches) ?? []
                        return date.map { BusinessHours.Holiday(date: $0, open: open) }
                    } ?? nil
            } else {
                holiday = Self.date(item).map { BusinessHours.Holiday(date: $0) }
            }
            guard let holiday else { continue }
            if holidays.contains(where: { $0.date == holiday.date }) { item.fail("\(holiday.date) is there twice") }
            holidays.append(holiday)
        }
        return holidays
    }

    private static func date(_ value: YAMLValue) -> CivilDate? {
        guard let text = value.text() else { return nil }
        guard let date = CivilDate(text) else {
            value.fail("\"\(text)\" is no day such as 2026-12-25")
            return nil
        }
        return date
    }

    private static func stretches(_ value: YAMLValue) -> [BusinessHours.Stretch] {
        var stretches: [BusinessHours.Stretch] = []
        for item in value.list() ?? [] {
            guard let text = item.text() else { continue }
            guard let stretch = BusinessHours.Stretch(text) else {
                item.fail("\"\(text)\" is no time of opening such as 09:00-14:00, or 22:00-06:00 into the next day")
                continue
            }
            if let last = stretches.last, stretch.opens < last.closes {
                item.fail("\"\(text)\" begins before the one before it ends")
            }
            stretches.append(stretch)
        }
        return stretches
    }
}

extension BusinessHours.Stretch {
    /// Reads `09:00-14:00`; an end that is not after the beginning is one of the next day, and `24:00` is midnight.
    init?(_ text: String) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minute)
        guard ends.count == 2, let opens = ends[0], let closes = ends[1], opens < 1440, opens != closes else {
            return nil
        }
        self.init(opens: opens, closes: closes > opens ? closes : closes + 1440)
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isNumber) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}
