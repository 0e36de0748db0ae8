import Assignment
import Storage
import StorageTestSupport
import Testing

@Suite struct NotificationsTests {
    private static func alert(
        _ target: NotificationTarget = .supervisors, key: String? = nil, ttl: Int64 = 60_000, period: Int64 = 60_000
    ) -> Notifications.New {
        Notifications.New(
            type: "sentiment_alert", target: target, sender: StoreStage.bot, ttlMilliseconds: ttl,
            dedupe: key.map { .init(key: $0, milliseconds: period) })
    }

    @Test func theFirstOfAPeriodStandsForTheOthers() async throws {
        try await StoreStage.with { stage in
            let ids = try await withThrowingTaskGroup(of: (String, Bool).self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await stage.run { tx in
                            let (id, stored) = try Notifications.store(tx, "w", Self.alert(key: "k"))
                            return (id, stored != nil)
                        }
                    }
                }
                var ids: [(String, Bool)] = []
                for try await id in group { ids.append(id) }
                return ids
            }
            #expect(Set(ids.map(\.0)).count == 1)
            #expect(ids.filter(\.1).count == 1)
            // A period of nothing is over at once, and without a key every one counts.
            for alert in [Self.alert(key: "k2", period: 0), Self.alert(key: "k2"), Self.alert(), Self.alert()] {
                let stored = try await stage.run { try Notifications.store($0, "w", alert).stored }
                #expect(stored != nil)
            }
        }
    }

    @Test func everybodyGetsTheirsUntilTheyAcknowledge() async throws {
        try await StoreStage.with { stage in
            let supervisor = Participant(role: .supervisor, id: "sup")
            let visitor = Participant(role: .visitor, id: "ana")
            try await stage.run { tx in
                var ids: [NotificationTarget: String] = [:]
                for target in [.supervisors, .agents, .commercial("ana"), .queue("sales")] as [NotificationTarget] {
                    ids[target] = try Notifications.store(tx, "w", Self.alert(target)).id
                }
                _ = try Notifications.store(tx, "w", Self.alert(.agents, ttl: 0))
                func pending(_ reader: Participant, _ queues: [String] = []) throws -> [NotificationTarget] {
                    try Notifications.pending(tx, "w", for: reader, queues: queues).map(\.target)
                }
                #expect(try pending(supervisor, ["sales"]) == [.supervisors])
                #expect(try pending(StoreStage.ana) == [.agents, .commercial("ana")])
                #expect(try pending(StoreStage.beto, ["sales"]) == [.agents, .queue("sales")])
                #expect(try pending(visitor, ["sales"]) == [])
                let agents = try #require(ids[.agents])
                #expect(try Notifications.acknowledge(tx, "w", agents, by: "ana"))
                #expect(try Notifications.acknowledge(tx, "w", agents, by: "ana"))
                #expect(try !Notifications.acknowledge(tx, "w", "x", by: "ana"))
                #expect(try !Notifications.acknowledge(tx, "other", agents, by: "ana"))
                #expect(try pending(StoreStage.ana) == [.commercial("ana")])
                #expect(try pending(StoreStage.beto) == [.agents])
                try Notifications.prune(tx)
            }
        }
    }

    @Test func targetsAreReadStrictly() {
        for target in [.supervisors, .agents, .commercial("a:b"), .queue("q")] as [NotificationTarget] {
            #expect(NotificationTarget(text: target.text) == target)
        }
        for text in ["", "visitors", "commercial", "commercial:", "queue:", "visitor:v", "Agents"] {
            #expect(NotificationTarget(text: text) == nil, "\(text)")
        }
    }

    @Test func aFlowStartsOncePerVisitorAndStrategy() async throws {
        try await StoreStage.with { stage in
            try await stage.run { tx in
                try Visitors.upsert(tx, "w", "v", isVerified: false)
                let flow = Flows.New(
                    visitorID: "v", strategy: "premium_attention", probability: 0.9, action: "invite",
                    by: StoreStage.bot)
                let first = try Flows.start(tx, "w", flow)
                #expect(first.isNew)
                let second = try Flows.start(tx, "w", flow)
                #expect(!second.isNew && second.id == first.id)
                var other = flow
                other.strategy = "discount"
                #expect(try Flows.start(tx, "w", other, oncePer: 0).isNew)
                #expect(try Flows.start(tx, "w", other).isNew)
            }
        }
    }
}
