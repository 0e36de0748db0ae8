import Assignment
import Testing

@testable import Storage

/// What the rows say of a chat's search for its person, and which statements win.
@Suite struct RoutingStoreTests {
    private static func need(
        _ rings: [[String]] = [["default"]], skills: [String: Int] = [:], language: String? = nil,
        sticky: String? = nil
    ) -> Dispatch.Need {
        Dispatch.Need(reach: QueueReach(rings: rings), skills: skills, language: language, stickyID: sticky)
    }

    private static func person(_ id: String) -> Participant { Participant(role: .commercial, id: id) }

    private static func set(
        _ tx: Transaction, _ id: String, queues: Set<String>, _ profile: CommercialProfile = CommercialProfile()
    ) throws {
        _ = try Profiles.set(tx, "w", .init(id: id, cap: 4, queues: queues, profile: profile))
    }

    @Test func candidatesComeRingByRingAndTheStickyOneFirst() async throws {
        try await StoreStage.with { stage in
            for id in ["near", "far", "other", "second"] { try await stage.connect(Self.person(id)) }
            try await stage.run { tx in
                for queue in ["support", "billing"] { try Queues.set(tx, "w", QueueSettings(name: queue)) }
                try Self.set(tx, "near", queues: ["default", "support"], .init(tiers: ["support": 9]))
                try Self.set(tx, "second", queues: ["default"], .init(tiers: ["default": 2]))
                try Self.set(tx, "far", queues: ["support"], .init(languages: ["es"], minGapMilliseconds: 5000))
                try Self.set(tx, "other", queues: ["billing"])
            }
            func ids(_ need: Dispatch.Need) async throws -> [String] {
                try await stage.run { try Dispatch.candidates($0, "w", need).map(\.commercial.id) }
            }
            let wide = [["default"], ["support"]]
            #expect(try await ids(Self.need()) == ["near", "second"])
            #expect(try await ids(Self.need(wide)) == ["near", "second", "far"])
            #expect(try await ids(Self.need(wide, sticky: "far")) == ["far", "near", "second"])
            #expect(try await ids(Self.need(wide, sticky: "other")) == ["near", "second", "far"])
            // Their own queue is closed.
            #expect(try await ids(Self.need([[], ["support"]])) == ["far", "near"])
            #expect(try await ids(Self.need(wide, language: "fr")) == ["near", "second"])
            let far = try await stage.run { try Dispatch.candidates($0, "w", Self.need([["support"]])) }
            #expect(far.map(\.tier) == [1, 9])
            #expect(far.map(\.minGapMilliseconds) == [5000, nil])
        }
    }

    /// The database's order is that of each pure policy, but for its tie-breaking hash.
    @Test(arguments: RoutingPolicy.allCases)
    func candidatesComeInEveryPolicysOrder(_ policy: RoutingPolicy) async throws {
        try await StoreStage.with { stage in
            var random = SplitMix64(seed: 5)
            for number in 0..<8 {
                let person = Self.person("c\(number)")
                try await stage.connect(person, cap: Int.random(in: 2...9, using: &random))
                for chat in 0..<Int.random(in: 0...3, using: &random) {
                    let row = try await stage.chat(of: "v-\(number)-\(chat)")
                    let ends = Bool.random(using: &random)
                    try await stage.run { tx in
                        guard let given = try StoreStage.assign(tx, row, to: person), ends else { return }
                        _ = try Assignments.end(tx, given.assignment, reason: "closed")
                        _ = try Commercials.release(tx, "w", person.id, weight: row.weight)
                        _ = try Chats.close(tx, given.chat, reason: .resolved, by: .system)
                    }
                }
            }
            let rows = try await stage.run { try Dispatch.candidates($0, "w", Self.need(), by: policy) }
            let routable = rows.map(\.commercial).map {
                RoutableCommercial(
                    id: $0.id, declared: $0.declared, isConnected: $0.isConnected, cap: $0.cap, load: $0.load,
                    queues: Set($0.queues), lastAssignedAt: $0.lastAssignedAt, lastReleasedAt: $0.lastReleasedAt)
            }
            #expect(routable.count == 8)
            let chat = QueuedChat(
                id: "x", priority: .normal, firstQueuedAt: Timestamp(microseconds: 0), reach: QueueReach("default"))
            let ranked = policy.ranking(routable.shuffled(using: &random), for: chat, at: Timestamp(microseconds: 0))
            // Ties that only the hash breaks are the never assigned of one load and cap.
            func key(_ one: RoutableCommercial) -> String {
                switch policy {
                case .central: "\(one.cap) \(one.load) \(one.lastAssignedAt?.microseconds ?? 0)"
                case .leastLoaded: "\((one.load + 1) / Double(one.cap)) \(one.lastAssignedAt?.microseconds ?? 0)"
                case .roundRobin: "\(one.lastAssignedAt?.microseconds ?? 0)"
                case .longestIdle: "\(one.idleSince?.microseconds ?? 0)"
                }
            }
            #expect(ranked.map(key) == routable.map(key))
        }
    }

