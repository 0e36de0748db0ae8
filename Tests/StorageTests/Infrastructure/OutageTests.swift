import Foundation
import Glibc
import StorageTestSupport
import Synchronization
import Testing

@testable import Storage

/// What callers see when PostgreSQL fails, in all the ways that can be brought about on one machine.
@Suite struct OutageTests {
    @Test func slowStatementsAndLocksTimeOut() async throws {
        try await TestDatabase.withItems(configure: {
            $0.size = 2
            $0.statementTimeout = .seconds(1)
            $0.lockTimeout = .milliseconds(200)
        }) { test async throws in
            try await test.run("insert into item values (1, 'a')")
            let slow = await failure {
                try await test.database.transaction(.none) { try $0.execute("select pg_sleep(30)") }
            }
            #expect(slow?.code == .unavailable)
            #expect(slow?.sqlState == "57014")
            let blocked: StorageError? = try await test.database.transaction(.none) { tx in
                try tx.execute("update item set owner = 'b'")
                // The second connection waits for the row that this one holds.
                return try awaitSynchronously {
                    await failure {
                        try await test.database.transaction(.none) { try $0.execute("update item set owner = 'c'") }
                    }
                }
            }
            #expect(blocked?.code == .unavailable)
            #expect(blocked?.sqlState == "55P03")
            #expect(test.database.statistics.down == 0)
        }
    }

    @Test func aTransactionThatIdlesIsEnded() async throws {
        try await TestDatabase.withItems(configure: {
            $0.size = 1
            $0.idleInTransactionTimeout = .milliseconds(200)
        }) { test async throws in
            let error = await failure {
                try await test.database.transaction(.none) { tx in
                    try tx.execute("insert into item values (1, 'a')")
                    usleep(1_000_000)
                    try tx.execute("insert into item values (2, 'a')")
                }
            }
            #expect(error?.code == .unavailable)
            let owner = try await test.ownerDatabase()
            #expect(try await count(owner) == 0)
            await owner.shutDown()
        }
    }

    @Test func aBackendThatIsTerminatedFailsItsTransactionOnly() async throws {
        try await TestDatabase.withItems(configure: {
            $0.size = 2
            $0.role = nil
        }) { test async throws in
            let error = await failure {
                try await test.database.transaction(.none) { tx in
                    try tx.execute("insert into item values (1, 'a')")
                    try tx.query("select pg_terminate_backend(pg_backend_pid())")
                }
            }
            #expect(error?.code == .unavailable)
            #expect(test.database.isAvailable)
            #expect(try await count(test.database) == 0)
        }
    }

    /// An idle connection that died while nobody looked is replaced before it is used: no event fails for it.
    @Test func deadIdleConnectionsAreNotHandedOut() async throws {
        try await TestDatabase.withItems { test in
            for _ in 0..<5 {
                let backend = try await test.database.transaction(.none) {
                    try $0.query("select pg_backend_pid()").first?.int(0)
                }
                // The connection used last is used next.
                try await test.run("select pg_terminate_backend(\(try #require(backend)), 5000)")
                let value = try await test.database.transaction(.none) { try $0.execute("select 1") }
                #expect(value == 1)
            }
        }
    }

    /// COMMIT was sent and the connection broke: neither success nor failure may be claimed.
    @Test func aLostCommitIsUnavailable() async throws {
        try await TestDatabase.withItems { test async throws in
            try await test.run(
                """
                create function die() returns trigger language plpgsql security definer as
                    $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
                create constraint trigger die after insert on item deferrable initially deferred
                    for each row execute function die();
                """
            )
            let error = await failure {
                try await test.database.transaction(.none) { try $0.execute("insert into item values (1, 'a')") }
            }
            #expect(error?.code == .unavailable)
            #expect(try await count(test.database) == 0)
        }
    }

    /// A server that answers nothing at all, not even a timeout.
    @Test func aFrozenBackendIsGivenUp() async throws {
        try await TestDatabase.withItems(configure: {
            $0.size = 2
            $0.statementTimeout = .seconds(1)
            $0.responseGrace = .milliseconds(500)
        }) { test async throws in
            let backend = try await test.database.transaction(.none) {
                try $0.query("select pg_backend_pid()").first?.int(0)
            }
            let process = try #require(backend.flatMap(Int32.init(exactly:)))
            // The connection used last is used next.
            #expect(kill(process, SIGSTOP) == 0)
            let error = await failure { try await test.database.transaction(.none) { try $0.execute("select 1") } }
            #expect(error?.code == .unavailable)
            #expect(error?.sqlState == nil, "the server said nothing; it was the client that gave up")
            kill(process, SIGCONT)
            #expect(try await count(test.database) == 0)
        }
    }

