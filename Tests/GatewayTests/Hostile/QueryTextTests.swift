import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Row VD6: what clients send is in parameters, never in the text of a statement. A `StaticString` cannot hold it; here
/// PostgreSQL says so itself.
@Suite struct QueryTextTests {
    /// The texts of every statement that any connection of the pool has prepared.
    private static func texts(_ fixture: EventsFixture) async throws -> Set<String> {
        let database = fixture.services.database
        return try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await database.transaction(.none) { sql in
                        // So long that no connection takes two of these while another one has none.
                        try sql.query("select pg_sleep(0.4)")
                        return try sql.query("select statement from pg_prepared_statements").map { try $0.text(0) }
                    }
                }
            }
            var texts: Set<String> = []
            for try await some in group { texts.formUnion(some) }
            return texts
        }
    }

    /// Sends every event by everybody who may, with `text` wherever a text may stand.
    private static func send(_ text: String, _ clients: [Role: TestClient]) async {
        for sample in EventSample.all where sample.name != "visitor:identify" && sample.name != "session:refresh" {
            for (role, client) in clients where sample.roles.contains(role) {
                for (field, kind) in sample.fields {
                    switch kind {
                    case .text, .id:
                        await client.send(sample.name, .object(sample.payload(field, .string(text))))
                    case .object:
                        await client.send(
                            sample.name, .object(sample.payload(field, [text: .string(text), "skills": [text: 1]])))
                    case .list:
                        await client.send(sample.name, .object(sample.payload(field, [.string(text)])))
                    case .integer, .page, .number, .scalar, .flag, .word:
                        break
                    }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3))) func hostileInputMakesNoNewStatements() async throws {
        try await EventsFixture.with { fixture in
            var clients: [Role: TestClient] = [:]
            for role in EventSample.everybody {
                clients[role] = try await fixture.connect(role, "\(role.rawValue)-fuzz")
            }
            await Self.send("canary' or '1'='1", clients)
            let before = try await Self.texts(fixture)
            #expect(before.count > 20)
            for text in [
                "canary'; drop table chats; --", "canary$$ $1 ::text", "canary\\'\"`%_", "canary) union select 1 --",
            ] { await Self.send(text, clients) }
            let after = try await Self.texts(fixture)
            // Another connection may have prepared what one had: together they have the same.
            #expect(after == before, "\(after.subtracting(before))")
            #expect(!after.contains { $0.contains("canary") })
        }
    }
}
