import Assignment
import Storage
import StorageTestSupport
import Testing

@Suite struct AssignmentsTests {
    @Test func anOfferIsAcceptedOnceAndInTime() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let chat = try await stage.chat(of: "v")
            let (offered, offer) = try await stage.run { tx in
                _ = try #require(try Commercials.reserve(tx, "w", "ana", weight: 1, .routed))
                let offered = try Chats.offer(tx, chat, by: .system, reason: "routed")
                let offer = try Assignments.create(
                    tx, offered, commercial: "ana", state: .offered, offerFor: 30_000, by: .system, score: 0.5,
                    algorithm: "least-loaded")
                return (offered, offer)
            }
            #expect(offered.owner == nil && offered.epoch == chat.epoch)
            #expect(offer.deadline != nil && offer.acceptedAt == nil)
            try await stage.run { tx in
                #expect(try Assignments.dueOffers(tx).isEmpty)
                #expect(try Assignments.accept(tx, "w", offer.id, commercial: "beto", epoch: 2) == nil)
                let active = try Chats.activate(
                    tx, offered, owner: StoreStage.ana, by: StoreStage.ana, reason: "accepted")
                let accepted = try Assignments.accept(tx, "w", offer.id, commercial: "ana", epoch: active.epoch)
                #expect(accepted?.state == .active && accepted?.epoch == 2 && accepted?.acceptedAt != nil)
                #expect(try Assignments.accept(tx, "w", offer.id, commercial: "ana", epoch: 2) == nil)
                #expect(try Assignments.live(tx, of: active)?.id == offer.id)
                #expect(try Assignments.live(tx, "w", ofCommercial: "ana").map(\.id) == [offer.id])
            }
        }
    }

    @Test func anOfferThatRanOutIsDueAndCannotBeAccepted() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            let chat = try await stage.chat(of: "v")
            let offer = try await stage.run { tx in
                _ = try Commercials.reserve(tx, "w", "ana", weight: 1, .routed)
                let offered = try Chats.offer(tx, chat, by: .system, reason: "routed")
                return try Assignments.create(
                    tx, offered, commercial: "ana", state: .offered, offerFor: 0, by: .system)
            }
            try await stage.run { tx in
                #expect(try Assignments.accept(tx, "w", offer.id, commercial: "ana", epoch: 2) == nil)
                #expect(try Assignments.dueOffers(tx).map(\.id) == [offer.id])
                let locked = try #require(try Chats.lock(tx, "w", chat.id))
                let tried = try Chats.addTried(tx, locked, commercial: "ana")
                #expect(tried.triedCommercials == ["ana"])
                _ = try #require(try Assignments.end(tx, offer, reason: "expired"))
                #expect(try Assignments.end(tx, offer, reason: "expired") == nil)
                #expect(try Commercials.countMiss(tx, "w", "ana") == 1)
                let released = try Commercials.release(tx, "w", "ana", weight: offer.weight)
                #expect(released?.load == 0)
                let first = try #require(tried.firstQueuedAt)
                let waiting = try Chats.enqueue(
                    tx, tried, firstQueuedAt: first, routeKey: first, by: .system, reason: "expired")
                #expect(waiting.triedCommercials == ["ana"], "the round goes on without her")
                let again = try Chats.beginRound(tx, waiting, 2, overflowSteps: 0)
                #expect(again.triedCommercials == [])
                #expect(again.offerRound == 2)
            }
        }
    }

    @Test func ofManyAtOnceOneGetsTheChat() async throws {
        try await StoreStage.with { stage in
            let everybody = (0..<8).map { Participant(role: .commercial, id: "p\($0)") }
            for person in everybody { try await stage.connect(person, cap: 1) }
            let chat = try await stage.chat(of: "v")
            let winners = try await withThrowingTaskGroup(of: String?.self) { group in
                for person in everybody {
                    group.addTask {
                        do {
                            return try await stage.run { tx in
                                _ = try StoreStage.assign(tx, chat, to: person)
                                return person.id
                            }
                        } catch let error as StorageError {
                            #expect(error.code == .contention || error.constraint == "assignments_one_live")
                            return nil
                        }
                    }
                }
                var winners: [String] = []
                for try await winner in group { if let winner { winners.append(winner) } }
                return winners
            }
            #expect(winners.count == 1)
            try await stage.run { tx in
                let now = try #require(try Chats.find(tx, "w", chat.id))
                #expect(now.assignedTo == winners.first)
                for person in everybody {
                    let row = try #require(try Commercials.find(tx, "w", person.id))
                    #expect(row.load == (person.id == winners.first ? 1 : 0))
                }
            }
        }
    }

    @Test func nobodyIsGivenMoreThanTheirCap() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana, cap: 3)
            let given = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<10 {
                    group.addTask {
                        let chat = try await stage.chat(of: "v\(index)")
                        return try await stage.run { tx in
                            let locked = try #require(try Chats.lock(tx, "w", chat.id))
                            return try StoreStage.assign(tx, locked, to: StoreStage.ana) != nil
                        }
                    }
                }
                var given = 0
                for try await success in group where success { given += 1 }
                return given
            }
            #expect(given == 3)
            try await stage.run { tx in
                let assignments = try Assignments.live(tx, "w", ofCommercial: "ana")
                let load = try Commercials.find(tx, "w", "ana")?.load
                let candidates = try Dispatch.candidates(tx, "w", Self.anything)
                #expect(assignments.count == 3)
                #expect(load == 3)
                #expect(candidates.isEmpty)
            }
        }
    }

    @Test func whatIsForcedCountsAsExtraAndShrinks() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana, cap: 2)
            let chats = [
                try await stage.chat(of: "v1"), try await stage.chat(of: "v2"), try await stage.chat(of: "v3"),
            ]
            try await stage.run { tx in
                for chat in chats.prefix(2) { _ = try #require(try StoreStage.assign(tx, chat, to: StoreStage.ana)) }
                #expect(try StoreStage.assign(tx, chats[2], to: StoreStage.ana, .direct) == nil)
                let third = try #require(try StoreStage.assign(tx, chats[2], to: StoreStage.ana, .forced))
                var ana = try #require(try Commercials.find(tx, "w", "ana"))
                #expect((ana.load, ana.extra) == (3, 1))
                ana = try #require(try Commercials.setCap(tx, "w", "ana", 1))
                #expect((ana.cap, ana.load, ana.extra) == (1, 3, 2))
                _ = try Assignments.end(tx, third.assignment, reason: "closed")
                _ = try Chats.close(tx, third.chat, reason: .resolved, by: StoreStage.ana)
                ana = try #require(try Commercials.release(tx, "w", "ana", weight: 1))
                #expect((ana.load, ana.extra) == (2, 1))
                ana = try #require(try Commercials.setCap(tx, "w", "ana", 5))
                #expect((ana.load, ana.extra) == (2, 0))
            }
        }
    }

    private static let anything = Dispatch.Need(reach: QueueReach("default"))

    @Test func aSupervisorWithoutACapTakesOver() async throws {
        try await StoreStage.with { stage in
            let supervisor = Participant(role: .supervisor, id: "sup", name: "Sol")
            let chat = try await stage.chat(of: "v")
            try await stage.run { tx in
                try Commercials.seen(tx, "w", supervisor, defaultCap: 0)
                _ = try #require(try StoreStage.assign(tx, chat, to: supervisor, .forced))
                let row = try #require(try Commercials.find(tx, "w", "sup"))
                #expect((row.cap, row.load, row.extra, row.role) == (0, 1, 1, .supervisor))
            }
        }
    }

    /// The database's order is that of the pure policy, but for its tie-breaking hash.
    @Test func candidatesComeInThePolicysOrder() async throws {
        try await StoreStage.with { stage in
            let caps = [("a", 5, 2), ("b", 10, 2), ("c", 3, 0), ("d", 3, 1), ("e", 20, 3), ("f", 4, 4), ("g", 10, 0)]
            var random = SplitMix64(seed: 11)
            for (id, cap, load) in caps.shuffled(using: &random) {
                try await stage.connect(Participant(role: .commercial, id: id), cap: cap)
                for index in 0..<load {
                    let chat = try await stage.chat(of: "v-\(id)-\(index)")
                    try await stage.run {
                        _ = try StoreStage.assign($0, chat, to: Participant(role: .commercial, id: id))
                    }
                }
            }
            // Not to be asked: away, no socket, another queue, tied to a supervisor's role.
            try await stage.connect(Participant(role: .commercial, id: "away"))
            try await stage.connect(Participant(role: .commercial, id: "sales"))
            try await stage.run { tx in
                _ = try Commercials.declare(tx, "w", "away", .away)
                try tx.execute("update commercials set queues = '{sales}' where id = 'sales'")
                try Commercials.seen(tx, "w", Participant(role: .commercial, id: "gone"), defaultCap: 5)
            }
            let candidates = try await stage.run {
                try Dispatch.candidates($0, "w", Self.anything).map(\.commercial)
            }
            #expect(Set(candidates.map(\.id)) == ["a", "b", "c", "d", "e", "g"])
            let routable = candidates.map {
                RoutableCommercial(
                    id: $0.id, declared: $0.declared, isConnected: $0.isConnected, cap: $0.cap, load: $0.load,
                    queues: Set($0.queues), lastAssignedAt: $0.lastAssignedAt)
            }
            let start = Timestamp(microseconds: 0)
            let chat = QueuedChat(
                id: "x", priority: .normal, firstQueuedAt: start, reach: QueueReach("default"))
            let ranked = RoutingPolicy.central.ranking(routable.shuffled(using: &random), for: chat, at: start)
            func key(_ commercial: RoutableCommercial) -> String {
                "\(commercial.cap) \(commercial.load) \(commercial.lastAssignedAt?.description ?? "never")"
            }
            #expect(ranked.map(key) == routable.map(key))
        }
    }
}
