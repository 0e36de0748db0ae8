import Testing

@testable import Assignment

/// What waiting changes: skills that relax, circles that widen, rounds of offers that rest.
struct WaitingStepsTests {
    private static let relaxation = [
        RelaxStep(afterMilliseconds: 30_000, lowersLevelsBy: 1),
        RelaxStep(afterMilliseconds: 60_000, lowersLevelsBy: 1, without: ["returns"]),
        RelaxStep(afterMilliseconds: 120_000, lowersLevelsBy: 100, anyLanguage: true),
    ]

    @Test(
        arguments: [
            (0, ["billing": 3, "returns": 2], false),
            (29_999, ["billing": 3, "returns": 2], false),
            (30_000, ["billing": 2, "returns": 1], false),
            (60_000, ["billing": 2], false),
            (120_000, [:], true),
            (.max, [:], true),
        ] as [(Int64, [String: Int], Bool)])
    func skillsRelax(_ waited: Int64, _ expected: [String: Int], _ anyLanguage: Bool) {
        let step = Self.relaxation.shuffled().reached(after: waited)
        let skills = ["billing": 3, "returns": 2]
        #expect(step?.relaxed(skills) ?? skills == expected)
        #expect((step?.anyLanguage ?? false) == anyLanguage)
    }

    @Test func loweringKnowsNoOverflow() {
        #expect(RelaxStep(afterMilliseconds: 0, lowersLevelsBy: .max).relaxed(["a": .min, "b": 1]) == [:])
    }

    private static let overflow = [
        OverflowStep(afterMilliseconds: 60_000, target: .queues(["support", "night"])),
        OverflowStep(afterMilliseconds: 180_000, target: .anybody),
        OverflowStep(afterMilliseconds: 600_000, target: .offlineForm),
    ]
    private static let open: Set<String> = ["sales", "support", "billing"]

    @Test(
        arguments: [
            (0, 0, [["sales"]]),
            (60_000, 0, [["sales"], ["support"]]),
            // Rounds that came to nothing are quicker than the clock.
            (1000, 1, [["sales"], ["support"]]),
            (180_000, 1, [["sales"], ["support"], ["billing", "sales", "support"]]),
            (0, 2, [["sales"], ["support"], ["billing", "sales", "support"]]),
            (600_000, 0, nil),
            (0, 99, nil),
        ] as [(Int64, Int, [[String]]?)])
    func circlesWiden(_ waited: Int64, _ forced: Int, _ rings: [[String]]?) {
        let steps = Self.overflow.reached(after: waited, forced: forced)
        #expect(Self.overflow.reach(from: "sales", steps: steps, open: Self.open)?.rings == rings)
    }

    /// Which steps hold from the start for a chat whose own queue is closed; nil where nobody comes.
    @Test(
        arguments: [
            (overflow, ["sales", "support"], 0, 0, 0),
            // Its own is closed: nobody waits a minute for people who are at home.
            (overflow, ["support"], 0, 0, 1),
            (overflow, ["night"], 0, 0, 1),
            // The first step leads to closed queues only, the second to anybody who is there.
            (overflow, ["billing"], 0, 0, 2),
            // Further steps come at their times, or when rounds came to nothing.
            (overflow, ["support"], 180_000, 0, 2),
            (overflow, ["support"], 0, 2, 2),
            (overflow, ["support"], 600_000, 0, 3),
            (overflow, [], 0, 0, nil),
            ([], [], 0, 0, nil),
            ([], ["sales"], 0, 0, 0),
            // The visitor is to leave word before anybody else is asked.
            ([OverflowStep(afterMilliseconds: 0, target: .offlineForm)] + overflow, ["support"], 0, 0, nil),
            ([OverflowStep(afterMilliseconds: 9, target: .queues(["sales"]))], ["support"], 0, 0, nil),
        ] as [([OverflowStep], Set<String>, Int64, Int, Int?)])
    func aClosedQueueOverflowsAtOnce(
        _ steps: [OverflowStep], _ open: Set<String>, _ waited: Int64, _ forced: Int, _ expected: Int?
    ) {
        #expect(steps.reached(after: waited, forced: forced, home: "sales", open: open) == expected)
        if let expected, expected < 3 {
            #expect(steps.reach(from: "sales", steps: expected, open: open)?.queues.isEmpty == false)
        }
    }

    @Test(
        arguments: [
            (overflow, ["billing", "night", "sales", "support"]),
            (Array(overflow.prefix(1)), ["night", "sales", "support"]),
            (Array(overflow.reversed()), ["sales"]),
            ([], ["sales"]),
        ] as [([OverflowStep], [String])])
    func whoEverComes(_ steps: [OverflowStep], _ expected: [String]) {
        #expect(steps.everAsked(from: "sales", all: ["billing", "night", "sales", "support"]).sorted() == expected)
        #expect(steps.everAsked(from: "sales", all: []) == ["sales"])
    }

    @Test func membersOfAClosedQueueAreNotAsked() {
        let reach = Self.overflow.reach(from: "sales", steps: 1, open: ["support"])
        #expect(reach?.rings == [[], ["support"]])
        #expect(reach?.queues == ["support"])
        #expect([OverflowStep]().reach(from: "sales", steps: 0, open: [])?.rings == [[]])
    }

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test(
        arguments: [
            (OfferRound(number: 1, hasTried: false, restsUntil: nil), false, OfferRound.Verdict.wait),
            (OfferRound(number: 1, hasTried: true, restsUntil: nil), true, .rest(untilAfter: 10_000)),
            (OfferRound(number: 2, hasTried: true, restsUntil: nil), true, .rest(untilAfter: 20_000)),
            (OfferRound(number: 1, hasTried: true, restsUntil: at(101)), true, .wait),
            (OfferRound(number: 1, hasTried: true, restsUntil: at(100)), true, .begin(round: 2)),
            (OfferRound(number: 2, hasTried: true, restsUntil: at(100)), true, .begin(round: 3)),
            (OfferRound(number: 3, hasTried: true, restsUntil: at(100)), true, .overflow),
            (OfferRound(number: 3, hasTried: true, restsUntil: at(100)), false, .begin(round: 4)),
        ])
    func rounds(_ round: OfferRound, _ canOverflow: Bool, _ expected: OfferRound.Verdict) {
        #expect(round.verdict(at: Self.at(100), canOverflow: canOverflow) == expected)
    }

    @Test func restsGrowToAMinute() {
        #expect((0...6).map(OfferRound.restMilliseconds) == [10_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000])
        #expect(OfferRound.restMilliseconds(after: .max) == 60_000)
    }
}