    /// Free places times the time without a new chat, in SQL as in the pure policy.
    @Test func turnsAreTakenByPlaces() async throws {
        try await StoreStage.with { stage in
            let ages = [("one", 1, 1500), ("two", 2, 1000), ("four", 4, 100), ("ten", 10, 0)]
            for (id, cap, seconds) in ages {
                try await stage.connect(Self.person(id), cap: cap)
                try await stage.run { tx in
                    try tx.execute(
                        """
                        update commercials set last_assigned_at = clock_timestamp() - $1 * interval '1 second'
                        where workspace_id = 'w' and id = $2
                        """,
                        [.int(seconds), .text(id)])
                }
            }
            for (id, cap) in [("newcomer", 1), ("newcomer with more places", 2)] {
                try await stage.connect(Self.person(id), cap: cap)
            }
            let rows = try await stage.run { try Dispatch.candidates($0, "w", Self.need()).map(\.commercial) }
            let expected = ["newcomer with more places", "newcomer", "two", "one", "four", "ten"]
            #expect(rows.map(\.id) == expected)
            let now = try #require(rows.compactMap(\.lastAssignedAt).max())
            let routable = rows.map {
                RoutableCommercial(
                    id: $0.id, declared: $0.declared, isConnected: $0.isConnected, cap: $0.cap, load: $0.load,
                    queues: Set($0.queues), lastAssignedAt: $0.lastAssignedAt)
            }
            let chat = QueuedChat(id: "x", priority: .normal, firstQueuedAt: now, reach: QueueReach("default"))
            #expect(RoutingPolicy.central.ranking(routable.reversed(), for: chat, at: now).map(\.id) == expected)
        }
    }

