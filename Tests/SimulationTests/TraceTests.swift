import Assignment
import Testing

@testable import Simulation

/// Given chats, chat by chat: against another algorithm, and against what changes should do.
@Suite struct TraceTests {
    /// Chats in whole seconds, so that ties happen.
    private static func trace(seed: UInt64, count: Int = 300, kinds: Int = 1, load: Int = 40) -> [SimulatedChat] {
        var stream = RandomStream(seed: seed, .choices)
        var clock: Int64 = 0
        return (0..<count).map { number in
            clock += Int64(stream.index(below: load)) * 1_000_000
            return SimulatedChat(
                number: number, arrival: Timestamp(microseconds: clock),
                handleMicroseconds: Int64(1 + stream.index(below: 120)) * 1_000_000,
                kind: stream.index(below: kinds))
        }
    }

    private static func team(_ count: Int) -> [SimulatedAgent] {
        (0..<count).map { SimulatedAgent(id: "agent-\($0)") }
    }

    private static func waits(
        _ chats: [SimulatedChat], team: [SimulatedAgent], kinds: [ChatKind] = [ChatKind()]
    ) -> [Int64] {
        Array(Simulation(.central, team: team, kinds: kinds).run(chats).waits)
    }

    /// Kiefer and Wolfowitz 1955: the first of the line begins when the first of the agents is free.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func everyWaitIsThatOfTheRecursion(seed: UInt64) {
        for agents in [1, 2, 3, 7] {
            let chats = Self.trace(seed: seed)
            var free = [Int64](repeating: 0, count: agents)
            let expected = chats.map { chat in
                free.sort()
                let begin = max(free[0], chat.arrival.microseconds)
                free[0] = begin + chat.handleMicroseconds
                return begin - chat.arrival.microseconds
            }
            #expect(Self.waits(chats, team: Self.team(agents)) == expected)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func oneMoreAgentMakesNobodyWaitLonger(seed: UInt64) {
        let chats = Self.trace(seed: seed)
        var before = Self.waits(chats, team: Self.team(1))
        for agents in 2...6 {
            let after = Self.waits(chats, team: Self.team(agents))
            #expect(zip(after, before).allSatisfy { $0 <= $1 }, "\(agents)")
            before = after
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func aHigherPriorityDelaysNobodyWhoHasIt(seed: UInt64) {
        let kinds = [ChatKind(priority: .low), ChatKind(priority: .normal), ChatKind(priority: .urgent)]
        let chats = Self.trace(seed: seed, kinds: 3)
        let before = Self.waits(chats, team: Self.team(2), kinds: kinds)
        for index in stride(from: Int(seed) % 7, to: chats.count, by: 7) where chats[index].kind < 2 {
            var raised = chats
            raised[index].kind += 1
            let after = Self.waits(raised, team: Self.team(2), kinds: kinds)
            #expect(after[index] <= before[index], "chat \(index)")
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func namesChangeNothing(seed: UInt64) {
        let chats = Self.trace(seed: seed)
        let team = Self.team(5)
        let renamed = zip(team, team.reversed()).map { SimulatedAgent(id: $1.id, cap: $0.cap) }
        let (plain, other) = (
            Simulation(.central, team: team).run(chats), Simulation(.central, team: renamed).run(chats)
        )
        #expect(plain.waits == other.waits)
        #expect(plain.begun.reduce(0, +) == other.begun.reduce(0, +))
        #expect(abs(plain.jain(caps: [1, 1, 1, 1, 1]) - other.jain(caps: [1, 1, 1, 1, 1])) < 0.02)
    }

    /// A chat of class p is overtaken only by chats of a higher class that come less than the difference of the
    /// slacks later.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func overtakingIsBounded(seed: UInt64) {
        let kinds = [ChatKind(priority: .low), ChatKind(priority: .normal), ChatKind(priority: .urgent)]
        let chats = Self.trace(seed: seed, count: 400, kinds: 3, load: 50)
        let waits = Self.waits(chats, team: Self.team(2), kinds: kinds)
        let begins = zip(chats, waits).map { $0.arrival.microseconds + $1 }
        for (index, chat) in chats.enumerated() {
            for later in chats[(index + 1)...] where begins[later.number] < begins[index] {
                let lead =
                    1000
                    * (RouteKey.slackMilliseconds(of: kinds[chat.kind].priority)
                        - RouteKey.slackMilliseconds(of: kinds[later.kind].priority))
                #expect(later.arrival.microseconds - chat.arrival.microseconds < lead, "\(index) \(later.number)")
            }
        }
    }

    @Test func aChatThatNobodyCanTakeHoldsUpNobody() {
        let kinds = [ChatKind(skills: ["french": 1]), ChatKind()]
        let chats = [
            SimulatedChat(number: 0, arrival: Timestamp(microseconds: 0), handleMicroseconds: 10, kind: 0),
            SimulatedChat(number: 1, arrival: Timestamp(microseconds: 1), handleMicroseconds: 10, kind: 1),
        ]
        let outcome = Simulation(.central, team: Self.team(1), kinds: kinds).run(chats)
        #expect(outcome.begun == [1])
    }

    @Test func whoLeavesIsPassedOver() {
        let chats = [
            SimulatedChat(number: 0, arrival: Timestamp(microseconds: 0), handleMicroseconds: 100),
            SimulatedChat(
                number: 1, arrival: Timestamp(microseconds: 10), handleMicroseconds: 100, patienceMicroseconds: 20),
            SimulatedChat(
                number: 2, arrival: Timestamp(microseconds: 20), handleMicroseconds: 100, patienceMicroseconds: 500),
        ]
        for policy in [SimulatedPolicy.central, .jsq] {
            let outcome = Simulation(policy, team: Self.team(1)).run(chats, visitorsLeave: true)
            #expect(outcome.waits == [0, 20, 80], "\(policy)")
            #expect(outcome.abandoned == 1)
        }
    }

    @Test func capsAreKept() {
        let chats = (0..<4).map {
            SimulatedChat(number: $0, arrival: Timestamp(microseconds: 0), handleMicroseconds: 100)
        }
        let team = [SimulatedAgent(id: "ana", cap: 2), SimulatedAgent(id: "beto")]
        for policy in [SimulatedPolicy.central, .jsq] {
            let outcome = Simulation(policy, team: team).run(chats)
            #expect(outcome.waits.filter { $0 > 0 } == [100])
            #expect(outcome.begun.reduce(0, +) == 4)
        }
    }
}
