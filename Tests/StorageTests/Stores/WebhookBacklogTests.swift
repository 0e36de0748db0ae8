import Assignment
import Foundation
import StorageTestSupport
import Synchronization
import Testing

@testable import Storage

/// What waits for a receiver that does not answer: it costs nobody else anything, and nothing of it is forgotten.
@Suite struct WebhookBacklogTests {
    private static let workspace = StoreStage.workspace

    private static func with(
        _ endpoints: [String] = ["shop"], _ body: (StoreStage) async throws -> Void
    ) async throws {
        try await StoreStage.with { stage in
            for name in endpoints {
                try await stage.run { tx in
                    try Webhooks.set(
                        tx,
                        WebhookEndpointRow(
                            workspaceID: Self.workspace, name: name, url: "https://\(name).example/",
                            kinds: ["messagePosted"], secrets: ["s"]))
                }
            }
            try await body(stage)
        }
    }

    /// Rows as the outbox's trigger makes them.
    private static func rows(_ endpoint: String, chats: Int, each: Int) -> String {
        """
        insert into webhook_deliveries (workspace_id, endpoint, event_id, chat_id, event_no, kind, data, event_at)
        select 'w', '\(endpoint)', n * \(chats) + c, md5('\(endpoint)' || c)::uuid, n, 'chatClosed', '{}', now()
        from generate_series(1, \(each)) n, generate_series(1, \(chats)) c order by n, c
        """
    }

    private static func lease(
        _ stage: StoreStage, _ endpoint: String = "shop", for milliseconds: Int64 = 60_000
    ) async throws -> LeasedDelivery? {
        try await stage.run {
            try Deliveries.lease($0, Self.workspace, endpoint: endpoint, milliseconds: milliseconds)
        }
    }

    private static func deliver(_ stage: StoreStage, _ delivery: LeasedDelivery) async throws {
        let counts = try await stage.run { try Deliveries.delivered($0, delivery, status: 200) }
        #expect(counts)
    }

    private static func say(_ stage: StoreStage, _ text: String, by visitor: String = "v") async throws {
        let chat = try await stage.chat(of: visitor)
        try await stage.run { tx in
            let locked = try #require(try Chats.lock(tx, chat.workspaceID, chat.id))
            _ = try Messages.append(tx, locked, .from(visitor, text))
        }
    }

    private static func text(_ delivery: LeasedDelivery?) -> String? {
        if case .messagePosted(let posted) = delivery?.event?.body { posted.message.content } else { nil }
    }

    private static func count(_ stage: StoreStage, _ sql: StaticString) async throws -> Int64 {
        try await stage.run { try $0.one(sql).int(0) }
    }

    private static func quickest(of times: Int = 10, _ body: () async throws -> Void) async throws -> Duration {
        var best = Duration.seconds(60)
        for _ in 0..<times { best = min(best, try await ContinuousClock().measure { try await body() }) }
        return best
    }