    @Test func theServerIsKilledAndComesBack() async throws {
        let directory = try await TestDataDirectory.withCluster()
        let server = try await TestServer.start(in: directory)
        try await DedicatedThread.run("test") {
            try PostgresConnection(server.url).runScript("create table item (id bigint primary key, owner text)")
        }
        var configuration = Database.Configuration(url: server.url)
        configuration.role = nil
        configuration.size = 3
        let database = Database(configuration: configuration, logger: TestDatabase.silence)
        try await database.start()
        try await database.transaction(.none) { try $0.execute("insert into item values (1, 'kept')") }

        let process = try #require(server.process)
        var changes = database.availability.makeAsyncIterator()
        let failed = await failure {
            try await database.transaction(.none) { tx in
                try tx.execute("insert into item values (2, 'lost')")
                kill(process, SIGKILL)
                // The backend notices that its postmaster is gone.
                for _ in 0..<200 {
                    try tx.query("select pg_sleep(0.05)")
                }
            }
        }
        #expect(failed?.code == .unavailable)
        // Noticed without traffic; what comes now fails at once, until the server is back.
        while await changes.next() == true {}
        if let refused = await failure({ try await database.transaction(.none) { try $0.execute("select 1") } }) {
            #expect(refused.code == .unavailable)
        }
        // Not before: on a busy machine it may be back before all connections have seen it go.
        let supervision = Task { await server.supervise() }
        try await untilAvailable(database)
        let ids = try await database.transaction(.none) {
            try $0.query("select id from item order by id").map { row in try row.int(0) }
        }
        #expect(ids == [1])
        #expect(database.isAvailable)
        supervision.cancel()
        await supervision.value
        await database.shutDown()
        await server.stop()
        #expect(server.process == nil)
    }

    @Test func startSaysWhatIsWrong() async throws {
        let server = try await TestServer.running()
        let nowhere = DatabaseURL(socketDirectory: "/nowhere", port: 1, user: "x", database: "y")
        for url in [server.url.database("missing"), nowhere] {
            let database = Database(configuration: .init(url: url), logger: TestDatabase.silence)
            let error = await failure { try await database.start(timeout: .milliseconds(300)) }
            #expect(error != nil)
            #expect(!database.isAvailable)
            await database.shutDown()
        }
    }

    @Test func theQueueBeforeThePoolIsBounded() async throws {
        try await TestDatabase.with(configure: {
            $0.size = 1
            $0.lanes[.statement]?.capacity = 2
        }) { test async throws in
            let gate = DispatchSemaphore(value: 0)
            let running = Task { try await test.database.transaction(.none) { _ in gate.wait() } }
            while test.database.statistics.busy == 0 { await Task.yield() }
            let waiting = (0..<2).map { _ in Task { try await test.database.transaction(.none) { _ in true } } }
            while test.database.statistics.waiting[.statement] != 2 { await Task.yield() }
            let refused = await failure { try await test.database.transaction(.none) { _ in true } }
            #expect(refused?.code == .unavailable)
            #expect(refused?.message.contains("too many") == true)
            #expect(test.database.statistics.waiting[.statement] == 2)
            gate.signal()
            for task in waiting { #expect(try await task.value) }
            try await running.value
        }
    }

    @Test func nobodyWaitsForEver() async throws {
        try await TestDatabase.with(configure: {
            $0.size = 1
            $0.lanes[.statement]?.maxWait = .milliseconds(50)
        }) { test async throws in
            let gate = DispatchSemaphore(value: 0)
            let running = Task { try await test.database.transaction(.none) { _ in gate.wait() } }
            while test.database.statistics.busy == 0 { await Task.yield() }
            let late = await failure { try await test.database.transaction(.none) { _ in true } }
            #expect(late?.code == .unavailable)
            #expect(late?.message.contains("in time") == true)
            gate.signal()
            try await running.value
        }
    }

    @Test func whoIsCancelledWhileWaitingLeavesTheQueue() async throws {
        try await TestDatabase.with(configure: { $0.size = 1 }) { test async throws in
            let gate = DispatchSemaphore(value: 0)
            let running = Task {
                try await test.database.transaction(.none) { _ in
                    gate.wait()
                    return 1
                }
            }
            while test.database.statistics.busy == 0 { await Task.yield() }
            let waiting = Task { try await test.database.transaction(.none) { _ in true } }
            while test.database.statistics.waiting[.statement] != 1 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            gate.signal()
            #expect(try await running.value == 1)
        }
    }

    @Test func shutDownWaitsForRunningTransactions() async throws {
        try await TestDatabase.withItems { test async throws in
            let gate = DispatchSemaphore(value: 0)
            let running = Task {
                try await test.database.transaction(.none) { tx in
                    gate.wait()
                    return try tx.execute("insert into item values (1, 'a')")
                }
            }
            while test.database.statistics.busy == 0 { await Task.yield() }
            let ending = Task { await test.database.shutDown() }
            while test.database.isAvailable { await Task.yield() }
            let late = await failure { try await test.database.transaction(.none) { _ in true } }
            #expect(late?.code == .unavailable)
            gate.signal()
            #expect(try await running.value == 1)
            await ending.value
            let owner = try await test.ownerDatabase()
            #expect(try await count(owner) == 1)
            await owner.shutDown()
        }
    }
}

// MARK: - Shorthands

private func failure<Value>(_ body: () async throws -> Value) async -> StorageError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? StorageError
    }
}

private func count(_ database: Database) async throws -> Int64? {
    try await untilAvailable(database)
    return try await database.transaction(.none) { try $0.query("select count(*) from item").first?.int(0) }
}

private func untilAvailable(_ database: Database) async throws {
    for await isAvailable in database.availability where isAvailable { return }
}

/// For a body that has to wait for another transaction; the thread is the connection's own.
private func awaitSynchronously<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) throws -> Value {
    let semaphore = DispatchSemaphore(value: 0)
    let result = Outcome<Value>()
    Task {
        let value = await body()
        result.value.withLock { $0 = value }
        semaphore.signal()
    }
    semaphore.wait()
    return try #require(result.value.withLock { $0 })
}

private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
