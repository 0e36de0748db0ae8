import Assignment
import Storage
import StorageTestSupport
import Testing

/// Leases, fences and order of deliveries, judged in the database.
@Suite struct WebhooksTests {
    private static let endpoint = WebhookEndpointRow(
        workspaceID: StoreStage.workspace, name: "shop", url: "https://shop.example/",
        kinds: ["messagePosted", "notePosted"], secrets: ["s"])

    private static func lease(_ stage: StoreStage, for milliseconds: Int64 = 60_000) async throws -> LeasedDelivery? {
        try await stage.run {
            try Deliveries.lease($0, StoreStage.workspace, endpoint: "shop", milliseconds: milliseconds)
        }
    }

    private static func text(_ delivery: LeasedDelivery?) -> String? {
        switch delivery?.event?.body {
        case .messagePosted(let posted): posted.message.content
        case .notePosted(let posted): posted.note.content
        default: nil
        }
    }

    private static func say(_ stage: StoreStage, _ visitor: String, _ text: String) async throws {
        let chat = try await stage.chat(of: visitor)
        try await stage.run { _ = try Messages.append($0, $0.lock(chat), .from(visitor, text)) }
    }

    @Test func anEventIsDeliveredToWhoAskedForIt() async throws {
        try await StoreStage.with { stage in
            try await Self.say(stage, "v", "before")
            try await stage.run { tx in
                try Webhooks.set(tx, Self.endpoint)
                var other = Self.endpoint
                (other.name, other.kinds) = ("other", ["chatClosed"])
                try Webhooks.set(tx, other)
            }
            try await Self.say(stage, "v", "after")
            let counts = try await stage.run { try Webhooks.counts($0) }
            #expect(counts.map { "\($0.endpoint) \($0.counts.waiting)" } == ["other 0", "shop 1"])
            #expect(Self.text(try await Self.lease(stage)) == "after")
            let foreign = try await stage.run(.workspace("other")) { try Webhooks.counts($0).count }
            #expect(foreign == 0)
        }
    }

