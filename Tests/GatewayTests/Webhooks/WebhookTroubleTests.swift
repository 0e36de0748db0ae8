import Crypto
import Foundation
import Logging
import NIOCore
import NIOPosix
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// Endpoints that change, events that cannot be told, receivers that are away for long, and what the log says of it all.
@Suite struct WebhookTroubleTests {
    /// A secret that leaked is not used once another one was applied, however busy the worker is.
    @Test func aBusyWorkerTakesUpWhatWasApplied() async throws {
        let (old, new) = (WebhookReceiver { _, _ in .late(1000) }, WebhookReceiver())
        let secret = "the-one-that-did-not-leak"
        try await old.listening { before in
            try await new.listening { after in
                try await WebhookStage.with(url: "http://127.0.0.1:\(before)/") { stage in
                    try await stage.say("1", "2", "3")
                    let courier = stage.courier()
                    async let delivering: Void = courier.deliverDue()
                    while old.received.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                    try await stage.point(to: "http://127.0.0.1:\(after)/", secrets: [secret])
                    try await delivering
                    #expect(old.received.count == 1)
                    #expect(new.received.compactMap { $0.member("content") } == ["2", "3"])
                    let last = try #require(new.received.last)
                    let header = try #require(last.headers["puente-signature"])
                    let seconds = try #require(Int64(header.dropFirst(2).prefix { $0 != "," }))
                    let expected = WebhookSignature.header(
                        secrets: [Secret(secret)], seconds: seconds, body: .init(string: last.body))
                    #expect(header == expected)
                }
            }
        }
    }

    @Test func whatCannotBeToldWaitsAndHoldsUpNobody() async throws {
        let receiver = WebhookReceiver()
        try await receiver.listening { port in
            try await WebhookStage.with(
                url: "http://127.0.0.1:\(port)/",
                configure: { ($0.firstRetry, $0.longestRetry) = (.seconds(60), .seconds(60)) }
            ) { stage in
                try await stage.test.run(
                    """
                    insert into webhook_deliveries (workspace_id, endpoint, event_id, kind, data, event_at)
                    values ('default', 'shop', 9001, 'chatDreamt', '{}', now()),
                        ('default', 'shop', 9002, 'chatClosed', '{"reason": 7}', now())
                    """)
                try await stage.say("hola")
                try await stage.courier().deliverDue()
                #expect(receiver.received.compactMap { $0.member("content") } == ["hola"])
                let rows = try await stage.run { sql in
                    try sql.query(
                        """
                        select last_failure, attempts from webhook_deliveries
                        where delivered_at is null and due_at > clock_timestamp() + interval '1 second' order by event_id
                        """
                    ).map { "\(try $0.text(0)) \(try $0.int(1))" }
                }
                #expect(rows == ["unknown_kind 1", "unreadable 1"])
            }
        }
    }

