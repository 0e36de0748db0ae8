import Assignment
import Testing

@testable import Simulation

/// Offers, refusals, deadlines, and visitors who come back: what asking for more of them may and may not change.
@Suite struct AskingTests {
    private static func scenario(
        load: Double = 0.8, seed: UInt64 = 1, _ change: (inout Scenario) -> Void = { _ in }
    ) -> Scenario {
        var scenario = Scenario(agents: 5, load: load)
        scenario.chats = 4000
        scenario.seed = seed
        change(&scenario)
        return scenario
    }

    /// Shapes of desks in which the two lines have to agree.
    private static let shapes: [@Sendable (inout Scenario) -> Void] = [
        { _ in },
        { $0.caps = [1, 2, 4] },
        { $0.work.patience = 0.5 },
        {
            $0.skills = 3
            $0.urgentShare = 0.2
        },
    ]

    @Test(arguments: 1...4 as ClosedRange<UInt64>, [RoutingPolicy.central, .longestIdle])
    func offersThatAllAcceptAtOnceChangeNothing(seed: UInt64, policy: RoutingPolicy) throws {
        for shape in Self.shapes {
            var plain = Self.scenario(seed: seed, shape)
            plain.policy = try #require(SimulatedPolicy(rawValue: policy.rawValue))
            var asked = plain
            asked.asking = Asking()
            let (given, offered) = (plain.outcome(), asked.outcome())
            #expect(given.waits == offered.waits)
            #expect(given.begun == offered.begun)
            #expect(given.abandoned == offered.abandoned)
            #expect(given.asking == nil)
            #expect(offered.asking?.offers == offered.asking?.begun)
        }
    }

    /// Without a hold who had the visitor is only asked first: nobody waits longer or shorter for it.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func aHoldOfNothingChangesNoWait(seed: UInt64) throws {
        let plain = Self.scenario(seed: seed).outcome()
        let sticky = Self.scenario(seed: seed) { $0.work.returning = 0.6 }.outcome()
        #expect(plain.waits == sticky.waits)
        let asking = try #require(sticky.asking)
        #expect(abs(Double(asking.returned) / Double(asking.begun) - 0.6) < 0.03)
        #expect(asking.stickyHitRate > 0.2)
        // Nobody comes back.
        var nobody = Self.scenario(seed: seed).simulation
        nobody.visitorsReturn = true
        let work = Workload(Self.scenario(seed: seed).work, slots: 5, count: 6000, seed: seed)
        #expect(nobody.run(work).waits == plain.waits)
        #expect(nobody.run(work).begun == plain.begun)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func aLongerHoldFindsTheSamePersonMoreOftenAndLater(seed: UInt64) throws {
        var (rate, wait) = (0.0, 0.0)
        for hold in [0, 0.1, 0.4, 1.6] {
            let report = Self.scenario(load: 0.6, seed: seed) {
                $0.work.returning = 0.5
                $0.stickyHold = hold
            }.report()
            let asking = try #require(report.asking)
            #expect(asking.stickyHitRate > rate, "hold \(hold)")
            #expect(report.meanWait >= wait, "hold \(hold)")
            (rate, wait) = (asking.stickyHitRate, report.meanWait)
        }
        #expect(rate > 0.8)
    }

    /// With handle times all alike no other order of the line is a shorter one.
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func refusingMoreNeverWaitsShorter(seed: UInt64) throws {
        var wait = 0.0
        for refused in [0, 0.1, 0.3, 0.5, 0.8] {
            let report = Self.scenario(seed: seed) {
                $0.work.handleTime = .constant
                $0.asking = Asking()
                $0.asking?.refusedShare = refused
            }.report()
            #expect(report.meanWait >= wait, "\(refused) refused")
            wait = report.meanWait
            let asking = try #require(report.asking)
            #expect(abs(asking.refusedShare - refused) < 0.03)
            #expect(abs(asking.offersPerChat - 1 / (1 - refused)) < 0.1 / (1 - refused))
            #expect(asking.missedShare == 0)
        }
    }

    @Test func slowAnswersWaitLongerAndTheSlowestAreMissed() throws {
        func report(_ answerTime: Double, timeout: Double = 0.1) throws -> (wait: Double, missed: Double) {
            let report = Self.scenario(load: 0.5) {
                $0.asking = Asking()
                $0.asking?.answerTime = answerTime
                $0.asking?.timeout = timeout
            }.report()
            return (report.meanWait, try #require(report.asking).missedShare)
        }
        let (quick, slow) = (try report(0), try report(0.05))
        #expect(quick.missed == 0)
        #expect(slow.wait > quick.wait + 0.03)
        // An exponential time is longer than twice its mean with a chance of e⁻².
        #expect(abs(slow.missed - 0.135) < 0.02)
        #expect(try report(0.05, timeout: 10).missed == 0)
    }

    @Test func oneSeedIsOneRun() {
        func outcome(_ seed: UInt64) -> Outcome {
            Self.scenario(load: 0.6, seed: seed) {
                $0.work.returning = 0.3
                $0.stickyHold = 0.1
                $0.asking = Asking()
                $0.asking?.answerTime = 0.02
                $0.asking?.refusedShare = 0.1
                $0.asking?.missedShare = 0.1
                $0.work.patience = 3
                $0.measuresSpread = true
            }.outcome()
        }
        let (one, again, other) = (outcome(5), outcome(5), outcome(6))
        #expect(one.waits == again.waits)
        #expect(one.asking == again.asking)
        #expect(one.spread == again.spread)
        #expect(one.waits != other.waits)
    }

    @Test func theSpreadIsThatOfTheLoads() throws {
        // One of two is busy all the time, at every moment: half apart from the mean.
        let chats = [0, 100].map {
            SimulatedChat(number: $0 / 100, arrival: Timestamp(microseconds: Int64($0)), handleMicroseconds: 1000)
        }
        var simulation = Simulation(.central, team: ["a", "b"].map { SimulatedAgent(id: $0) })
        simulation.measuresSpread = true
        let spread = try #require(simulation.run(chats).spread)
        #expect(spread == UtilisationSpread(deviation: 0.5, lowest: 0, highest: 1))
        let even = try #require(Self.scenario { $0.measuresSpread = true }.report().spread)
        #expect(even.highest - even.lowest < 0.15)
        #expect(even.deviation > 0.1)
        #expect(Self.scenario().outcome().spread == nil)
    }
}

