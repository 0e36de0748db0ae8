import Assignment
import Testing

@testable import Simulation

/// Small runs under fixed seeds; the tables of docs/routing.md are larger ones.
@Suite struct SimulationTests {
    private static func report(
        _ policy: SimulatedPolicy = .central, agents: Int = 10, load: Double = 0.9, chats: Int = 30_000,
        seed: UInt64 = 1, _ change: (inout Scenario) -> Void = { _ in }
    ) -> SimulationReport {
        var scenario = Scenario(agents: agents, load: load)
        scenario.policy = policy
        scenario.chats = chats
        scenario.seed = seed
        change(&scenario)
        return scenario.report()
    }

    /// Busy desks forget slowly, and need longer runs for the same precision.
    @Test(arguments: [(5, 0.7, 200_000), (10, 0.9, 300_000), (20, 0.9, 300_000)])
    func theProductWaitsAsLongAsErlangSays(agents: Int, load: Double, chats: Int) throws {
        let report = Self.report(agents: agents, load: load, chats: chats)
        let expected = try #require(report.erlangC)
        #expect(abs(report.meanWait / expected - 1) < 0.05, "\(report)")
        #expect(abs(report.utilisation - load) < 0.01)
        #expect(report.jain > 0.95)
    }

    @Test func earlierBindingWaitsLonger() {
        let order: [SimulatedPolicy] = [.central, .jsq, .jiq, .powerOfTwo, .roundRobin, .random]
        let waits = order.map { Self.report($0).meanWait }
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 < $1 }, "\(waits)")
    }

    /// The mean waits that an independent simulation of 600,000 chats gave for ten people at 90 %.
    @Test(arguments: [
        (SimulatedPolicy.central, 0.665), (.jsq, 0.94), (.jiq, 1.41), (.powerOfTwo, 2.00), (.roundRobin, 4.55),
        (.random, 8.71),
    ])
    func aPolicyWaitsAsLongAsElsewhere(policy: SimulatedPolicy, mean: Double) {
        let report = Self.report(policy, chats: 300_000)
        #expect(abs(report.meanWait / mean - 1) < 0.15, "\(report)")
    }

    /// Who of several free people takes a chat does not change how long the line is.
    @Test(arguments: [SimulatedPolicy.roundRobin, .leastLoaded, .longestIdle])
    func theProductsPoliciesWaitAlike(policy: SimulatedPolicy) {
        let central = Self.report(chats: 20_000)
        let other = Self.report(policy, chats: 20_000) { $0.binding = .free }
        #expect(other.meanWait == central.meanWait)
        #expect(other.p95 == central.p95)
        #expect(other.jain > 0.95)
    }

    @Test(arguments: HandleTime.allCases, [[1], [2, 3, 4], [1, 2, 4], [1, 1, 4]])
    func workIsSharedFairly(form: HandleTime, caps: [Int]) {
        for load in [0.1, 0.2, 0.35, 0.5, 0.7, 0.9] {
            let report = Self.report(load: load, chats: 6000) {
                $0.work.handleTime = form
                $0.caps = caps
            }
            #expect(report.jain >= 0.95, "\(report)")
        }
    }

    /// Kingman's rule of thumb: waits grow with (1 + cv²)/2.
    @Test func heavyTailsWaitLonger() {
        let light = Self.report { $0.work.handleTime = .constant }.meanWait
        let plain = Self.report().meanWait
        let heavy = Self.report { $0.work.handleTime = .lognormal }.meanWait
        #expect(light < 0.7 * plain)
        #expect(heavy > 1.3 * plain)
    }

    @Test func visitorsLeaveAsErlangASays() {
        for load in [0.9, 1.2] {
            let report = Self.report(load: load, chats: 60_000) { $0.work.patience = 2 }
            let expected = Erlang.withImpatience(slots: 10, offered: load * 10, patience: 2)
            #expect(abs(report.meanWait / expected.meanWait - 1) < 0.05, "\(report) \(expected)")
            #expect(abs(report.abandoned / expected.abandoned - 1) < 0.05, "\(report) \(expected)")
            #expect(report.utilisation < 1)
        }
    }

    @Test func visitorsLeavePrivateBacklogsToo() {
        let patient = Self.report(.jsq, chats: 20_000)
        let leaving = Self.report(.jsq, chats: 20_000) { $0.work.patience = 1 }
        #expect(leaving.abandoned > 0)
        #expect(leaving.meanWait < patient.meanWait)
        #expect(leaving.abandoned > Self.report(chats: 20_000) { $0.work.patience = 1 }.abandoned)
    }

    /// With one skill each the team is as many teams as skills; with two around a circle it is almost one.
    @Test func aSecondSkillMakesOneTeamOfMany() throws {
        let pooled = Self.report().meanWait
        let apart = Self.report(chats: 100_000) {
            $0.skills = 5
            $0.skillsPerAgent = 1
        }.meanWait
        let chained = Self.report {
            $0.skills = 5
            $0.skillsPerAgent = 2
        }.meanWait
        let ofTwo = try #require(Erlang.meanWait(slots: 2, offered: 1.8))
        #expect(abs(apart / ofTwo - 1) < 0.1, "\(apart) for \(ofTwo)")
        #expect(chained < 2 * pooled)
    }

    @Test func swingsAreWorseThanTheirMean() {
        let steady = Self.report()
        let swinging = Self.report { $0.work.swing = 0.5 }
        #expect(swinging.meanWait > 1.5 * steady.meanWait)
    }

    @Test(arguments: HandleTime.allCases.filter { $0 != .constant })
    func whatVisitorsAreToldComesTrue(form: HandleTime) throws {
        let report = Self.report(chats: 40_000) {
            $0.work.handleTime = form
            $0.forecasts = true
        }
        let calibration = try #require(report.calibration)
        #expect(calibration.told > 10_000)
        #expect((0.85...0.95).contains(calibration.shareWithinNinetieth), "\(calibration)")
        #expect((0.45...0.60).contains(calibration.shareWithinMedian), "\(calibration)")
    }

    @Test func oneSeedIsOneRun() {
        for policy in SimulatedPolicy.allCases {
            #expect(
                Self.report(policy, chats: 3000, seed: 9).meanWait == Self.report(policy, chats: 3000, seed: 9).meanWait
            )
            #expect(
                Self.report(policy, chats: 3000, seed: 9).meanWait != Self.report(policy, chats: 3000, seed: 8).meanWait
            )
        }
    }
}
