import Assignment
import Foundation
import SocketIO
import Testing

@testable import Gateway

/// How often somebody may send what.
@Suite struct RateTests {
    private func principal(_ role: Role, _ subject: String = "x", workspace: String = "w") -> Principal {
        Principal(
            workspace: workspace, role: role, subject: subject, name: nil, scopes: [], expiry: nil,
            credential: .token(id: nil))
    }

    @Test func aBucketEmptiesAndFillsAgain() throws {
        let limiter = RateLimiter(isEnabled: true)
        let (visitor, start) = (self.principal(.visitor), ContinuousClock.now)
        for _ in 0..<20 { try limiter.take(MessageSend.self, by: visitor, now: start) }
        let refusal = #expect(throws: EventError.self) {
            try limiter.take(MessageSend.self, by: visitor, now: start)
        }
        #expect(refusal?.code == .rateLimited)
        #expect(refusal?.retryAfterMs == 200)
        // Another event, identity or workspace has a bucket of its own.
        try limiter.take(ChatHistory.self, by: visitor, now: start)
        try limiter.take(MessageSend.self, by: self.principal(.visitor, "y"), now: start)
        try limiter.take(MessageSend.self, by: self.principal(.visitor, workspace: "o"), now: start)
        // What is not counted for a role is not.
        for _ in 0..<1000 { try limiter.take(MessageSend.self, by: self.principal(.ai), now: start) }
        try limiter.take(MessageSend.self, by: visitor, now: start + .milliseconds(200))
        #expect(throws: EventError.self) {
            try limiter.take(MessageSend.self, by: visitor, now: start + .milliseconds(201))
        }
        for _ in 0..<20 { try limiter.take(MessageSend.self, by: visitor, now: start + .seconds(60)) }
    }

    /// Nine in a row are refused, with the tenth the transport goes; one that is in time starts anew.
    @Test(arguments: [(9, false), (10, true), (11, true)])
    func whoDoesNotListenLosesTheTransport(strikes: Int, isDropped: Bool) async throws {
        try await EventsFixture.with(configure: { $0.limits.enabled = true }) { fixture in
            for pause in [false, true] {
                let visitor = try await fixture.connect(.visitor, "v-\(pause)")
                for number in 0..<strikes {
                    if pause, number == 5 { #expect(await visitor.send("ping", ["timestamp": 1]).errorCode == nil) }
                    while (try? fixture.services.rates.take(ChatHistory.self, by: visitor.session.principal)) != nil {}
                    let sample = try #require(EventSample.all.first { $0.name == "chat:history" })
                    let ack = await visitor.send(sample.name, .object(sample.payload))
                    #expect(ack.errorCode == "rate_limited", "\(number)")
                }
                #expect(visitor.socket.received("dropped").isEmpty == (pause || !isDropped))
            }
        }
    }

    /// What is refused before its rate is known has its price, too; what may be sent is not held up by it.
    @Test func refusalsAreCounted() async throws {
        try await EventsFixture.with(configure: { $0.limits.enabled = true }) { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            var codes: [String?] = []
            for number in 0..<60 {
                let name = number % 2 == 0 ? "no:such" : "agent:whisper"
                codes.append(await visitor.send(name, [:]).errorCode)
            }
            #expect(codes.prefix(50).allSatisfy { $0 == "unknown_event" || $0 == "forbidden" })
            #expect(codes.suffix(8).allSatisfy { $0 == "rate_limited" })
            #expect(await visitor.send("ping", ["timestamp": 1]).errorCode == nil)
            for _ in 0..<12 { _ = await visitor.send("no:such", [:]) }
            #expect(!visitor.socket.received("dropped").isEmpty)
        }
    }

    @Test func fullBucketsAreForgotten() throws {
        let limiter = RateLimiter(isEnabled: true)
        let start = ContinuousClock.now
        for number in 0..<10_000 {
            try limiter.take(Ping.self, by: self.principal(.visitor, "\(number)"), now: start)
        }
        try limiter.take(Ping.self, by: self.principal(.visitor, "late"), now: start + .seconds(10))
        #expect(limiter.count == 1)
    }

    @Test func switchedOffItCountsNothing() throws {
        let limiter = RateLimiter(isEnabled: false)
        for _ in 0..<1000 { try limiter.take(ChatCreate.self, by: self.principal(.visitor)) }
        #expect(limiter.count == 0)
    }

    /// Every event that has rates, by everybody who may send it: refused at last, with the time to wait.
    @Test func everyRateIsKept() async throws {
        try await EventsFixture.with(configure: { $0.limits.enabled = true }) { fixture in
            for role in EventSample.everybody {
                let client = try await fixture.connect(role, "\(role.rawValue)-rate")
                for sample in EventSample.all where sample.roles.contains(role) {
                    guard let type = EventTable.byName[sample.name], type.rates[role] != nil else { continue }
                    // The bucket is emptied without the wire; a quick one may have a token again when the event comes.
                    var refused: JSONValue = .null
                    for _ in 0..<100 where refused.errorCode != "rate_limited" {
                        while (try? fixture.services.rates.take(type, by: client.session.principal)) != nil {}
                        refused = await client.send(sample.name, .object(sample.payload))
                    }
                    #expect(refused.errorCode == "rate_limited", "\(sample.name) by \(role): \(refused)")
                    #expect(refused[dynamic: "error"][dynamic: "retryAfterMs"].int ?? 0 > 0)
                }
            }
        }
    }

    /// docs/events.md and the code say the same.
    @Test func theRatesAreWrittenDown() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/events.md"), encoding: .utf8)
        func words(_ rate: EventRate?) -> String {
            guard let rate else { return "–" }
            let perSecond = rate.perSecond == rate.perSecond.rounded() ? "\(Int(rate.perSecond))" : "\(rate.perSecond)"
            return "\(perSecond) / \(Int(rate.burst))"
        }
        var rows: [String] = []
        for event in EventTable.events where event.rates != EventRates() {
            let rates = event.rates
            rows.append("| `\(event.name)` | \(words(rates.visitors)) | \(words(rates.staff)) | \(words(rates.bots)) |")
        }
        #expect(rows.count >= 12)
        for row in rows { #expect(text.contains(row), "\(row)") }
    }

    /// The table of who may send what stands in docs/events.md as the code has it.
    @Test func theRightsAreWrittenDown() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/events.md"), encoding: .utf8)
        for event in EventTable.events {
            let marks = [Role.visitor, .commercial, .supervisor, .admin, .ai].map { role in
                guard event.access.roles.contains(role) else { return "–" }
                return role == .ai && !event.access.scopes.isEmpty
                    ? event.access.scopes.map(\.rawValue).sorted().joined(separator: ", ") : "yes"
            }
            let row = "| `\(event.name)` | " + marks.joined(separator: " | ") + " |"
            #expect(text.contains(row), "\(row)")
        }
    }
}
