import Testing

@testable import Assignment

struct RoutingPolicyTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    private static func commercial(
        _ id: String, load: Double = 0, cap: Int = 5, last: Int64? = nil, declared: DeclaredStatus = .available,
        connected: Bool = true, queues: Set<String> = ["default"]
    ) -> RoutableCommercial {
        RoutableCommercial(
            id: id, declared: declared, isConnected: connected, cap: cap, load: load, queues: queues,
            lastAssignedAt: last.map(self.at))
    }

    private static func chat(
        _ id: String, _ priority: Priority = .normal, at seconds: Int64 = 0, tried: Set<String> = []
    ) -> QueuedChat {
        QueuedChat(
            id: id, priority: priority, firstQueuedAt: self.at(seconds), reach: QueueReach("default"), tried: tried)
    }

    @Test(
        arguments: [
            (commercial("a"), nil),
            (commercial("a", queues: ["ventas"]), Ineligibility.otherQueue),
            (commercial("a", declared: .away), .notAvailable),
            (commercial("a", declared: .busy), .notAvailable),
            (commercial("a", declared: .offline), .notAvailable),
            (commercial("a", connected: false), .notConnected),
            (commercial("a", load: 5), .full),
            (commercial("a", load: 4.25), .full),
            (commercial("a", load: 4), nil),
            (commercial("a", cap: 0), .full),
            (commercial("a", load: .nan), .full),
            (commercial("t"), .tried),
        ] as [(RoutableCommercial, Ineligibility?)])
    func eligibility(_ commercial: RoutableCommercial, _ expected: Ineligibility?) {
        #expect(commercial.ineligibility(for: Self.chat("c", tried: ["t"]), at: Self.at(0)) == expected)
    }

    /// A chat that asks for two skills and a language.
    private static let demanding = QueuedChat(
        id: "c", priority: .normal, firstQueuedAt: at(0), reach: QueueReach("default"),
        skills: ["billing": 2, "returns": 1], language: "es")

    private static func skilled(
        _ skills: [String: Int], speaks languages: Set<String> = ["es", "en"], load: Double = 0, tier: Int = 1,
        id: String = "a"
    ) -> RoutableCommercial {
        RoutableCommercial(
            id: id, declared: .available, isConnected: true, cap: 5, load: load, queues: ["default"], tier: tier,
            skills: skills, languages: languages)
    }

    @Test(
        arguments: [
            (skilled(["billing": 2, "returns": 1]), nil),
            (skilled(["billing": 9, "returns": 9, "more": 1]), nil),
            (skilled(["billing": 1, "returns": 1]), Ineligibility.lacksSkill),
            (skilled(["billing": 2]), .lacksSkill),
            (skilled([:]), .lacksSkill),
            (skilled(["billing": 2, "returns": 1], speaks: ["en"]), .otherLanguage),
            // Nobody has said what they speak.
            (skilled(["billing": 2, "returns": 1], speaks: []), nil),
        ] as [(RoutableCommercial, Ineligibility?)])
    func skillsAndLanguages(_ commercial: RoutableCommercial, _ expected: Ineligibility?) {
        #expect(commercial.ineligibility(for: Self.demanding, at: Self.at(0)) == expected)
        // A chat that asks for nothing goes to anybody.
        #expect(commercial.ineligibility(for: Self.chat("c"), at: Self.at(0)) == nil)
    }

    @Test(
        arguments: [
            // The first tier is asked first, however loaded.
            (
                [
                    skilled(["billing": 2, "returns": 1], load: 3, id: "a"),
                    skilled(["billing": 2, "returns": 1], tier: 2, id: "b"),
                ], "a"
            ),
            // Inside a tier the least over-qualified, however loaded.
            (
                [
                    skilled(["billing": 3, "returns": 1], id: "a"),
                    skilled(["billing": 2, "returns": 1], load: 3, id: "b"),
                ], "b"
            ),
            // A skill that nobody asked for is no surplus.
            (
                [
                    skilled(["billing": 2, "returns": 1, "more": 9], id: "a"),
                    skilled(["billing": 2, "returns": 1], load: 3, id: "b"),
                ], "a"
            ),
            // Levels that no sum can hold are no trap.
            (
                [
                    skilled(["billing": .max, "returns": .max], id: "a"),
                    skilled(["billing": 3, "returns": 1], id: "b"),
                ], "b"
            ),
        ] as [([RoutableCommercial], String)])
    func tierThenSurplus(_ commercials: [RoutableCommercial], _ expected: String) {
        let ranking = RoutingPolicy.central.ranking(commercials, for: Self.demanding, at: Self.at(0))
        #expect(ranking.map(\.id).first == expected)
        #expect(ranking.count == 2)
    }

    @Test(
        arguments: [
            // Least utilised half-way through the assignment, in tenths of the cap.
            ([commercial("a", load: 2), commercial("b", load: 1)], "b"),
            ([commercial("a", load: 2, cap: 10), commercial("b", load: 1, cap: 2)], "a"),
            // The same tenth: the longest idle.
            ([commercial("a", load: 1, last: 50), commercial("b", load: 1, last: 40)], "b"),
            // Never assigned counts as longest idle.
            ([commercial("a", load: 1, last: 1), commercial("b", load: 1)], "b"),
            // 0.66 and 0.69 of the cap are both six tenths, and as many places are free: idle time decides.
            ([commercial("a", load: 10, cap: 16, last: 9), commercial("b", load: 8, cap: 14, last: 3)], "b"),
            // Up to one half nobody is the less used one: of those who were never given anything, the more places.
            ([commercial("a", load: 0, cap: 1), commercial("b", load: 1, cap: 4)], "b"),
            ([commercial("a", load: 0, cap: 1), commercial("b", load: 2, cap: 4)], "a"),
            // Turns, from half a minute on: 3.5 places for 130 s and half a place for 930 s are 455 and 465.
            ([commercial("a", cap: 4, last: 900), commercial("b", cap: 1, last: 100)], "b"),
            ([commercial("a", cap: 4, last: 890), commercial("b", cap: 1, last: 100)], "a"),
            // Whom another queue was quicker to give one, after this clock was read, comes as if it were just now.
            ([commercial("a", cap: 1, last: 990), commercial("b", cap: 2, last: 2000)], "b"),
        ] as [([RoutableCommercial], String)])
    func leastLoadedThenLongestIdle(_ commercials: [RoutableCommercial], _ expected: String) {
        let ranking = RoutingPolicy.central.ranking(commercials, for: Self.chat("c"), at: Self.at(1000))
        #expect(ranking.first?.id == expected)
        #expect(ranking.count == commercials.count)
    }

    @Test
    func anUnroutableChatDoesNotBlockTheQueue() {
        let commercials = [Self.commercial("a"), Self.commercial("b", load: 5)]
        let chats = [Self.chat("1", at: 0, tried: ["a"]), Self.chat("2", at: 1), Self.chat("3", at: 2)]
        let match = RoutingPolicy.central.match(chats, with: commercials, at: Self.at(0))
        #expect(match?.chat.id == "2")
        #expect(match?.index == 0)
        #expect(RoutingPolicy.central.match(chats, with: [], at: Self.at(0)) == nil)
    }

    @Test
    func exactTiesFavourNobody() {
        let commercials = ["a", "b", "c", "d"].map { Self.commercial($0) }
        var wins: [String: Int] = [:]
        for number in 0..<400 {
            let ranking = RoutingPolicy.central.ranking(
                commercials, for: Self.chat("chat-\(number)"), at: Self.at(0))
            wins[ranking.first?.id ?? "", default: 0] += 1
        }
        for commercial in commercials { #expect((60...140).contains(wins[commercial.id] ?? 0)) }
    }

    // MARK: Properties

    private static func randomCommercials(_ random: inout SeededGenerator) -> [RoutableCommercial] {
        (0..<Int.random(in: 0...12, using: &random)).map { number in
            self.commercial(
                "agent-\(number)", load: Double(Int.random(in: 0...20, using: &random)) / 4,
                cap: Int.random(in: 0...6, using: &random),
                last: Bool.random(using: &random) ? Int64.random(in: 0...5, using: &random) : nil,
                declared: Int.random(in: 0...3, using: &random) > 0
                    ? .available : DeclaredStatus.allCases.randomElement(using: &random) ?? .available,
                connected: Int.random(in: 0...4, using: &random) > 0,
                queues: Bool.random(using: &random) ? ["ventas"] : ["default", "ventas"])
        }
    }

    private static func randomChats(_ random: inout SeededGenerator, count: Int) -> [QueuedChat] {
        (0..<count).map { number in
            QueuedChat(
                id: "chat-\(number)", priority: Priority.allCases.randomElement(using: &random) ?? .normal,
                firstQueuedAt: self.at(Int64.random(in: 0...400, using: &random)),
                bonusMilliseconds: Bool.random(using: &random) ? 0 : RouteKey.lostCommercialBonusMilliseconds,
                reach: QueueReach("default"))
        }
    }

    @Test(arguments: RoutingPolicy.allCases, 0..<10)
    func theResultDoesNotDependOnTheOrderOfTheInput(_ policy: RoutingPolicy, _ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<50 {
            let commercials = Self.randomCommercials(&random)
            let chats = Self.randomChats(&random, count: 8)
            let first = policy.match(chats, with: commercials, at: Self.at(500))
            let shuffled = commercials.shuffled(using: &random)
            let second = policy.match(chats.shuffled(using: &random), with: shuffled, at: Self.at(500))
            #expect(first?.chat == second?.chat)
            #expect(first.map { commercials[$0.index] } == second.map { shuffled[$0.index] })
            guard let first else { continue }
            // One pass finds what sorting finds.
            let ranking = policy.ranking(shuffled, for: first.chat, at: Self.at(500))
            #expect(ranking.first == commercials[first.index])
            for commercial in ranking {
                #expect(commercial.load + 1 <= Double(commercial.cap))
                #expect(commercial.declared == .available && commercial.isConnected)
            }
        }
    }

    @Test(arguments: RoutingPolicy.allCases, 0..<10)
    func precedenceIsATotalOrder(_ policy: RoutingPolicy, _ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 1000)
        var chat = Self.chat("c")
        if seed % 2 == 0 {
            chat.stickyID = "agent-3"
            chat.reach = QueueReach(rings: [["default"], ["ventas"]])
        }
        let asked = chat
        let commercials = Self.randomCommercials(&random)
        let chats = Self.randomChats(&random, count: 12)
        Self.expectTotal(commercials) { policy.precedes($0, $1, for: asked, at: Self.at(Int64(seed))) }
        Self.expectTotal(chats) { $0.precedes($1) }
    }

    private static func expectTotal<Element: Equatable>(
        _ elements: [Element], _ precedes: (Element, Element) -> Bool
    ) {
        for (i, a) in elements.enumerated() {
            #expect(!precedes(a, a))
            for (j, b) in elements.enumerated() where i != j {
                #expect(precedes(a, b) != precedes(b, a))
                for c in elements where precedes(a, b) && precedes(b, c) { #expect(precedes(a, c)) }
            }
        }
    }

    /// Whoever comes later is served first only from a higher class, and only within the difference of slacks.
    @Test(arguments: 0..<20)
    func overtakingIsBounded(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 2000)
        let chats = Self.randomChats(&random, count: 40).map { chat in
            var chat = chat
            chat.bonusMilliseconds = 0
            return chat
        }
        for earlier in chats {
            for later in chats where earlier.firstQueuedAt < later.firstQueuedAt && later.precedes(earlier) {
                let head =
                    RouteKey.slackMilliseconds(of: earlier.priority)
                    - RouteKey.slackMilliseconds(of: later.priority)
                #expect(earlier.priority < later.priority)
                #expect(later.firstQueuedAt.milliseconds(since: earlier.firstQueuedAt) <= head)
            }
        }
    }

    @Test
    func raisingAPriorityNeverDelays() {
        for (lower, higher) in zip(Priority.allCases, Priority.allCases.dropFirst()) {
            #expect(
                RouteKey(firstQueuedAt: Self.at(9), priority: higher)
                    < RouteKey(firstQueuedAt: Self.at(9), priority: lower))
        }
    }

    @Test
    func keysAreClampedAtTheEndsOfTime() {
        let late = RouteKey(firstQueuedAt: Timestamp(microseconds: .max), priority: .low)
        #expect(late.instant.microseconds == .max)
        let bonus = RouteKey(firstQueuedAt: Self.at(0), priority: .urgent, bonusMilliseconds: .min)
        #expect(bonus.instant == Self.at(0))
    }

    private static let scores: [(AssignmentScore, Double)] = [
        (AssignmentScore(utilisation: 0, idleMilliseconds: nil, isSticky: true, relativeSpeed: 9), 1.0),
        (AssignmentScore(utilisation: 1, skillFit: 0, idleMilliseconds: 0, relativeSpeed: 0), 0.033_333_333_3),
        (AssignmentScore(utilisation: .nan, idleMilliseconds: 300_000, relativeSpeed: .nan), 0.416_666_666_6),
        (AssignmentScore(commercial("a", load: 1, cap: 4, last: 0), taking: chat("c"), now: at(150)), 0.566_666_666_6),
    ]

    @Test(arguments: scores)
    func scoreIsBetweenZeroAndOne(_ score: AssignmentScore, _ expected: Double) {
        #expect(abs(score.value - expected) < 1e-9)
    }
}