    @Test func aLookCostsByChatsAndNotByWhatWaits() async throws {
        try await Self.with(["dead", "shop"]) { stage in
            try await stage.test.run(Self.rows("dead", chats: 40, each: 500))
            try await stage.test.run(Self.rows("shop", chats: 1, each: 2))
            let due = try await Self.count(
                stage, "select count(*) from webhook_deliveries where endpoint = 'dead' and due_at < 'infinity'")
            #expect(due == 40, "one of each chat")
            // Autovacuum, which is off here, does so within a minute; until then the planner takes whichever index.
            try await stage.test.run("analyze webhook_deliveries")
            let look = try await Self.quickest {
                let due = try await stage.run { try Deliveries.due($0).map(\.endpoint) }
                #expect(due == ["dead", "shop"])
                let ready = try await stage.run {
                    try Deliveries.ready($0, Self.workspace, endpoint: "dead", limit: 8)
                }
                #expect(ready == 8)
            }
            let lease = try await Self.quickest {
                let delivery = try await Self.lease(stage, "dead")
                #expect(delivery != nil)
            }
            let count = try await Self.quickest {
                let waiting = try await stage.run { try Webhooks.backlog($0).waiting }
                #expect(waiting == 20_002)
            }
            #expect(look < .milliseconds(30) && lease < .milliseconds(30), "\(look), \(lease)")
            #expect(count < .milliseconds(100), "\(count)")
            for _ in 1...2 { try await Self.deliver(stage, #require(try await Self.lease(stage))) }
        }
    }

    @Test func whatIsBehindIsWokenOneAfterTheOther() async throws {
        try await Self.with { stage in
            try await stage.test.run(Self.rows("shop", chats: 2, each: 30))
            var times: [Int64: Int] = [:]
            while let delivery = try await Self.lease(stage) {
                times[delivery.eventNo ?? 0, default: 0] += 1
                try await Self.deliver(stage, delivery)
            }
            #expect(times == Dictionary(uniqueKeysWithValues: (1...30).map { ($0, 2) }))
        }
    }

    /// Whoever delivers waits for a message that is just being written behind, else nobody would wake it.
    @Test func whatIsJustBeingWrittenIsNotForgotten() async throws {
        try await Self.with { stage in
            try await Self.say(stage, "1")
            let first = try #require(try await Self.lease(stage))
            let chat = try await stage.chat(of: "v")
            let (written, signal) = AsyncStream.makeStream(of: Void.self)
            async let writing: Void = stage.run { tx in
                let locked = try #require(try Chats.lock(tx, chat.workspaceID, chat.id))
                _ = try Messages.append(tx, locked, .from("v", "2"))
                signal.yield()
                Thread.sleep(forTimeInterval: 0.3)
            }
            for await _ in written { break }
            try await Self.deliver(stage, first)
            try await writing
            #expect(Self.text(try await Self.lease(stage)) == "2")
        }
    }

    @Test func whoWritesWaitsForNoWorker() async throws {
        try await Self.with { stage in
            try await Self.say(stage, "1")
            let first = try #require(try await Self.lease(stage))
            let (done, signal) = AsyncStream.makeStream(of: Void.self)
            async let delivering: Void = stage.run { tx in
                _ = try Deliveries.delivered(tx, first, status: 200)
                signal.yield()
                Thread.sleep(forTimeInterval: 3)
            }
            for await _ in done { break }
            let time = try await ContinuousClock().measure { try await Self.say(stage, "2") }
            #expect(time < .seconds(2))
            try await delivering
            #expect(Self.text(try await Self.lease(stage)) == "2")
        }
    }

    @Test func whatIsTakenAwayWakesTheNext() async throws {
        try await Self.with { stage in
            for text in ["1", "2", "3"] { try await Self.say(stage, text) }
            try await stage.test.run(
                """
                delete from webhook_deliveries
                where event_no in (select event_no from webhook_deliveries order by event_no limit 2)
                """)
            #expect(Self.text(try await Self.lease(stage)) == "3")
        }
    }

    /// How many still write.
    private final class Writing: Sendable {
        let left = Mutex(4)
    }

    /// Writers, workers who lose their leases, dead letters, redeliveries, all at once: in the end nothing waits.
    @Test func nothingIsForgottenUnderManyHands() async throws {
        try await Self.with { stage in
            let end = ContinuousClock.now + .seconds(40)
            let writing = Writing()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in 1...25 { try await Self.say(stage, "\(number)", by: "v\(writer % 2)") }
                        writing.left.withLock { $0 -= 1 }
                    }
                }
                for worker in 0..<4 {
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(worker))
                        var idle = 0
                        while idle < 100 || writing.left.withLock({ $0 }) > 0, ContinuousClock.now < end {
                            let lasts: Int64 = Int.random(in: 0..<6, using: &random) == 0 ? 0 : 60_000
                            guard let lease = try await Self.lease(stage, for: lasts) else {
                                idle += 1
                                try await Task.sleep(for: .milliseconds(5))
                                continue
                            }
                            idle = 0
                            switch Int.random(in: 0..<8, using: &random) {
                            case 0:
                                _ = try await stage.run {
                                    try Deliveries.failed($0, lease, status: 500, failure: "status", retryIn: 0)
                                }
                            case 1:
                                _ = try await stage.run {
                                    try Deliveries.bury($0, lease, status: nil, failure: "timeout")
                                }
                                _ = try await stage.run { try Webhooks.redeliver($0, Self.workspace, id: lease.id) }
                            default:
                                _ = try await stage.run { try Deliveries.delivered($0, lease, status: 200) }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let waiting = try await Self.count(
                stage, "select count(*) from webhook_deliveries where delivered_at is null")
            let arrived = try await Self.count(stage, "select count(*) from webhook_deliveries")
            #expect(waiting == 0 && arrived == 100)
        }
    }

    @Test func lettersThatComeBackWaitForEachOther() async throws {
        try await Self.with { stage in
            for text in ["1", "2", "3"] { try await Self.say(stage, text) }
            while let lease = try await Self.lease(stage) {
                _ = try await stage.run { try Deliveries.bury($0, lease, status: nil, failure: "timeout") }
            }
            let count = try await stage.run {
                try Webhooks.redeliverAll($0, Self.workspace, endpoint: "shop", batch: 2)
            }
            let due = try await Self.count(
                stage, "select count(*) from webhook_deliveries where due_at < 'infinity'")
            #expect(count == 3 && due == 1)
            for text in ["1", "2", "3"] {
                let lease = try #require(try await Self.lease(stage))
                #expect(Self.text(lease) == text)
                try await Self.deliver(stage, lease)
            }
        }
    }

    /// The previous version's rows, all of them due.
    @Test func whatWaitedBeforeWaitsInLineAfterwards() async throws {
        let known = Migrator.compiled
        let place = try #require(known.firstIndex { $0.name == "webhook_heads" })
        let server = try await TestServer.running()
        let name = "heads_" + UUID().uuidString.lowercased().filter(\.isHexDigit)
        func run(_ sql: String, on url: DatabaseURL) async throws {
            try await DedicatedThread.run("test") { try PostgresConnection(url).runScript(sql) }
        }
        try await run("create database \(name)", on: server.url)
        let url = server.url.database(name)
        try await Migrator.migrate(url, migrations: Array(known[..<place]), logger: TestDatabase.silence)
        try await run(
            """
            insert into workspaces (workspace_id) values ('w');
            \(Self.rows("shop", chats: 3, each: 4));
            update webhook_deliveries set delivered_at = now() where event_no = 1
            """, on: url)
        try await Migrator.migrate(url, migrations: known, logger: TestDatabase.silence)
        try await run(
            """
            do $$ begin
                assert (select array_agg(distinct event_no) from webhook_deliveries
                    where delivered_at is null and due_at < 'infinity') = '{2}';
                assert (select count(*) from webhook_deliveries where due_at = 'infinity') = 6;
                assert (select relforcerowsecurity from pg_class where relname = 'webhook_deliveries');
            end $$
            """, on: url)
        try await run("drop database \(name) with (force)", on: server.url)
    }

    // MARK: Endpoints that change or go

    @Test func aLeaseComesWithWhatTheEndpointIsNow() async throws {
        try await Self.with { stage in
            for text in ["1", "2"] { try await Self.say(stage, text) }
            let first = try #require(try await Self.lease(stage))
            #expect(first.url == "https://shop.example/" && first.secrets == ["s"])
            try await stage.run { tx in
                try Webhooks.set(
                    tx,
                    WebhookEndpointRow(
                        workspaceID: Self.workspace, name: "shop", url: "https://new.example/",
                        kinds: ["messagePosted"], secrets: ["t", "s"]))
            }
            try await Self.deliver(stage, first)
            let second = try #require(try await Self.lease(stage))
            #expect(second.url == "https://new.example/" && second.secrets == ["t", "s"])
            try await stage.run { try Deliveries.release($0, second) }
            try await stage.test.run("delete from webhook_endpoints")
            #expect(try await Self.lease(stage) == nil)
        }
    }

    @Test func aLeaseThatRanOutWasAnAttempt() async throws {
        try await Self.with { stage in
            try await Self.say(stage, "1")
            let attempts = [
                try await Self.lease(stage, for: 0), try await Self.lease(stage, for: 0), try await Self.lease(stage),
            ].map { $0?.attempts }
            #expect(attempts == [0, 1, 2])
        }
    }

    @Test func aLargeBacklogIsDroppedInParts() async throws {
        try await Self.with(["dead", "shop"]) { stage in
            try await stage.test.run(Self.rows("dead", chats: 5, each: 50))
            try await stage.test.run(Self.rows("shop", chats: 1, each: 2))
            while let lease = try await Self.lease(stage, "dead"), lease.eventNo ?? 9 < 5 {
                _ = try await stage.run { try Deliveries.bury($0, lease, status: nil, failure: "timeout") }
            }
            try await stage.run { try Webhooks.remove($0, Self.workspace, "dead", batch: 7) }
            let left = try await Self.count(stage, "select count(*) from webhook_deliveries")
            let letters = try await Self.count(stage, "select count(*) from webhook_dead_letters")
            #expect(left == 2 && letters == 0)
        }
    }

    /// A transaction whose trigger still saw the endpoint can commit after its removal.
    @Test func whatHasNoEndpointIsSwept() async throws {
        try await Self.with { stage in
            for name in ["gone", "shop", "zone"] {
                try await stage.test.run(Self.rows(name, chats: 2, each: 3))
            }
            try await stage.test.run(
                """
                insert into webhook_dead_letters (
                    workspace_id, id, endpoint, event_id, kind, data, event_at, attempts)
                values ('w', gen_random_uuid(), 'never', 1, 'chatClosed', '{}', now(), 16)
                """)
            let day: Int64 = 86_400_000
            let counts = try await stage.run { tx in
                try (0..<2).map { _ in try Retention.sweep(tx, Self.workspace, .deliveries, keeping: day) }
            }
            let left = try await Self.count(stage, "select count(*) from webhook_deliveries where endpoint = 'shop'")
            #expect(counts == [13, 0] && left == 6)
        }
    }

    @Test func whatCannotBeReadIsAnAnswer() async throws {
        try await Self.with { stage in
            try await stage.test.run(
                """
                insert into webhook_deliveries (workspace_id, endpoint, event_id, kind, data, event_at, due_at)
                values ('w', 'shop', 1, 'chatClosed', '{"reason": 7}', now(), now() - interval '3 s'),
                    ('w', 'shop', 2, 'chatDreamt', '{}', now(), now() - interval '2 s'),
                    ('w', 'shop', 3, 'messagePosted', '{}', now(), now() - interval '1 s')
                """)
            var contents: [LeasedDelivery.Content?] = []
            for _ in 1...3 { contents.append(try await Self.lease(stage)?.content) }
            #expect(contents == [.unreadable, .unknownKind, .gone])
        }
    }
}
