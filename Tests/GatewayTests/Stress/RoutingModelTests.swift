import Assignment
import Storage
import Testing

@testable import Gateway

/// Random lives of chats through the use cases, the dispatcher and the sweeper, judged after every step
/// (assignment.md 2.8). `StoreModelTests` does the same to the stores alone, for what the schema enforces.
@Suite struct RoutingModelTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func theInvariantsHoldAfterEveryStep(seed: UInt64) async throws {
        try await AssignmentFixture.alone(configure: { $0.routing.autoAccept = false }) { fixture in
            for (id, cap) in RoutingModel.people { try await fixture.connect(.commercial, id, cap: cap) }
            var random = SeededGenerator(seed: seed)
            var done: [RoutingModel.Step: Int] = [:]
            for number in 0..<300 {
                let step = RoutingModel.mixture.randomElement(using: &random) ?? .arrive
                let told = fixture.tolds.count
                if try await RoutingModel.take(step, random.next(), fixture) { done[step, default: 0] += 1 }
                var broken = try await RoutingModel.dispatch(fixture)
                broken += try await fixture.run { try RoutingModel.brokenInvariants($0.sql) }
                broken += try await RoutingModel.leaks(fixture, after: told)
                #expect(broken == [], "seed \(seed), step \(number): \(step)")
                if broken != [] { return }
            }
            // Ids are PostgreSQL's, and break ties: a seed does not settle which steps are legal.
            let missing = Set(RoutingModel.Step.allCases).subtracting(done.keys)
            #expect(missing.count <= 2, "seed \(seed) never took \(missing)")
        }
    }

    /// Nobody dispatches but the running gateway, and nothing of what happens rings its bell: the sweeper alone keeps
    /// people from being idle beside chats that wait, and not for two seconds.
    @Test(.timeLimit(.minutes(3)), arguments: [5, 6] as [UInt64])
    func workIsConserved(seed: UInt64) async throws {
        try await AssignmentFixture.alone { fixture in
            // Room enough that somebody is free for most who come.
            for (id, _) in RoutingModel.people { try await fixture.connect(.commercial, id, cap: 4) }
            let mixture =
                RoutingModel.mixture + Array(repeating: .arrive, count: 8) + Array(repeating: .close, count: 8)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await fixture.dispatcher.run() }
                group.addTask { try await fixture.sweeper.run() }
                var random = SeededGenerator(seed: seed)
                var longest = Duration.zero
                for number in 0..<40 {
                    let step = mixture.randomElement(using: &random) ?? .arrive
                    _ = try await RoutingModel.take(step, random.next(), fixture)
                    let began = ContinuousClock.now
                    while true {
                        let broken = try await fixture.run { try RoutingModel.brokenInvariants($0.sql) }
                        let idle = broken.filter { $0.hasPrefix("I10") }
                        #expect(broken == idle, "seed \(seed), step \(number): \(step)")
                        if idle.isEmpty { break }
                        longest = max(longest, ContinuousClock.now - began)
                        guard longest < .seconds(2) else { break }
                        // Nothing tells of the end of a wait but the rows.
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    #expect(longest < .seconds(2), "seed \(seed), step \(number): \(step)")
                }
                #expect(longest > .zero, "nothing ever waited: this proved nothing")
                group.cancelAll()
            }
        }
    }

    /// The judge itself: what it says of a line that nobody dispatched, and of rows that somebody changed.
    @Test func theJudgeSeesDamage() async throws {
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            let chat = try await fixture.chat("v0")
            try await fixture.say("hola", in: chat)
            let idle = try await fixture.run { try RoutingModel.brokenInvariants($0.sql) }
            #expect(idle == ["I10 who is free has a chat"])
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.run { try RoutingModel.brokenInvariants($0.sql) } == [])
            try await fixture.run { transaction in
                try transaction.sql.execute("update chats set epoch = epoch + 1")
                try transaction.sql.execute("delete from outbox where kind = 'messagePosted'")
            }
            let damaged = try await fixture.run { try RoutingModel.brokenInvariants($0.sql).map { $0.prefix(3) } }
            #expect(damaged == ["I5 ", "I12", "I14"])
        }
    }
}
