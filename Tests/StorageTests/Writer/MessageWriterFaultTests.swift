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
                // Those behind the broken connection may be the pool's by then: not stored either.
                switch outcome {
                case .failed, .notPlain: break
                case .stored, .duplicate, .conflict: continue
                }
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

    @Test func aShutDownFinishesWhatIsUnderWayAndTakesNothingElse() async throws {
        try await StoreStage.with { stage in
            let writer = try await Writer(stage, connections: 1)
            let owner = try await stage.test.ownerDatabase()
            try await stage.test.run(
                """
                create function linger() returns trigger language plpgsql security definer as $$
                begin perform pg_sleep(0.5); return new; end $$;
                create trigger linger before insert on messages for each row when (new.content = 'lento')
                    execute function linger()
                """)
            let slow = Self.plain(try await Self.chat(stage, "a"), "lento", id: "m")
            let late = Self.plain(try await Self.chat(stage, "b"), "tarde", id: "m")
            async let first = writer.write(slow)
            var isUnderWay = false
            while !isUnderWay {
                isUnderWay = try await owner.transaction(.none) { tx in
                    try tx.query(
                        """
                        select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()
                        """
                    ).isEmpty == false
                }
            }
            async let second = writer.write(late)
            while writer.writer.waiting == 0 { await Task.yield() }
            await writer.writer.shutDown()
            _ = try Self.event(await first)
            // The pool may have better luck, and finds nothing of it.
            guard case .notPlain = await second else {
                Issue.record("what waited was not refused")
                return
            }
            guard case .notPlain = await writer.write(late) else {
                Issue.record("a writer that is shut down took a message")
                return
            }
            let stored = try await owner.transaction(.none) { tx in
                try tx.query("select content from messages").map { try $0.text(0) }
            }
            #expect(stored == ["lento"])
            await owner.shutDown()
        }
    }
}
