import Assignment
import Logging
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// What a running gateway notices by itself.
@Suite struct WatchTests {
    @Test func socketsFollowTheirQueues() async throws {
        try await EventsFixture.with { fixture in
            let (ana, sara) = (
                try await fixture.connect(.commercial, "ana"), try await fixture.connect(.supervisor, "sara")
            )
            let watch = WorkspaceWatch(
                database: fixture.services.database, registry: fixture.services.registry,
                dispatcher: fixture.dispatcher, quotas: WorkspaceQuotas(), logger: TestDatabase.silence)
            let queues = ["default", "sales", "billing"].map { Room.queue("default", $0) }
            func rooms(_ client: TestClient) -> [Bool] { queues.map(client.socket.isIn) }
            try await watch.look()
            #expect(rooms(ana) == [true, false, false])
            try await ApplyWorkspaceTests.apply(
                """
                queues: [{name: sales}, {name: billing}]
                commercials: [{id: ana, queues: {sales: 1, billing: 2}}]
                """, to: fixture.services.database)
            try await watch.look()
            #expect(rooms(ana) == [false, true, true])
            #expect(rooms(sara) == [false, false, false])
            try await ApplyWorkspaceTests.apply(
                "commercials: [{id: ana, queues: {sales: 1}}]", to: fixture.services.database)
            // Somebody whose greeting read what was before, and entered the rooms after the first look.
            try await watch.look()
            ana.socket.join([.queue("default", "billing")])
            try await watch.look()
            #expect(rooms(ana) == [false, true, false])
            // Nothing new, nothing done.
            ana.socket.join([.queue("default", "billing")])
            try await watch.look()
            #expect(rooms(ana) == [false, true, true])
        }
    }

    @Test func readinessFollowsTheSchema() async throws {
        try await TestDatabase.with { test in
            let state = ServiceState()
            let watch = SchemaWatch(database: test.database, state: state, logger: TestDatabase.silence)
            await watch.look()
            #expect(state.schema == .ok)
            try await test.run("insert into schema_migrations (number, name, checksum) values (99, 'later', 'x')")
            await watch.look()
            #expect(state.schema == .newer)
            try await test.run(
                "delete from schema_migrations where number in (99, (select max(number) from schema_migrations where number < 99))"
            )
            await watch.look()
            #expect(state.schema == .different, "an older one")
            await test.database.shutDown()
            await watch.look()
            #expect(state.schema == .different, "what was seen last holds")
        }
    }
}
