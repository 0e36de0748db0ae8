import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// The live numbers: what supervisors see, when they are told, and that nobody else is.
@Suite struct QueueBoardTests {
    /// Looks at once, as if the pause were over.
    private static func look(_ fixture: EventsFixture, after looks: Int) async throws {
        try await fixture.services.board.look(now: .now + QueueBoard.pause * looks)
    }

    private static func updates(_ client: TestClient) -> [JSONValue] {
        client.socket.received("chat:queue_update")
    }

    @Test func aSupervisorSeesHowThingsStandOnConnect() async throws {
        try await EventsFixture.with { fixture in
            try await fixture.services.database.transaction(.workspace("default")) { sql in
                try Workspaces.ensureQueue(sql, "default", name: "ventas")
            }
            let ana = try await fixture.connect(.commercial, "ana")
            let luis = try await fixture.connect(.commercial, "luis")
            #expect(await luis.send("commercial:status", ["status": "busy"]).isOK)
            _ = try await fixture.connect(.visitor, "v").say("hola")
            try await fixture.dispatch()
            #expect(await ana.send("commercial:status", ["status": "away"]).isOK)
            let waiting = try await fixture.connect(.visitor, "w")
            _ = try await waiting.say("hola")
            let boss = try await fixture.connect(.supervisor, "boss")
            let updates = Self.updates(boss)
            #expect(updates.map { $0[dynamic: "queue"] } == ["default", "ventas"])
            let numbers = try #require(updates.first)
            #expect(numbers[dynamic: "waiting"] == 1)
            #expect(numbers[dynamic: "active"] == 1)
            #expect(numbers[dynamic: "offered"] == 0)
            #expect(numbers[dynamic: "waitingSince"].string != nil)
            #expect(numbers[dynamic: "agents"] == ["available": 0, "busy": 1, "away": 1, "offline": 0])
            #expect(
                numbers[dynamic: "people"] == [
                    [
                        "commercialId": "ana", "name": "Ana", "status": "away", "connected": true, "load": 1,
                        "cap": 5,
                    ],
                    [
                        "commercialId": "luis", "name": "Luis", "status": "busy", "connected": true, "load": 0,
                        "cap": 5,
                    ],
                ])
            #expect(updates.last?[dynamic: "waitingSince"] == .null)
            // Nobody else.
            for client in [ana, luis, waiting] { #expect(Self.updates(client).isEmpty) }
        }
    }

    @Test func onlyWhatChangesIsToldAndNotTooOften() async throws {
        try await EventsFixture.with { fixture in
            let boss = try await fixture.connect(.supervisor, "boss")
            let stranger = try await fixture.connect(.supervisor, "stranger", workspace: "other")
            #expect(Self.updates(boss).count == 1)
            // Nothing changed.
            try await Self.look(fixture, after: 1)
            #expect(Self.updates(boss).count == 1)
            let visitor = try await fixture.connect(.visitor, "v")
            _ = try await visitor.say("hola")
            // Within the pause nobody looks.
            try await Self.look(fixture, after: 1)
            #expect(Self.updates(boss).count == 1)
            try await Self.look(fixture, after: 2)
            #expect(Self.updates(boss).map { $0[dynamic: "waiting"] } == [0, 1])
            // Time alone is no change, however long somebody waits.
            try await Self.look(fixture, after: 3)
            #expect(Self.updates(boss).count == 2)
            // Who comes now is told the same, and nobody else again.
            let admin = try await fixture.connect(.admin, "chief")
            #expect(Self.updates(admin).map { $0[dynamic: "waiting"] } == [1])
            #expect(Self.updates(boss).count == 2)
            #expect(Self.updates(stranger).map { $0[dynamic: "waiting"] } == [0])
        }
    }

    @Test func whereNobodyLooksNothingIsRead() async throws {
        try await EventsFixture.with { fixture in
            let boss = try await fixture.connect(.supervisor, "boss")
            _ = try await fixture.connect(.visitor, "v").say("hola")
            // From here on whoever asks the database fails.
            await fixture.services.database.shutDown()
            await #expect(throws: (any Error).self) { try await Self.look(fixture, after: 1) }
            fixture.services.registry.remove(boss.socket.id)
            for looks in 2...5 { try await Self.look(fixture, after: looks) }
        }
    }
}
