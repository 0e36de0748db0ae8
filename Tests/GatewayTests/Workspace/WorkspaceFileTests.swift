import Assignment
import Foundation
import Storage
import Testing

@testable import Gateway

/// What a workspace file says, and what is said of one that is wrong.
@Suite struct WorkspaceFileTests {
    static let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../examples/workspace.yaml").standardizedFileURL.path

    @Test func theExampleSaysWhatItsCommentsSay() throws {
        let file = try WorkspaceFile(parsing: String(contentsOfFile: Self.example, encoding: .utf8))
        let queues = file.queues.map(\.value)
        #expect(queues.map(\.name) == ["default", "sales", "billing"])
        #expect(queues[0] == QueueSettings(name: "default"))
        #expect(queues[1].autoAccept == true && queues[1].offerTimeoutMilliseconds == nil)
        #expect(queues[1].languages == ["es", "en"])
        let hours = try #require(queues[1].hours)
        #expect(hours.timeZone == "Europe/Madrid")
        #expect(hours.weekly[4].map(\.opens) == [540, 960] && hours.weekly[4].map(\.closes) == [840, 1200])
        #expect(hours.weekly[5].map(\.opens) == [600] && hours.weekly[6].isEmpty)
        #expect(
            hours.holidays.map { "\($0.date) \($0.open.count)" } == ["2026-12-25 0", "2027-01-06 0", "2026-12-24 1"])
        #expect(queues[2].autoAccept == false && queues[2].offerTimeoutMilliseconds == 45_000)
        #expect(queues.map(\.weight) == [1, 1, 1.5])
        #expect(queues[2].skills == ["invoices": 2] && queues[2].policy == .longestIdle)
        #expect(
            queues[2].relaxation == [
                RelaxStep(afterMilliseconds: 90_000, lowersLevelsBy: 1),
                RelaxStep(afterMilliseconds: 240_000, without: ["invoices"], anyLanguage: true),
            ])
        #expect(queues[1].stickyHoldMilliseconds == 15_000)
        #expect(
            queues[1].overflow == [
                OverflowStep(afterMilliseconds: 60_000, target: .queues(["billing"])),
                OverflowStep(afterMilliseconds: 180_000, target: .anybody),
                OverflowStep(afterMilliseconds: 900_000, target: .offlineForm),
            ])
        #expect(file.overflowQueues.map(\.value) == ["billing"])

        let commercials = file.commercials.map(\.value)
        #expect(commercials.map(\.id) == ["ana", "luis", "marta", "oscar"])
        #expect(commercials.map(\.cap) == [4, 5, 3, 3])
        #expect(commercials[1].profile.tiers == ["sales": 1, "default": 2])
        #expect(commercials[1].profile.minGapMilliseconds == 20_000)
        #expect(commercials[2].profile.skills == ["invoices": 3, "returns": 1])
        #expect(commercials[3].profile.languages.isEmpty)
        #expect(commercials.map(\.avatarURL) == ["https://shop.example/team/ana.png", nil, nil, nil])
    }

    @Test(arguments: ["", "# nothing\n", "queues: []\n", "{}"])
    func nothingIsAFileToo(_ text: String) throws {
        let file = try WorkspaceFile(parsing: text)
        #expect(file.queues.isEmpty && file.commercials.isEmpty)
    }

    @Test(arguments: [
        ("09:00-14:00", 540, 840), ("00:00-24:00", 0, 1440), ("22:00-06:00", 1320, 1800), ("23:59-00:00", 1439, 1440),
    ])
    func stretches(_ text: String, _ opens: Int, _ closes: Int) {
        #expect(BusinessHours.Stretch(text) == BusinessHours.Stretch(opens: opens, closes: closes))
    }

    @Test(arguments: [
        "9:00-14:00", "09:00", "09:00-09:00", "24:00-01:00", "09:60-10:00", "25:00-26:00", "a-b", "09:00–14:00",
        "٠٩:00-10:00",
    ])
    func noStretches(_ text: String) {
        #expect(BusinessHours.Stretch(text) == nil)
    }

    struct Row: CustomTestStringConvertible {
        var yaml: String
        /// `line:column: key: ` and a part of the problem.
        var place: String
        var problem: String

        init(_ yaml: String, _ place: String, _ problem: String) {
            (self.yaml, self.place, self.problem) = (yaml, place, problem)
        }

        var testDescription: String { "\(self.place)\(self.problem)" }
    }

    private static func hours(_ lines: String...) -> String {
        (["queues:", "  - name: a", "    hours:"] + lines.map { "      " + $0 }).joined(separator: "\n")
    }

    static let rows: [Row] = [
        Row("queues: 7", "1:9: queues: ", "must be a list"),
        Row("[a]", "1:1: ", "must be a mapping"),
        Row("queues:\n  - nme: a", "2:5: queues[0].nme: ", "is not a key here"),
        Row("queues:\n  - nme: a", "2:5: queues[0]: ", "needs name"),
        Row("queues:\n  - name:", "2:10: queues[0].name: ", "must be a single value"),
        Row("queues:\n  - name: ''", "2:11: queues[0].name: ", "1 to 128 characters"),
        Row("queues:\n  - name: a\n  - name: a", "3:5: queues[1]: ", "\"a\" is listed in line 2 already"),
        Row("queues:\n  - name: a\n    autoAccept: perhaps", "3:17: queues[0].autoAccept: ", "neither true nor false"),
        Row("queues:\n  - name: a\n    offerTimeout: soon", "3:19: queues[0].offerTimeout: ", "no duration above zero"),
        Row("queues:\n  - name: a\n    offerTimeout: 0", "3:19: queues[0].offerTimeout: ", "no duration above zero"),
        Row("queues:\n  - name: a\n    skills: {b: 0}", "3:17: queues[0].skills.b: ", "1 to 100"),
        Row("queues:\n  - name: a\n    languages: es", "3:16: queues[0].languages: ", "must be a list"),
        Row("queues:\n  - name: a\n    languages: [es, es]", "3:21: queues[0].languages[1]: ", "there twice"),
        Row("queues:\n  - name: a\n    wrapUp: soon", "3:13: queues[0].wrapUp: ", "no duration: 0"),
        Row("queues:\n  - name: a\n    autoClose: never", "3:16: queues[0].autoClose: ", "no duration: 0"),
        Row("queues:\n  - name: a\n    abandonAfter: []", "3:19: queues[0].abandonAfter: ", "single value"),
        Row("queues:\n  - name: a\n    weight: heavy", "3:13: queues[0].weight: ", "0.25 to 10.0"),
        Row("queues:\n  - name: a\n    weight: 0.2", "3:13: queues[0].weight: ", "0.25 to 10.0"),
        Row("queues:\n  - name: a\n    weight: 10.5", "3:13: queues[0].weight: ", "0.25 to 10.0"),
        Row("queues:\n  - name: a\n    weight: 1.005", "3:13: queues[0].weight: ", "two decimals"),
        Row("queues:\n  - name: a\n    policy: best", "3:13: queues[0].policy: ", "round-robin"),
        Row("queues:\n  - name: a\n    stickyHold: long", "3:17: queues[0].stickyHold: ", "no duration:"),
        Row("queues:\n  - name: a\n    relax: [{after: 1m}]", "3:13: queues[0].relax[0]: ", "needs lower"),
        Row("queues:\n  - name: a\n    relax: [{lower: 1}]", "3:13: queues[0].relax[0]: ", "needs after"),
        Row(
            "queues:\n  - name: a\n    overflow: [{after: 1m}]", "3:16: queues[0].overflow[0]: ",
            "needs either queues or offline"),
        Row(
            "queues:\n  - name: a\n    overflow: [{after: 1m, queues: some}]", "3:36: queues[0].overflow[0].queues: ",
            "a list of queues, or any"),
        Row(
            "queues:\n  - name: a\n    overflow: [{after: 1m, queues: [a]}]",
            "3:37: queues[0].overflow[0].queues[0]: ", "is the queue itself"),
        Row(
            "queues:\n  - name: a\n    overflow:\n      - {after: 2m, queues: any}\n      - {after: 1m, offline: true}",
            "5:9: queues[0].overflow[1]: ", "no later than the step before"),
        Row(
            "queues:\n  - name: a\n    overflow:\n      - {after: 2m, offline: true}\n      - {after: 3m, queues: any}",
            "5:9: queues[0].overflow[1]: ", "leaves word"),
        Row("commercials:\n  - id: a\n    minGap: soon", "3:13: commercials[0].minGap: ", "no duration:"),
        Row("sla: {}\n", "1:6: sla: ", "must be a list"),
        Row("sla:\n  - name: a", "2:5: sla[0]: ", "promises nothing"),
        Row("sla:\n  - {name: a, resolution: 1h, priorities: [some]}", "2:44: sla[0].priorities[0]: ", "none of low"),
        Row("csat: {url: shop}", "1:13: csat.url: ", "no web address"),
        Row("csat: {window: 0}", "1:16: csat.window: ", "no duration above zero"),
        Row("webhooks:\n  - name: a", "2:5: webhooks[0]: ", "needs url"),
        Row("queue: []", "1:1: queue: ", "there are commercials"),
        Row("queues: []\nqueues: []", "1:1: queues: ", "is there twice"),
        Row("queues:\n  - name: a\n    name: b", "2:5: name: ", "is there twice"),
        Row("queues: [", "2:1: ", "is not YAML"),
        Row("\tqueues: []", "1:1: ", "is not YAML"),
        Row("queues: *nowhere", "1:9: ", "is not YAML"),
        Row(hours("weekly: {}"), "4:7: queues[0].hours: ", "needs timezone"),
        Row(hours("timezone: UTC"), "4:7: queues[0].hours: ", "needs weekly"),
        Row(hours("timezone: Madrid", "weekly: {}"), "4:17: queues[0].hours.timezone: ", "no time zone"),
        Row(hours("timezone: UTC", "weekly: {lunes: []}"), "5:23: queues[0].hours.weekly.lunes: ", "no day or range"),
        Row(
            hours("timezone: UTC", "weekly: {fri-mon: []}"), "5:25: queues[0].hours.weekly.fri-mon: ", "no day or range"
        ),
        Row(
            hours("timezone: UTC", "weekly: {mon-fri: [], wed: []}"), "5:34: queues[0].hours.weekly.wed: ",
            "has its hours already"),
        Row(
            hours("timezone: UTC", "weekly: {mon: [9-14]}"), "5:22: queues[0].hours.weekly.mon[0]: ",
            "no time of opening"),
        Row(
            hours("timezone: UTC", "weekly: {mon: [\"09:00-14:00\", \"13:00-15:00\"]}"),
            "5:37: queues[0].hours.weekly.mon[1]: ", "begins before"),
        Row(
            hours("timezone: UTC", "weekly: {}", "holidays: [2026-02-30]"), "6:18: queues[0].hours.holidays[0]: ",
            "no day such as"),
        Row(
            hours("timezone: UTC", "weekly: {}", "holidays: [2026-12-25, 2026-12-25]"),
            "6:30: queues[0].hours.holidays[1]: ", "is there twice"),
        Row(
            hours("timezone: UTC", "weekly: {}", "holidays: [{date: 2026-12-25}]"),
            "6:18: queues[0].hours.holidays[0]: ", "needs open"),
        Row("commercials:\n  - cap: 3", "2:5: commercials[0]: ", "needs id"),
        Row("commercials:\n  - id: a\n    cap: -1", "3:10: commercials[0].cap: ", "0 to 1000"),
        Row("commercials:\n  - id: a\n    cap: 3.5", "3:10: commercials[0].cap: ", "not a whole number"),
        Row("commercials:\n  - id: a\n    queues: [b]", "3:13: commercials[0].queues: ", "must be a mapping"),
        Row("commercials:\n  - id: a\n    queues: {b: 11}", "3:17: commercials[0].queues.b: ", "1 to 10"),
        Row(
            "commercials:\n  - id: a\n    avatarUrl: http://a.example/a.png", "3:16: commercials[0].avatarUrl: ",
            "no address"),
        Row("commercials:\n  - id: a\n    avatarUrl: javascript:1", "3:16: commercials[0].avatarUrl: ", "no address"),
        Row("commercials:\n  - id: a\n    avatarUrl: https:///a.png", "3:16: commercials[0].avatarUrl: ", "no address"),
        Row(
            "commercials:\n  - id: a\n    avatarUrl: https://u:p@a.example", "3:16: commercials[0].avatarUrl: ",
            "no address"),
        Row(
            "commercials:\n  - id: a\n    avatarUrl: https://a.example/\(String(repeating: "a", count: 2048))",
            "3:16: commercials[0].avatarUrl: ", "1 to 2048 characters"),
        Row("commercials:\n  - {id: a}\n  - {id: a}", "3:5: commercials[1]: ", "\"a\" is listed in line 2 already"),
        Row("commercials:\n  - id: a\n    languages: [\"e s\"]", "3:17: commercials[0].languages[0]: ", "no language"),
    ]

    @Test(arguments: rows)
    func whatIsWrongIsNamedWithItsPlace(_ row: Row) throws {
        let problems = try #require(throws: FileProblems.self) { _ = try WorkspaceFile(parsing: row.yaml) }
        let lines = problems.problems.map { $0.description(in: "f") }
        #expect(lines.contains { $0.hasPrefix("f:\(row.place)") && $0.contains(row.problem) }, "\(lines)")
    }

    @Test func allProblemsAreNamedAtOnceInTheOrderOfTheLines() throws {
        let yaml = "queues:\n  - name: a\n    autoAccept: x\n    what: 1\ncommercials:\n  - cap: x\nsla: {}\n"
        let problems = try #require(throws: FileProblems.self) { _ = try WorkspaceFile(parsing: yaml) }
        #expect(problems.problems.map(\.line) == [3, 4, 6, 6, 7])
    }
}
