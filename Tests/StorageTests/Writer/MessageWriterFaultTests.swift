import Assignment
import StorageTestSupport
import Testing

@testable import Storage

extension MessageWriterTests {
    @Test func aKilledBackendLeavesNothingHalfDone() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage, connections: 1)
            let owner = try await stage.test.ownerDatabase()
            // The statement itself ends its backend, in the middle of its rows.
            try await stage.test.run(
                """
                create function fall() returns trigger language plpgsql security definer as $$
                begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
                create trigger fall before insert on messages for each row when (new.content = 'fall')
                    execute function fall()
                """)
            var messages: [PlainMessage] = []
            for number in 0..<20 {
                messages.append(
                    Self.plain(try await Self.chat(stage, "v\(number)"), number == 10 ? "fall" : "bien", id: "m"))
            }
            // One batch: what waits while the connection is at the first one.
            let outcomes = await writer.write(messages)
            let failed = outcomes.filter {
                if case .failed(let error) = $0 { error.code == .unavailable } else { false }
            }
            #expect(!failed.isEmpty)
            try await stage.test.run("drop trigger fall on messages")
            // Whoever was told nothing asks again, and is stored once.
            for (message, outcome) in zip(messages, outcomes) {
                guard case .failed = outcome else { continue }
                var second = await writer.write(message)
                // Until the connection is there again the pool would take them.
                while case .notPlain = second { second = await writer.write(message) }
                switch second {
                case .stored, .duplicate: break
                case .conflict, .notPlain, .failed: Issue.record("\(second)")
                }
            }
            let rows = try await owner.transaction(.none) { tx in
                try tx.query(
                    """
                    select count(*), count(distinct chat_id), max(seq), (select count(*) from outbox),
                        (select sum(seq) from chats)
                    from messages
                    """
                ).first.map { row in try (0..<5).map { try row.int($0) } }
            }
            #expect(rows == [20, 20, 1, 20, 20])
            await owner.shutDown()
            await writer.writer.shutDown()
        }
    }
}