    /// Behind what failed for a day nothing fails for another day each.
    @Test func whatHasWaitedForTheWholeSpanGetsOneAttempt() async throws {
        let receiver = WebhookReceiver { _, _ in .status(503) }
        try await receiver.listening { port in
            try await WebhookStage.with(
                url: "http://127.0.0.1:\(port)/",
                configure: {
                    $0.firstRetry = .seconds(5)
                    $0.longestRetry = .seconds(6 * 3600)
                }
            ) { stage in
                #expect((80_000_000...100_000_000).contains(stage.settings.span), "a day or so")
                try await stage.say("1", "2", "3")
                try await stage.test.run(
                    "update webhook_deliveries set waits_since = clock_timestamp() - interval '2 days'")
                try await stage.say("young", by: "w")
                try await stage.courier().deliverDue()
                #expect(
                    receiver.received.compactMap { $0.member("content") }.filter { $0 != "young" } == ["1", "2", "3"])
                let counts = try await stage.counts
                #expect(counts.dead == 3 && counts.waiting == 1)
                let letters = try await stage.run { try Webhooks.deadLetters($0, "default", limit: 9) }
                #expect(letters.allSatisfy { $0.attempts == 1 && $0.lastStatus == 503 })
            }
        }
    }

    /// Eight workers for each of a few receivers that do not answer would be all that a node has.
    @Test func whoFailsGetsOneWorker() async throws {
        let silent = WebhookReceiver { _, _ in .silence }
        try await silent.listening { port in
            try await WebhookStage.with(
                url: "http://127.0.0.1:\(port)/",
                configure: {
                    $0.timeout = .milliseconds(600)
                    $0.firstRetry = .seconds(600)
                    $0.longestRetry = .seconds(600)
                }
            ) { stage in
                for visitor in 1...12 { try await stage.say("x", by: "v\(visitor)") }
                let courier = stage.courier()
                let start = ContinuousClock.now
                await withDiscardingTaskGroup { group in
                    do { try await courier.look(&group) } catch { Issue.record(error) }
                }
                // Eight at a time until the first one fails; the other four one after the other.
                #expect(silent.received.count == 12 && courier.figures.failed == 12)
                #expect(ContinuousClock.now - start > .milliseconds(2500))
            }
        }
    }

    /// An endpoint whose rows cannot be looked at, or not leased, keeps no other one waiting, is complained about once, and
    /// goes on by itself when it is mended.
    @Test(arguments: ["select", "update"]) func whatFailsFailsAlone(_ access: String) async throws {
        let (receiver, lines) = (WebhookReceiver(), Lines())
        let logger = Logger(label: "puente") { label in
            StandardErrorLog(label: label, settings: LogSettings(level: .info, format: .json)) { line in
                lines.all.withLock { $0.append(line) }
            }
        }
        func came(_ path: String) -> [String] {
            receiver.received.filter { $0.path == path }.compactMap { $0.member("content") }
        }
        try await receiver.listening { port in
            try await WebhookStage.with(url: "http://127.0.0.1:\(port)/shop") { stage in
                let entries = ["broken", "shop"].map { name in
                    "  - {name: \(name), url: 'http://127.0.0.1:\(port)/\(name)', events: [message:new], "
                        + "secrets: [\(WebhookStage.secret)]}"
                }
                try await stage.apply("webhooks:\n" + entries.joined(separator: "\n"))
                try await stage.say("1", "2")
                // A second workspace: what is due is asked for of all at once, and what fails is what looks at one alone.
                try await stage.test.database.transaction(.workspace("other")) { try Workspaces.ensure($0, "other") }
                try await stage.test.run(
                    """
                    create function trap(of_endpoint text) returns boolean language plpgsql as $$
                    begin
                        if of_endpoint = 'broken' and cardinality(current_setting('app.workspaces')::text[]) = 1 then
                            raise exception 'invalid page in block 0' using errcode = 'data_corrupted';
                        end if;
                        return true;
                    end
                    $$;
                    create policy trap on webhook_deliveries as restrictive for \(access) to puente_app
                        using (trap(endpoint))
                    """)
                let courier = stage.courier(logger: logger)
                let running = Task { try await courier.run() }
                try await Self.eventually { came("/shop") == ["1", "2"] }
                for text in ["3", "4"] {
                    try await stage.say(text, by: "visitor \(text)")
                    try await Self.eventually { came("/shop").last == text }
                }
                #expect(came("/broken") == [])
                let complaints = lines.all.withLock { $0.filter { $0.contains("later") } }
                #expect(complaints.count == 1 && complaints.allSatisfy { $0.contains("\"broken\"") }, "\(complaints)")
                try await stage.test.run("drop policy trap on webhook_deliveries")
                try await Self.eventually { came("/broken").count == 4 }
                #expect(came("/broken").filter { ["1", "2"].contains($0) } == ["1", "2"])
                #expect(receiver.received.count == 8 && came("/shop") == ["1", "2", "3", "4"])
                running.cancel()
                try await running.value
            }
        }
    }

    private static func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    // MARK: Names

    @Test func aNameThatNobodyAnswersForKeepsOneThread() async throws {
        let gate = DispatchSemaphore(value: 0)
        let asked = Atomic(0)
        let lookup = HostLookup(threads: 2) { host in
            guard host == "black.example" else { return ["127.0.0.1"] }
            asked.add(1, ordering: .relaxed)
            gate.wait()
            return []
        }
        defer { gate.signal() }
        var settings = WebhookSettings()
        settings.timeout = .milliseconds(300)
        var sender = WebhookSender(loops: MultiThreadedEventLoopGroup.singleton, settings: settings)
        sender.resolve = { host throws(WebhookFailure) in try await lookup.addresses(of: host) }
        let bounded = sender
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...6 {
                group.addTask {
                    await #expect(throws: WebhookFailure.timeout) {
                        try await bounded.send(.init(url: "https://black.example/", headers: [], body: .init()))
                    }
                }
            }
        }
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(asked.load(ordering: .relaxed) == 1)
        #expect(try await lookup.addresses(of: "shop.example") == ["127.0.0.1"])
    }

    @Test func onlySoManyPass() async throws {
        let turnstile = Turnstile(2)
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...40 {
                group.addTask {
                    await turnstile.pass {
                        crowd.inside.withLock { inside in
                            inside.now += 1
                            inside.all += 1
                            inside.most = max(inside.most, inside.now)
                        }
                        try? await Task.sleep(for: .milliseconds(2))
                        crowd.inside.withLock { $0.now -= 1 }
                    }
                }
            }
        }
        #expect(crowd.inside.withLock { $0.most == 2 && $0.all == 40 && $0.now == 0 })
    }

    private final class Crowd: Sendable {
        let inside = Mutex((now: 0, most: 0, all: 0))
    }

    // MARK: What is said

    @Test func theLogHoldsNothingOfWhatIsSent() async throws {
        let lines = Lines()
        let settings = LogSettings(level: .trace, format: .json)
        let logger = Logger(label: "puente") { label in
            StandardErrorLog(label: label, settings: settings) { line in lines.all.withLock { $0.append(line) } }
        }
        let answers: [WebhookReceiver.Answer] = [
            .status(500, headers: ["x-answer": "canary-answer"]), .hangUp, .silence,
            .status(302, headers: ["location": "https://canary-location.example/"]),
        ]
        let receiver = WebhookReceiver { _, number in answers[number % answers.count] }
        try await receiver.listening { port in
            try await WebhookStage.with(
                url: "http://127.0.0.1:\(port)/hook?key=canary-query",
                secrets: ["canary-secret-of-24-characters"],
                configure: {
                    $0.attempts = 5
                    $0.timeout = .milliseconds(300)
                }
            ) { stage in
                try await stage.say("canary-content")
                try await stage.test.run(
                    """
                    insert into webhook_deliveries (workspace_id, endpoint, event_id, kind, data, event_at)
                    values ('default', 'shop', 9001, 'chatClosed', '{"reason": "canary-reason"}', now())
                    """)
                let courier = stage.courier(logger: logger)
                try await stage.settle(courier)
                #expect(courier.figures.dead == 2)
                // Nobody can be asked for this name; it is in no line either.
                try await stage.point(to: "http://canary-host.invalid/?key=canary-query")
                try await stage.say("canary-content", by: "w")
                try await stage.settle(
                    stage.courier(logger: logger) { _ throws(WebhookFailure) in throw .unresolved })
            }
        }
        let text = lines.all.withLock { $0.joined() }
        #expect(text.contains("a webhook was given up") && text.contains("\"reason\":\"status\""))
        #expect(text.contains("cannot be read"))
        #expect(!text.contains("canary"), "\(text)")
    }

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    @Test func whoAllowsPrivateAddressesIsToldSoAtEveryStart() async throws {
        try await TestDatabase.with { test in
            let environment = ["PUENTE_WEBHOOKS_ALLOW_PRIVATE": "true"]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { gateway, port in
                #expect(gateway.errors.contains("webhooks may go to private addresses and over http"))
                let readiness = try await PlainHTTP.get("/readyz", port: port)
                #expect(readiness.contains(#""insecure":["webhooks.allowPrivate"]"#))
            }
        }
    }
}