/// Offers by hand: rounds, rests, misses, and who is not there.
@Suite struct OfferTraceTests {
    private static let second: Int64 = 1_000_000

    private static func run(
        _ arrivals: [Int64], agents: Int = 1, handling: Int64 = 5, patience: Int64? = nil,
        follows: [Int: Int] = [:], _ change: (inout Simulation) -> Void
    ) -> Outcome {
        var simulation = Simulation(.central, team: (0..<agents).map { SimulatedAgent(id: "agent-\($0)") })
        simulation.asking = Asking()
        change(&simulation)
        let chats = arrivals.enumerated().map { number, seconds in
            SimulatedChat(
                number: number, arrival: Timestamp(microseconds: seconds * Self.second),
                handleMicroseconds: handling * Self.second, patienceMicroseconds: patience.map { $0 * Self.second },
                follows: follows[number])
        }
        return simulation.run(chats, visitorsLeave: patience != nil)
    }

    /// The seed under which the offers of chat 0 are refused as often as that, and then accepted.
    private static func seed(refusing times: Int, _ asking: Asking) throws -> UInt64 {
        let found = (1...10_000 as ClosedRange<UInt64>).first { seed in
            (1...times).allSatisfy { asking.answer(to: 0, attempt: $0, seed: seed).answer == .refused }
                && asking.answer(to: 0, attempt: times + 1, seed: seed).answer == .accepted
        }
        return try #require(found)
    }

    /// 10 s, 20 s, 40 s, and 60 s from then on.
    @Test(arguments: [(1, 10), (2, 30), (3, 70), (4, 130), (5, 190)] as [(Int, Int64)])
    func betweenRoundsAChatRests(refusals: Int, seconds: Int64) throws {
        var asking = Asking()
        asking.refusedShare = 0.6
        let seed = try Self.seed(refusing: refusals, asking)
        let outcome = Self.run([0]) {
            $0.asking = asking
            $0.seed = seed
        }
        #expect(outcome.waits == [seconds * Self.second])
        #expect(outcome.asking?.offers == refusals + 1)
        #expect(outcome.asking?.refused == refusals)
    }

    /// In a round everybody is asked once: the second one has the chat at once.
    @Test func whoRefusedIsNotAskedAgainInTheRound() throws {
        var asking = Asking()
        asking.refusedShare = 0.6
        let seed = try Self.seed(refusing: 1, asking)
        let outcome = Self.run([0], agents: 2) {
            $0.asking = asking
            $0.seed = seed
        }
        #expect(outcome.waits == [0])
        #expect(outcome.asking?.offers == 2)
    }

    /// Three seconds to answer: two people miss one each by 6 s, and after a rest of ten another one each, by 19 and 22 s.
    /// They are away for 300 s then, while the rest of 20 s goes by, and miss a third one each by 325 s.
    @Test func twoMissesInARowAreAway() {
        let outcome = Self.run([0], agents: 2, patience: 330) {
            $0.asking?.timeout = 0.01
            $0.asking?.missedShare = 1
        }
        #expect(outcome.abandoned == 1)
        #expect(outcome.asking?.missed == 6)
    }

    @Test func whoLeavesWhileOfferedFreesThePlace() {
        let outcome = Self.run([0, 1], patience: 2) {
            $0.asking?.timeout = 0.1
            $0.asking?.answerTime = 0
            $0.asking?.missedShare = 1
        }
        // The first leaves at 2 s, and the second is offered then; nobody answers either.
        #expect(outcome.abandoned == 2)
        #expect(outcome.waits == [2 * Self.second, 2 * Self.second])
        #expect(outcome.asking?.offers == 2)
    }

    @Test func aHeldChatWaitsForItsPersonAndNoLonger() {
        // The third chat is of the first one's visitor, whose person is busy until 100 s; another one is free.
        for (hold, wait, hits) in [(0, 0, 0), (30, 30, 0), (120, 80, 1)] as [(Double, Int64, Int)] {
            let outcome = Self.run([0, 1, 20], agents: 3, handling: 100, follows: [2: 0]) {
                $0.asking = nil
                $0.visitorsReturn = true
                $0.stickyHold = hold / 300
            }
            #expect(outcome.waits == [0, 0, wait * Self.second], "hold \(hold)")
            #expect(outcome.asking?.hits == hits)
            #expect(outcome.asking?.returned == 1)
        }
    }
}
