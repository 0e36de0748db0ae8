import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Random lives of chats through the use cases, the dispatcher and the sweeper, judged after every step.
/// `StoreModelTests` does the same to the stores alone, for what the schema enforces.
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

    /// What the schema alone would refuse, with its fences down: one kind of damage for each invariant that looks at rows.
    @Test func theJudgeSeesWhatTheSchemaPrevents() async throws {
        let damages: [(invariant: String, sql: StaticString)] = [
            (
                "I1",
                """
                insert into assignments (workspace_id, chat_id, commercial_id, state, weight, epoch, by_role, by_id)
                select workspace_id, chat_id, commercial_id, state, weight, epoch, by_role, by_id from assignments
                """
            ),
            (
                "I6",
                """
                insert into messages (workspace_id, chat_id, seq, sender_role, sender_id, type, content, client_msg_id)
                select workspace_id, chat_id, seq + g, sender_role, sender_id, type, content, 'twice'
                from messages, generate_series(10, 11) g where sender_role = 'visitor'
                """
            ),
            (
                "I7 one answer",
                """
                insert into messages (workspace_id, chat_id, seq, sender_role, sender_id, type, content, in_reply_to_seq)
                select workspace_id, chat_id, seq + g, 'ai', 'bot', 'ai-response', content, seq
                from messages, generate_series(10, 11) g where sender_role = 'visitor'
                """
            ),
            // Posted by the owner, then made out to be another bot's, and of another turn.
            ("I7 only the owner posts, in", "update messages set sender_id = 'other' where sender_role = 'ai'"),
            (
                "I7 only the owner posts, in",
                "update messages set metadata = '{\"epoch\": 0}' where sender_role = 'ai'"
            ),
            ("I7 only the owner posts, in", "update outbox set data = data || '{\"status\": \"waiting\"}'"),
            (
                "I7 only the owner posts, people",
                "update messages set sender_role = 'commercial', sender_id = 'beto' where sender_role = 'ai'"
            ),
        ]
        try await AssignmentFixture.alone { fixture in
            try await fixture.connect(.commercial, "ana")
            try await fixture.chat("v0")
            try await fixture.chat("v1", bot: "bot")
            let asked = try #require(try await RoutingModel.open("v1", fixture))
            try await fixture.say("hola", in: asked.id)
            let spoken = try #require(try await RoutingModel.open("v1", fixture))
            #expect(try await RoutingModel.tryToTake(.answer, spoken, "ana", fixture))
            #expect(try await fixture.read(spoken.id).seq == 2)
            // Neither of these is let in.
            for step in [RoutingModel.Step.answerLate, .answerUninvited] {
                #expect(try await RoutingModel.tryToTake(step, spoken, "ana", fixture))
            }
            #expect(try await fixture.read(spoken.id).seq == 2)
            #expect(try await RoutingModel.dispatch(fixture) == [])
            let owner = try await fixture.ownerDatabase()
            for damage in damages {
                let seen = try await owner.transaction(.none) { sql in
                    try sql.execute("savepoint before_the_damage")
                    try sql.execute("set local session_replication_role = replica")
                    try sql.execute("drop index assignments_one_live, messages_client_id, messages_one_answer")
                    try sql.execute(damage.sql)
                    let seen = try RoutingModel.brokenInvariants(sql)
                    try sql.execute("rollback to savepoint before_the_damage")
                    return seen
                }
                #expect(seen.contains { $0.hasPrefix(damage.invariant) }, "\(damage) gave \(seen)")
            }
            let afterwards = try await owner.transaction(.none) { try RoutingModel.brokenInvariants($0) }
            await owner.shutDown()
            #expect(afterwards == [])
        }
    }

    /// Gifts to who is not there, and past the first in line.
    @Test func theJudgeSeesBadGifts() async throws {
        try await AssignmentFixture.alone { fixture in
            for id in ["ana", "beto"] { try await fixture.connect(.commercial, id) }
            try await fixture.lapseLeases(of: "beto")
            try await fixture.chat("v0")
            try await fixture.chat("v1")
            let line = try await RoutingModel.line(fixture)
            #expect(line.map(\.visitorID) == ["v0", "v1"])
            let passedOver = try await RoutingModel.dispatch(fixture) { fixture in
                try await Self.give(line[1].id, to: "ana", fixture)
            }
            #expect(passedOver.map { $0.prefix(3) } == ["I9 "], "\(passedOver)")
            let gone = try await RoutingModel.dispatch(fixture) { fixture in
                try await Self.give(line[0].id, to: "beto", fixture)
            }
            #expect(gone.map { $0.prefix(3) } == ["I8 "], "\(gone)")
        }
    }

    /// Gives a chat without asking any rule.
    private static func give(_ id: String, to person: String, _ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            let chat = try transaction.lock(id)
            _ = try Commercials.reserve(transaction.sql, fixture.workspace, person, weight: chat.weight, .forced)
            let active = try Chats.activate(
                transaction.sql, chat, owner: Participant(role: .commercial, id: person), by: .system,
                reason: "routed")
            _ = try Assignments.create(
                transaction.sql, active, commercial: person, state: .active, by: .system, reason: "routed")
        }
    }

    /// Words that no visitor may see, and another visitor's name, in what goes to one.
    @Test(arguments: [RoutingModel.secret, "v1"]) func theJudgeSeesLeaks(words: String) async throws {
        try await AssignmentFixture.alone { fixture in
            let chat = try await fixture.chat("v0")
            try await fixture.chat("v1")
            let before = fixture.tolds.count
            try await fixture.run { transaction in
                let posted = try Messages.append(
                    transaction.sql, transaction.lock(chat),
                    NewMessage(
                        sender: Participant(role: .visitor, id: "v0"), type: .user, content: "hola",
                        metadata: JSONText(["leak": .string(words)])))
                transaction.recorded(posted.event)
            }
            let leaks = try await RoutingModel.leaks(fixture, after: before)
            #expect(leaks == ["I13 message:new to v0"], "\(leaks)")
        }
    }
}