    @Test func theLastCommercialOfAVisitorSticks() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let first = try await stage.chat(of: "v")
            #expect(first.stickyCommercial == nil)
            try await stage.run { tx in
                let given = try #require(try StoreStage.assign(tx, first, to: StoreStage.ana))
                _ = try Assignments.end(tx, given.assignment, reason: "closed")
                _ = try Commercials.release(tx, "w", "ana", weight: 1)
                _ = try Chats.close(tx, given.chat, reason: .resolved, by: .system)
            }
            #expect(try await stage.chat(of: "v").stickyCommercial == "ana")
            #expect(try await stage.chat(of: "other").stickyCommercial == nil)
        }
    }

    @Test func waitsThatAreToldDoNotGrowWhileAsManyAreThere() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let chat = try await stage.chat(of: "v")
            func tell(_ p50: Int?, _ p90: Int) async throws -> [Int?] {
                try await stage.run { tx in
                    let wait = p50.map { QueueForecast.Wait(p50Seconds: $0, p90Seconds: p90) }
                    let told = try Chats.tell(tx, chat, position: 1, wait: wait)
                    return [told.toldETASeconds, told.toldP90Seconds]
                }
            }
            #expect(try await tell(60, 120) == [60, 120])
            #expect(try await tell(90, 100) == [60, 100])
            #expect(try await tell(10, 20) == [10, 20])
            try await stage.connect(StoreStage.beto)
            #expect(try await tell(30, 40) == [30, 40])
            #expect(try await tell(nil, 0) == [nil, nil])
            #expect(try await tell(50, 60) == [50, 60])
        }
    }

    @Test func theLineMovesAsFastAsItsLastChatsDid() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana, cap: 3)
            func forecast() async throws -> QueueForecast {
                try await stage.run { try Dispatch.forecast($0, "w", queue: "default", expecting: 300_000) }
            }
            #expect(try await forecast() == QueueForecast(slots: 3, freeSlots: 3, handleMilliseconds: 300_000))
            for number in 0..<40 {
                let chat = try await stage.chat(of: "v\(number)")
                try await stage.run { tx in
                    let given = try #require(try StoreStage.assign(tx, chat, to: StoreStage.ana))
                    try tx.execute(
                        """
                        update assignments set accepted_at = clock_timestamp() - interval '60 s'
                        where ended_at is null
                        """)
                    _ = try Assignments.end(tx, given.assignment, reason: "closed")
                    _ = try Commercials.release(tx, "w", "ana", weight: 1)
                    _ = try Chats.close(tx, given.chat, reason: .resolved, by: .system)
                }
            }
            let known = try await forecast()
            // 40 of a minute with weights of 0.95ⁿ, and the guess with a weight of 1: 60 s + 240 s/(1 + 17.43).
            #expect(abs(known.handleMilliseconds - 73_022) < 500)
            let speed = try await stage.run {
                try Assignments.relativeSpeed($0, "w", queue: "default", commercial: "ana")
            }
            #expect(abs((speed ?? 0) - 1) < 0.01)
            // Who lacks what the queue asks for is no slot of it.
            try await stage.run { try Queues.set($0, "w", QueueSettings(name: "default", skills: ["it": 2])) }
            #expect(try await forecast().slots == 0)
        }
    }

    @Test func aWarmTransferIsAcceptedOnceAndOnlyInItsEpoch() async throws {
        try await StoreStage.with { stage in
            for person in [StoreStage.ana, StoreStage.beto] { try await stage.connect(person) }
            let waiting = try await stage.chat(of: "v")
            let chat = try await stage.run { try #require(try StoreStage.assign($0, waiting, to: StoreStage.ana)).chat }
            func offer(for milliseconds: Int64) async throws -> WarmTransferRow {
                try await stage.run { tx in
                    _ = try WarmTransfers.end(tx, of: chat)
                    return try WarmTransfers.create(
                        tx, chat, from: "ana", to: "beto", summary: "s", reason: nil, offerFor: milliseconds)
                }
            }
            let made = try await offer(for: 60_000)
            try await stage.run { tx throws in
                #expect(try WarmTransfers.find(tx, of: chat) == made)
                #expect(try WarmTransfers.standing(tx, "w", to: "beto") == [made])
                var later = chat
                later.epoch += 1
                #expect(try WarmTransfers.find(tx, of: later) == nil)
                #expect(try WarmTransfers.accept(tx, later, by: "beto") == nil)
                #expect(try WarmTransfers.accept(tx, chat, by: "ana") == nil)
                #expect(try WarmTransfers.accept(tx, chat, by: "beto") == made)
                #expect(try WarmTransfers.accept(tx, chat, by: "beto") == nil)
            }
            _ = try await offer(for: 0)
            try await stage.run { tx throws in
                #expect(try WarmTransfers.accept(tx, chat, by: "beto") == nil)
                #expect(try WarmTransfers.due(tx).map(\.id) == [chat.id])
            }
        }
    }

    @Test func rejectionsAreCountedWithinTheirTime() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            for number in 0..<3 {
                let chat = try await stage.chat(of: "v\(number)")
                try await stage.run { tx in
                    let given = try #require(try StoreStage.assign(tx, chat, to: StoreStage.ana))
                    _ = try Assignments.end(tx, given.assignment, reason: number == 0 ? "expired" : "rejected")
                    _ = try Commercials.release(tx, "w", "ana", weight: 1)
                    _ = try Chats.close(tx, given.chat, reason: .resolved, by: .system)
                }
            }
            try await stage.run { tx throws in
                #expect(try Assignments.rejections(tx, "w", of: "ana", within: 60_000) == 2)
                #expect(try Assignments.rejections(tx, "w", of: "ana", within: 0) == 0)
                #expect(try Assignments.rejections(tx, "w", of: "beto", within: 60_000) == 0)
            }
        }
    }
}
