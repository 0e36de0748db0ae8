import Foundation
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// A gateway that is killed in the middle of a delivery.
@Suite(.serialized) struct WebhookDeathTests {
    private static let environment = ["PUENTE_WEBHOOKS_ALLOW_PRIVATE": "true"]

    /// Killed after the receiver said yes and before that was written down: the same thing comes again under the same id,
    /// and what waits behind it in its chat comes after it.
    @Test(.timeLimit(.minutes(2))) func betweenTheYesAndItsCommit() async throws {
        let victim = Mutex<Int32>(0)
        let receiver = WebhookReceiver { _, number in
            // It stands still before the answer is on its way.
            if number == 1 { kill(victim.withLock { $0 }, SIGSTOP) }
            return .status(204)
        }
        try await receiver.listening { port in
            try await WebhookStage.with(url: "http://127.0.0.1:\(port)/") { stage in
                let url = stage.test.url.description
                try await GatewayProgram.serving(on: url, environment: Self.environment) { gateway, _ in
                    victim.withLock { $0 = gateway.processID }
                    try await stage.say("first", "second")
                    try await Self.eventually { !receiver.received.isEmpty }
                    gateway.signal(SIGKILL)
                    #expect(await gateway.end().status == 128 + SIGKILL)
                }
                #expect(receiver.received.count == 1)
                let left = try await stage.counts
                #expect(left.delivered == 0 && left.waiting == 2)
                // The dead gateway's lease lapses.
                try await stage.test.run(
                    "update webhook_deliveries set leased_until = clock_timestamp() where leased_until is not null")
                try await GatewayProgram.serving(on: url, environment: Self.environment) { _, _ in
                    try await Self.eventually { try await stage.counts.waiting == 0 }
                }
                let came = receiver.received
                #expect(came.map { $0.member("content") } == ["first", "first", "second"])
                #expect(came.map { $0.headers["puente-attempt"] } == ["1", "2", "1"])
                #expect(came[0].delivery == came[1].delivery && came[1].delivery != came[2].delivery)
                #expect(try await stage.counts.delivered == 2)
            }
        }
    }

    private static func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
