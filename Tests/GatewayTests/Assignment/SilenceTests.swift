import Assignment
import Storage
import Testing

@testable import Gateway

/// What ends by itself, and what never does.
@Suite struct SilenceTests {
    private static func apply(_ yaml: String, to fixture: AssignmentFixture) async throws {
        try await ApplyWorkspaceTests.apply(yaml, to: fixture.database, workspace: fixture.workspace)
    }

    private static func post(_ text: String, in id: String, as person: Participant, _ fixture: AssignmentFixture)
        async throws
    {
        try await fixture.run { transaction in
            _ = try Messages.append(
                transaction.sql, transaction.lock(id), NewMessage(sender: person, type: .agent, content: text))
        }
    }

    /// An active chat of ana's with one message of the visitor's.
    private static func active(_ fixture: AssignmentFixture) async throws -> String {
        try await fixture.connect(.commercial, "ana")
        let id = try await fixture.chat("v")
        _ = try await fixture.dispatchAll()
        try await fixture.say("hola", in: id)
        return id
    }

    @Test func aChatEndsWhenItsVisitorWaitsForNothing() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply("queues: [{name: default, autoClose: 1ms}]", to: fixture)
            let id = try await Self.active(fixture)
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).status == .active, "the visitor waits for an answer")

            try await Self.post("¿en qué ayudo?", in: id, as: Participant(role: .commercial, id: "ana"), fixture)
            try await fixture.letTimePass()
            try await fixture.secondSweeper().sweep()
            let closed = try await fixture.read(id)
            #expect(closed.status == .closed && closed.closeReason == .timeout && closed.closedBy == .system)
            #expect(try await fixture.commercial("ana")?.load == 0)
            let told = fixture.events.compactMap { if case .chatClosed(let closed) = $0 { closed } else { nil } }
            #expect(told.map(\.reason) == [.timeout])
        }
    }

    /// Looked at in the same moment as the visitor writes: whichever comes first, the words are not lost with the chat.
    @Test func aMessageInTheSameMomentWins() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply("queues: [{name: default, autoClose: 1ms}]", to: fixture)
            let id = try await Self.active(fixture)
            try await Self.post("¿algo más?", in: id, as: Participant(role: .commercial, id: "ana"), fixture)
            try await fixture.letTimePass()
            let held = AsyncStream.makeStream(of: Void.self)
            async let said: Void = fixture.run { transaction in
                defer { held.continuation.finish() }
                _ = try Messages.append(
                    transaction.sql, transaction.lock(id),
                    NewMessage(sender: Participant(role: .visitor, id: "v"), type: .user, content: "sí, otra cosa"))
                held.continuation.finish()
                try Self.waitUntilSomebodyWaits(transaction.sql)
            }
            for await _ in held.stream {}
            // Found due by what was committed before; by the time that the row is the sweeper's, it is not any more.
            #expect(try await fixture.run { try Chats.dueLooks($0.sql).map(\.id) } == [id])
            try await fixture.sweeper.sweep()
            try await said
            #expect(try await fixture.read(id).lastVisitorSeq == 3)
            #expect(try await fixture.read(id).status == .active)
        }
    }

    /// Returns as soon as another transaction waits for this one to end.
    private static func waitUntilSomebodyWaits(_ sql: Transaction) throws {
        for _ in 0..<1000 {
            let rows = try sql.query(
                "select exists (select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid)))"
            )
            if try rows.first?.bool(0) == true { return }
            try sql.query("select pg_sleep(0.01)")
        }
        throw TestFailure("the sweeper never came for the chat")
    }

    @Test func settingsOfTheGatewayHoldWhereTheQueueSaysNothing() async throws {
        try await AssignmentFixture.alone(configure: { $0.chat.botAutoClose = .milliseconds(1) }) { fixture in
            try await fixture.connect(.ai, "uno")
            let id = try await fixture.chat("v", bot: "uno")
            // Begun under another patience: nobody would look.
            #expect(try await fixture.read(id).lookAt == nil)
            try await fixture.sweeper.lookAtUnwatched()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).closeReason == .timeout)
        }
    }

    @Test func whoLeavesTheLineIsGoneAfterAWhile() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply("queues: [{name: default, abandonAfter: 1h}]", to: fixture)
            let connection = try await fixture.connect(.visitor, "v")
            let id = try await fixture.chat("v")
            try await fixture.say("¿hay alguien?", in: id)
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            #expect(try await fixture.read(id).status == .waiting, "the visitor is there")

            await fixture.presence.closed(connection.id)
            try await fixture.letTimePass()
            try await fixture.sweeper.sweep()
            try await fixture.sweeper.sweep()
            let waiting = try await fixture.read(id)
            #expect(waiting.status == .waiting, "an hour has not passed")
            let ahead = waiting.lookAt?.milliseconds(since: waiting.readAt) ?? 0
            #expect((3_500_000...3_600_000).contains(ahead))

            try await Self.apply("queues: [{name: default, abandonAfter: 1ms}]", to: fixture)
            try await fixture.sweeper.sweep()
            let closed = try await fixture.read(id)
            #expect(closed.status == .closed && closed.closeReason == .abandoned)
        }
    }
}
