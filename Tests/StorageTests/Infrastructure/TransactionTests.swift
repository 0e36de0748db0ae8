import Assignment
import StorageTestSupport
import Testing

@testable import Storage

@Suite struct TransactionTests {
    @Test func valuesMakeTheRoundTrip() async throws {
        try await TestDatabase.with { test async throws in
            try await test.database.transaction(.none) { tx in
                let row = try #require(
                    try tx.query(
                        """
                        select $1::text, $2::bigint, $3::double precision, $4::boolean, $5::bytea, $6::text[],
                            $7::bigint[], $8::timestamptz, $9::jsonb ->> 'a', $10::uuid, null
                        """,
                        [
                            .text("ñandú \"{}\\,'"), .int(Int64.min), .double(-0.1), .bool(true),
                            .bytes([0, 255, 10]), .texts(["", "a,b", "\"q\"", "\\", "NULL", "ü"]), .ints([1, -2]),
                            .timestamp(Timestamp(microseconds: 1_700_000_000_123_456)), .text("{\"a\":\"x\"}"),
                            .text("6F9619FF-8B86-D011-B42D-00CF4FC964FF"),
                        ]
                    ).first
                )
                #expect(try row.text(0) == "ñandú \"{}\\,'")
                #expect(try row.int(1) == .min)
                #expect(try row.double(2) == -0.1)
                #expect(try row.bool(3))
                #expect(try row.bytes(4) == [0, 255, 10])
                #expect(try row.texts(5) == ["", "a,b", "\"q\"", "\\", "NULL", "ü"])
                #expect(try row.ints(6) == [1, -2])
                #expect(try row.timestamp(7).microseconds == 1_700_000_000_123_456)
                #expect(try row.text(8) == "x")
                #expect(try row.text(9) == "6f9619ff-8b86-d011-b42d-00cf4fc964ff")
                #expect(try row.isNull(10))
            }
        }
    }

    @Test func nullsAreReadAsNullAndRefusedAsValues() async throws {
        try await TestDatabase.with { test async throws in
            try await test.database.transaction(.none) { tx in
                let row = try #require(
                    try tx.query(
                        "select $1::text, $2::bigint, $3::timestamptz",
                        [.text(nil), .int(nil as Int64?), .timestamp(nil)]
                    ).first
                )
                #expect(try row.optionalText(0) == nil)
                #expect(try row.optionalInt(1) == nil)
                #expect(try row.optionalTimestamp(2) == nil)
                #expect(throws: StorageError.self) { try row.text(0) }
                #expect(throws: StorageError.self) { try row.int(3) }
                #expect(throws: StorageError.self) { try row.int(-1) }
            }
        }
    }

    @Test(arguments: [Timestamp(microseconds: .max), Timestamp(microseconds: .min), Timestamp(microseconds: -1)])
    func timestampsOfEveryAge(value: Timestamp) async throws {
        try await TestDatabase.with { test async throws in
            let read = try await test.database.transaction(.none) { tx in
                try tx.query("select $1::timestamptz", [.timestamp(value)]).first?.timestamp(0)
            }
            #expect(read == value)
        }
    }

    @Test func commitsAndCounts() async throws {
        try await TestDatabase.withItems { test async throws in
            let count = try await test.database.transaction(.none) { tx in
                try tx.execute("insert into item select n, 'x' from generate_series(1, $1) n", [.int(5)])
            }
            #expect(count == 5)
            #expect(try await Self.count(test) == 5)
        }
    }

    @Test func anErrorOfTheBodyRollsBackAndComesThrough() async throws {
        struct Refused: Error {}
        try await TestDatabase.withItems { test async throws in
            await #expect(throws: Refused.self) {
                try await test.database.transaction(.none) { tx in
                    try tx.execute("insert into item values (1, 'x')")
                    throw Refused()
                }
            }
            #expect(try await Self.count(test) == 0)
            #expect(test.database.statistics.down == 0)
        }
    }

    @Test func constraintsAreNamed() async throws {
        try await TestDatabase.withItems { test async throws in
            let doubled = await Self.failure(test) { tx in
                try tx.execute("insert into item values (1, 'a')")
                try tx.execute("insert into item values (1, 'b')")
            }
            #expect(doubled?.code == .constraint)
            #expect(doubled?.sqlState == "23505")
            #expect(doubled?.constraint == "item_pkey")
            let unchecked = await Self.failure(test) { tx in try tx.execute("insert into item values (2, '')") }
            #expect(unchecked?.constraint == "item_owner_known")
            #expect(try await Self.count(test) == 0)
        }
    }

    /// A body that swallows an error must not believe that its work was committed.
    @Test func aSwallowedErrorStillFailsTheTransaction() async throws {
        try await TestDatabase.withItems { test async throws in
            let error = await Self.failure(test) { tx in
                try tx.execute("insert into item values (1, 'a')")
                _ = try? tx.execute("insert into item values (2, '')")
                #expect(throws: StorageError.self) { try tx.query("select 1") }
            }
            #expect(error?.constraint == "item_owner_known")
            #expect(try await Self.count(test) == 0)
        }
    }

    @Test func deferredConstraintsFailAtCommit() async throws {
        try await TestDatabase.withItems { test async throws in
            try await test.run(
                "alter table item add constraint item_owner_once unique (owner) deferrable initially deferred"
            )
            let error = await Self.failure(test) { tx in
                try tx.execute("insert into item values (1, 'a')")
                try tx.execute("insert into item values (2, 'a')")
            }
            #expect(error?.constraint == "item_owner_once")
            #expect(try await Self.count(test) == 0)
        }
    }

    /// What is postponed goes in front of what is sent next, and is answered first.
    @Test func postponedStatementsGoFirst() async throws {
        try await TestDatabase.withItems { test async throws in
            let seen = try await test.database.transaction(.none) { tx in
                let seen = Notes()
                try tx.postpone(Query("insert into item values (1, 'first') returning owner")) { seen.take($0) }
                try tx.postpone(Query("insert into item values (2, 'second') returning owner")) { seen.take($0) }
                #expect(seen.words.isEmpty)
                let rows = try tx.query("select owner from item order by id")
                #expect(seen.words == ["first", "second"])
                seen.take(rows)
                return seen.words
            }
            #expect(seen == ["first", "second", "first", "second"])
        }
    }

    /// Nothing follows: it goes with COMMIT, and a body that commits itself knows what came of it.
    @Test func whatIsPostponedGoesWithTheCommit() async throws {
        try await TestDatabase.withItems { test async throws in
            let seen = try await test.database.transaction(.none) { tx in
                let seen = Notes()
                try tx.postpone(Query("insert into item values (1, 'alone') returning owner")) { seen.take($0) }
                try tx.commit()
                return seen.words
            }
            #expect(seen == ["alone"])
            try await test.database.transaction(.none) { tx in
                try tx.execute("insert into item values (2, 'a')")
                try tx.postpone(Query("insert into item values (3, 'b')")) { _ in }
            }
            #expect(try await Self.count(test) == 3)
        }
    }

    @Test func aPostponedStatementThatFailsUndoesAll() async throws {
        try await TestDatabase.withItems(configure: { $0.size = 1 }) { test async throws in
            for commitsItself in [false, true] {
                let error = await Self.failure(test) { tx in
                    try tx.execute("insert into item values (1, 'a')")
                    try tx.postpone(Query("insert into item values (2, '')")) { _ in Issue.record("a row of nothing") }
                    if commitsItself { try tx.commit() }
                }
                #expect(error?.constraint == "item_owner_known")
            }
            #expect(try await Self.count(test) == 0)
            #expect(test.database.statistics.down == 0)
        }
    }

    @Test func nothingFollowsACommit() async throws {
        try await TestDatabase.withItems { test async throws in
            let error = await Self.failure(test) { tx in
                try tx.execute("insert into item values (1, 'a')")
                try tx.commit()
                #expect(throws: StorageError.self) { try tx.postpone(Query("select 1")) { _ in } }
                try tx.query("select 1")
            }
            #expect(error?.code == .unexpected)
            #expect(try await Self.count(test) == 1)
        }
    }

    /// What the rows of postponed statements said.
    private final class Notes {
        private(set) var words: [String] = []

        func take(_ rows: [Row]) { self.words += rows.compactMap { try? $0.text(0) } }
    }

    /// PostgreSQL would refuse it, libpq would cut the text there (docs/hostile-input.md, J09).
    @Test func zeroBytesAreRefusedBeforeTheyAreSent() async throws {
        try await TestDatabase.withItems { test async throws in
            for value in [SQLValue.text("a\0b"), .texts(["a", "\0"])] {
                let error = await Self.failure(test) { tx in
                    try tx.execute("insert into item values (1, 'a')")
                    try tx.query("select $1::text", [value])
                }
                #expect(error?.code == .unexpected)
            }
            // The connection is in order.
            #expect(try await Self.count(test) == 0)
            #expect(test.database.statistics.down == 0)
        }
    }

    @Test func aWrongStatementHarmsNothingAfterIt() async throws {
        try await TestDatabase.withItems(configure: { $0.size = 1 }) { test async throws in
            for _ in 0..<3 {
                let error = await Self.failure(test) { tx in try tx.query("select nonsense from item") }
                #expect(error?.code == .unexpected)
                #expect(error?.sqlState == "42703")
            }
            #expect(try await Self.count(test) == 0)
        }
    }

    @Test(arguments: ["40001", "40P01"])
    func contentionIsRetriedABoundedNumberOfTimes(sqlState: String) async throws {
        try await TestDatabase.withItems(configure: { $0.attempts = 4 }) { test async throws in
            // A sequence does not roll back: it counts the attempts.
            try await test.run(
                """
                create sequence attempt; grant all on sequence attempt to puente_app;
                create function collide(until bigint) returns void language plpgsql as $$
                begin
                    if nextval('attempt') < until then raise 'collided' using errcode = '\(sqlState)'; end if;
                end $$;
                """
            )
            try await test.database.transaction(.none) { tx in
                try tx.execute("insert into item values (1, 'a')")
                try tx.query("select collide(4)")
            }
            #expect(try await Self.count(test) == 1)
            let error = await Self.failure(test) { tx in try tx.query("select collide(1000)") }
            #expect(error?.code == .contention)
            let attempts = try await test.database.transaction(.none) { tx in
                try tx.query("select last_value from attempt").first?.int(0)
            }
            #expect(attempts == 8)
        }
    }

    /// Two transactions that take two rows in opposite order: one is chosen by PostgreSQL, and both succeed.
    @Test func aRealDeadlockIsResolved() async throws {
        try await TestDatabase.withItems { test async throws in
            try await test.run("insert into item values (1, 'a'), (2, 'a')")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await test.database.transaction(.none) { tx in
                            try tx.execute("update item set owner = owner || 'b' where id = $1", [.int(first)])
                            // Until both hold their first row, or the other one is through.
                            try tx.query("select pg_sleep(0.1)")
                            try tx.execute("update item set owner = owner || 'b' where id = $1", [.int(second)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let owners = try await test.database.transaction(.none) { tx in
                try tx.query("select owner from item order by id").map { row in try row.text(0) }
            }
            #expect(owners == ["abb", "abb"])
        }
    }

    /// The row-level security context ends with its transaction, on the very same connection.
    @Test func contextsDoNotLeak() async throws {
        try await TestDatabase.withItems(configure: { $0.size = 1 }) { test async throws in
            try await test.run(
                """
                alter table item enable row level security; alter table item force row level security;
                create policy item_workspace on item using (owner = any
                    (coalesce(nullif(current_setting('app.workspaces', true), ''), '{}')::text[]));
                insert into item values (1, 'a'), (2, 'b"},{'), (3, 'c');
                """
            )
            func visible(_ scope: WorkspaceScope) async throws -> [Int64] {
                try await test.database.transaction(scope) { tx in
                    try tx.query("select id from item order by id").map { row in try row.int(0) }
                }
            }
            #expect(try await visible(.none) == [])
            #expect(try await visible(.workspace("a")) == [1])
            #expect(try await visible(.none) == [])
            #expect(try await visible(.workspaces(["b\"},{", "c"])) == [2, 3])
            #expect(try await visible(.workspaces([])) == [])
            await #expect(throws: StorageError.self) {
                try await test.database.transaction(.workspace("a")) { tx in try tx.execute("select 1 / 0") }
            }
            #expect(try await visible(.none) == [])
            // Writing into another workspace is refused too.
            await #expect(throws: StorageError.self) {
                try await test.database.transaction(.workspace("a")) { tx in
                    try tx.execute("insert into item values (4, 'c')")
                }
            }
        }
    }

    @Test func aBodyWithoutStatementsNeedsNoTransaction() async throws {
        try await TestDatabase.with { test async throws in
            #expect(try await test.database.transaction(.workspace("a")) { _ in 7 } == 7)
        }
    }

    /// A migration by another program may change what a prepared statement returns.
    @Test func aChangedTableCostsOneFailureAtMost() async throws {
        try await TestDatabase.withItems(configure: { $0.size = 1 }) { test async throws in
            let read: @Sendable (Transaction) throws -> Void = { tx in _ = try tx.query("select * from item") }
            try await test.database.transaction(.none, read)
            try await test.run("alter table item add column extra text")
            _ = await Self.failure(test, read)
            try await Self.untilAvailable(test.database)
            try await test.database.transaction(.none, read)
        }
    }

    private static func count(_ test: TestDatabase) async throws -> Int64? {
        try await test.database.transaction(.none) { tx in try tx.query("select count(*) from item").first?.int(0) }
    }

    private static func untilAvailable(_ database: Database) async throws {
        for await isAvailable in database.availability where isAvailable { return }
    }

    private static func failure(
        _ test: TestDatabase, _ body: @escaping @Sendable (Transaction) throws -> Void
    ) async -> StorageError? {
        do {
            try await test.database.transaction(.none, body)
            return nil
        } catch {
            return error as? StorageError
        }
    }
}
