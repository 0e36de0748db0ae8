import Testing

@testable import Assignment

/// Who is asked first, and what keeps somebody out, beyond the order inside a tier.
struct RoutingOrderTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    private static func chat(
        reach: QueueReach = QueueReach("default"), sticky: String? = nil, held: Int64? = nil,
        skills: [String: Int] = [:]
    ) -> QueuedChat {
        QueuedChat(
            id: "c", priority: .normal, firstQueuedAt: self.at(0), reach: reach, skills: skills, stickyID: sticky,
            heldUntil: held.map(self.at))
    }

    private static func commercial(
        _ id: String, load: Double = 0, cap: Int = 4, queues: Set<String> = ["default"], tier: Int = 1,
        assigned: Int64? = nil, released: Int64? = nil, gap: Int64 = 0, skills: [String: Int] = [:]
    ) -> RoutableCommercial {
        RoutableCommercial(
            id: id, declared: .available, isConnected: true, cap: cap, load: load, queues: queues,
            lastAssignedAt: assigned.map(self.at), lastReleasedAt: released.map(self.at),
            minGapMilliseconds: gap * 1000, tier: tier, skills: skills)
    }

    /// What each policy makes of the same two people, a and b.
    @Test(
        arguments: [
            // b is less loaded by a little, less than a tenth; a has waited longer for a chat, b for any change.
            (
                commercial("a", load: 4, cap: 16, assigned: 10, released: 90),
                commercial("b", load: 4, cap: 15, assigned: 20, released: 30),
                [.central: "a", .roundRobin: "a", .leastLoaded: "a", .longestIdle: "b"]
            ),
            // b carries nothing, but had a chat a moment ago.
            (
                commercial("a", load: 3, assigned: 10), commercial("b", assigned: 50, released: 60),
                [.central: "b", .roundRobin: "a", .leastLoaded: "b", .longestIdle: "a"]
            ),
            // b can do more than is asked for.
            (
                commercial("a", load: 3, assigned: 50, skills: ["it": 1]), commercial("b", skills: ["it": 9]),
                [.central: "a", .roundRobin: "b", .leastLoaded: "b", .longestIdle: "b"]
            ),
        ] as [(RoutableCommercial, RoutableCommercial, [RoutingPolicy: String])])
    func policiesDiffer(_ a: RoutableCommercial, _ b: RoutableCommercial, _ expected: [RoutingPolicy: String]) {
        for policy in RoutingPolicy.allCases {
            let chat = Self.chat(skills: a.skills.isEmpty ? [:] : ["it": 1])
            let best = policy.best(of: [b, a], for: chat, at: Self.at(100))
            #expect(best.map { [b, a][$0].id } == expected[policy], "\(policy)")
        }
    }

    /// Before all of that: who had the visitor, then the rings, then the tiers.
    @Test(arguments: RoutingPolicy.allCases)
    func stickyThenRingThenTier(_ policy: RoutingPolicy) {
        let people = [
            Self.commercial("over", queues: ["support"]), Self.commercial("second", tier: 2),
            Self.commercial("first", load: 3, tier: 1), Self.commercial("other", queues: ["billing"]),
        ]
        func order(_ chat: QueuedChat) -> [String] {
            policy.ranking(people, for: chat, at: Self.at(0)).map(\.id)
        }
        let wide = QueueReach(rings: [["default"], ["support"]])
        #expect(order(Self.chat()) == ["first", "second"])
        #expect(order(Self.chat(reach: wide)) == ["first", "second", "over"])
        #expect(order(Self.chat(reach: wide, sticky: "over")) == ["over", "first", "second"])
        // Not reached by any way.
        #expect(order(Self.chat(sticky: "other")) == ["first", "second"])
        // Nobody of a closed queue, but those who serve another one of the circle.
        #expect(order(Self.chat(reach: QueueReach(rings: [[], ["support"]]))) == ["over"])
    }

    @Test func aHeldChatWaitsForOnePerson() {
        let held = Self.chat(sticky: "a", held: 10)
        #expect(Self.commercial("b").ineligibility(for: held, at: Self.at(9)) == .held)
        #expect(Self.commercial("b").ineligibility(for: held, at: Self.at(10)) == nil)
        #expect(Self.commercial("a").ineligibility(for: held, at: Self.at(9)) == nil)
        // Held for nobody is not held.
        #expect(Self.commercial("b").ineligibility(for: Self.chat(held: 10), at: Self.at(9)) == nil)
    }

    @Test func nobodyGetsTwoAtOnceWithAGap() {
        let resting = Self.commercial("a", assigned: 100, gap: 5)
        #expect(resting.ineligibility(for: Self.chat(), at: Self.at(104)) == .resting)
        #expect(resting.ineligibility(for: Self.chat(), at: Self.at(105)) == nil)
        #expect(Self.commercial("a", gap: 5).ineligibility(for: Self.chat(), at: Self.at(0)) == nil)
    }

    @Test(arguments: [
        (ChatStatus.active, 1.0), (.offered, 1.0), (.wrapup, 1.0), (.paused, 0.25), (.waiting, 0), (.closed, 0),
    ])
    func pausedChatsCountAQuarter(_ status: ChatStatus, _ expected: Double) {
        #expect(ChatWeight.effective(1, in: status) == expected)
        #expect(ChatWeight.effective(2, in: status) == 2 * expected)
    }

    @Test func aPromisedResponseMovesAChatForward() {
        let late = RouteKey(firstQueuedAt: Self.at(0), priority: .low, responseDueAt: Self.at(300))
        #expect(late.instant == Self.at(240))
        let early = RouteKey(firstQueuedAt: Self.at(0), priority: .urgent, responseDueAt: Self.at(300))
        #expect(early.instant == Self.at(0))
    }

    /// Chats arrive for ever, all of a higher class, and one person serves one a second: a chat still waits no longer
    /// than the difference of slacks and those who came before that.
    @Test(arguments: 0..<12)
    func nobodyStarves(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 77)
        let patient = QueuedChat(
            id: "patient", priority: .low, firstQueuedAt: Self.at(0), reach: QueueReach("default"))
        let bound = RouteKey.slackMilliseconds(of: .low) / 1000
        var line = [patient]
        var arrived = 0
        for second in 0..<(2 * bound + 2) {
            // As many as are served: the line never empties by itself.
            let priority = [Priority.urgent, .high, .normal].randomElement(using: &random) ?? .urgent
            line.append(
                QueuedChat(
                    id: "n\(arrived)", priority: priority, firstQueuedAt: Self.at(second),
                    reach: QueueReach("default")))
            arrived += 1
            guard let next = line.indices.min(by: { line[$0].precedes(line[$1]) }) else { break }
            if line.remove(at: next).id == "patient" {
                #expect(second <= bound)
                return
            }
        }
        Issue.record("a chat starved")
    }
}