    @Test func whatRollsBackIsNotDelivered() async throws {
        struct Undo: Error {}
        try await StoreStage.with { stage in
            try await stage.run { try Webhooks.set($0, Self.endpoint) }
            let chat = try await stage.chat(of: "v")
            await #expect(throws: Undo.self) {
                try await stage.run { tx in
                    _ = try Messages.append(tx, tx.lock(chat), .from("v", "never"))
                    throw Undo()
                }
            }
            #expect(try await Self.lease(stage) == nil)
        }
    }

    @Test func whispersStayInside() async throws {
        try await StoreStage.with { stage in
            try await stage.run { try Webhooks.set($0, Self.endpoint) }
            let chat = try await stage.chat(of: "v")
            try await stage.run { tx in
                let supervisor = Participant(role: .supervisor, id: "sup")
                let whisper = NewMessage(sender: supervisor, type: .whisper, content: "secret")
                _ = try Notes.append(tx, tx.lock(chat), whisper, for: "ana")
                _ = try Notes.append(tx, tx.lock(chat), NewMessage(sender: supervisor, type: .note, content: "open"))
            }
            #expect(Self.text(try await Self.lease(stage)) == "open")
            #expect(try await Self.lease(stage) == nil)
        }
    }

    @Test func oneLeaseAtATimeAndOneOfAChat() async throws {
        try await StoreStage.with { stage in
            try await stage.run { try Webhooks.set($0, Self.endpoint) }
            for text in ["a1", "a2"] { try await Self.say(stage, "a", text) }
            try await Self.say(stage, "b", "b1")
            let (first, second) = (try await Self.lease(stage), try await Self.lease(stage))
            #expect(Self.text(first) == "a1" && Self.text(second) == "b1")
            #expect(try await Self.lease(stage) == nil, "a2 waits for a1")
            let due = try await stage.run {
                try Deliveries.ready($0, StoreStage.workspace, endpoint: "shop", limit: 8)
            }
            #expect(due == 0)
            _ = try await stage.run { try Deliveries.delivered($0, #require(first), status: 200) }
            #expect(Self.text(try await Self.lease(stage)) == "a2")
        }
    }

    @Test func whoLostTheLeaseIsRefused() async throws {
        try await StoreStage.with { stage in
            try await stage.run { try Webhooks.set($0, Self.endpoint) }
            try await Self.say(stage, "v", "x")
            let slow = try #require(try await Self.lease(stage, for: 0))
            let quick = try #require(try await Self.lease(stage))
            #expect(slow.id == quick.id && quick.fence == slow.fence + 1)
            try await stage.run { tx in
                #expect(try !Deliveries.delivered(tx, slow, status: 200))
                #expect(try !Deliveries.failed(tx, slow, status: 500, failure: "status", retryIn: 0))
                #expect(try !Deliveries.bury(tx, slow, status: nil, failure: "timeout"))
                try Deliveries.release(tx, slow)
            }
            #expect(try await Self.lease(stage) == nil, "the lease of the second one stands")
            let counted = try await stage.run { try Deliveries.delivered($0, quick, status: 200) }
            let twice = try await stage.run { try Deliveries.delivered($0, quick, status: 200) }
            #expect(counted && !twice)
        }
    }

    @Test func deadLettersLetTheNextPassAndComeBack() async throws {
        try await StoreStage.with { stage in
            try await stage.run { try Webhooks.set($0, Self.endpoint) }
            for text in ["1", "2"] { try await Self.say(stage, "v", text) }
            let first = try #require(try await Self.lease(stage))
            let buried = try await stage.run { try Deliveries.bury($0, first, status: 410, failure: "status") }
            #expect(buried)
            let second = try #require(try await Self.lease(stage))
            #expect(Self.text(second) == "2")
            _ = try await stage.run { try Deliveries.delivered($0, second, status: 200) }
            let letters = try await stage.run { try Webhooks.deadLetters($0, StoreStage.workspace, limit: 10) }
            #expect(letters.map(\.id) == [first.id] && letters.first?.lastStatus == 410)
            let count = try await stage.run { tx in
                try Webhooks.redeliverAll(tx, StoreStage.workspace, endpoint: "shop")
            }
            let again = try #require(try await Self.lease(stage))
            #expect(count == 1 && again.id == first.id && Self.text(again) == "1" && again.attempts == 0)
            _ = try await stage.run { try Deliveries.delivered($0, again, status: 200) }
            // What has arrived can be asked for once more.
            let known = try await stage.run { try Webhooks.redeliver($0, StoreStage.workspace, id: second.id) }
            let unknown = try await stage.run { try Webhooks.redeliver($0, StoreStage.workspace, id: "none") }
            #expect(known && !unknown)
            #expect(Self.text(try await Self.lease(stage)) == "2")
        }
    }

    /// Random lives of a few chats under several workers, some of whom lose their leases, with one question after every
    /// step: was anything delivered before what came earlier in its chat?
    @Test(arguments: 1...6)
    func theOrderOfAChatHoldsWhateverHappens(_ seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        try await StoreStage.with { stage in
            try await stage.run { try Webhooks.set($0, Self.endpoint) }
            var said: [String: Int] = [:]
            var delivered: [String: [Int]] = [:]
            var dead: Set<String> = []
            var held: [LeasedDelivery] = []
            for _ in 0..<120 {
                let visitor = "v\(Int.random(in: 1...3, using: &random))"
                switch Int.random(in: 0..<8, using: &random) {
                case 0...1:
                    said[visitor, default: 0] += 1
                    try await Self.say(stage, visitor, "\(visitor) \(said[visitor] ?? 0)")
                case 2...4:
                    // A lease of nothing has run out when the next one asks.
                    let lasts: Int64 = Bool.random(using: &random) ? 60_000 : 0
                    if let lease = try await Self.lease(stage, for: lasts) { held.append(lease) }
                case 5:
                    guard let lease = held.popLast() else { continue }
                    _ = try await stage.run {
                        try Deliveries.failed($0, lease, status: 500, failure: "status", retryIn: 0)
                    }
                case 6 where Int.random(in: 0..<4, using: &random) == 0:
                    guard let lease = held.popLast() else { continue }
                    let isDead = try await stage.run {
                        try Deliveries.bury($0, lease, status: nil, failure: "timeout")
                    }
                    if isDead { dead.insert(Self.text(lease) ?? "") }
                default:
                    guard !held.isEmpty else { continue }
                    let lease = held.remove(at: Int.random(in: 0..<held.count, using: &random))
                    let counts = try await stage.run { try Deliveries.delivered($0, lease, status: 200) }
                    guard counts else { continue }
                    let words = try #require(Self.text(lease)).split(separator: " ")
                    delivered[String(words[0]), default: []].append(try #require(Int(words[1])))
                }
                for (visitor, numbers) in delivered {
                    let expected = (1...(numbers.last ?? 1)).filter { !dead.contains("\(visitor) \($0)") }
                    #expect(numbers == expected, "seed \(seed)")
                }
            }
            #expect(delivered.values.reduce(0) { $0 + $1.count } > 5, "seed \(seed) proves little")
            // And nothing waits for ever.
            try await stage.test.run("update webhook_deliveries set leased_until = null")
            while let lease = try await Self.lease(stage) {
                _ = try await stage.run { try Deliveries.delivered($0, lease, status: 200) }
            }
            let waiting = try await stage.run { try Webhooks.counts($0).first?.counts.waiting }
            #expect(waiting == 0, "seed \(seed)")
        }
    }
}

extension Transaction {
    fileprivate func lock(_ chat: ChatRow) throws -> ChatRow {
        try #require(try Chats.lock(self, chat.workspaceID, chat.id))
    }
}
