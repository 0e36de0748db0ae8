import Assignment
import Storage
import StorageTestSupport
import Testing

@Suite struct PresenceTests {
    @Test func leasesAreCountedBySubject() async throws {
        try await StoreStage.with { stage in
            try await stage.run { tx in
                try Commercials.seen(tx, "w", StoreStage.ana, defaultCap: 5)
                #expect(try Commercials.find(tx, "w", "ana")?.isConnected == false)
                func connect(_ connection: String) throws -> Int {
                    let lease = Presence.NewLease.sample(of: StoreStage.ana, connection: connection)
                    return try Presence.insert(tx, "w", lease, milliseconds: 60_000)
                }
                #expect(try connect("c1") == 1)
                #expect(try connect("c2") == 2)
                #expect(try connect("c2") == 2)
                #expect(try Commercials.find(tx, "w", "ana")?.effective == true)
                #expect(try Presence.live(tx, "w", role: .commercial) == ["ana"])
                #expect(try Presence.liveCount(tx, "w", role: .visitor, subject: "ana") == 0)
                #expect(try Presence.delete(tx, "w", connection: "c1")?.remaining == 1)
                #expect(try Presence.delete(tx, "w", connection: "c1") == nil)
                let last = try Presence.delete(tx, "w", connection: "c2")
                #expect(last?.remaining == 0 && last?.lease.subject == "ana")
            }
        }
    }

    @Test func leasesExpireUnlessRenewed() async throws {
        try await StoreStage.with { stage in
            try await stage.run(.workspaces(["w", "other"])) { tx in
                try Presence.insert(tx, "w", .sample(of: StoreStage.ana, connection: "c1"), milliseconds: 0)
                try Presence.insert(tx, "w", .sample(of: StoreStage.beto, connection: "c2"), milliseconds: 0)
                try Presence.insert(tx, "other", .sample(of: StoreStage.ana, connection: "c3"), milliseconds: 0)
                #expect(try Presence.liveCount(tx, "w", role: .commercial, subject: "ana") == 0)
                let lost = try Presence.renew(
                    tx, nodeLife: "l1", connections: ["c1", "c3", "c9"], milliseconds: 60_000)
                #expect(lost == ["c9"])
                let foreign = try Presence.renew(tx, nodeLife: "l2", connections: ["c1"], milliseconds: 60_000)
                #expect(foreign == ["c1"], "another life's lease is not ours to renew")
                #expect(try Presence.liveCount(tx, "w", role: .commercial, subject: "ana") == 1)
                let expired = try Presence.expired(tx)
                #expect(expired.map(\.connectionID) == ["c2"])
                #expect(try expired.map { try Presence.end(tx, $0) } == [true])
                #expect(try expired.map { try Presence.end(tx, $0) } == [false], "somebody else has ended it")
                #expect(try Presence.expired(tx).isEmpty)
            }
        }
    }

    /// Somebody holds one lease, as the erasure of its visitor does: the others are renewed, and that one is not lost.
    @Test func aLeaseThatIsHeldHoldsNoOtherUp() async throws {
        try await StoreStage.with { stage in
            try await stage.run { tx in
                for id in ["c1", "c2"] {
                    try Presence.insert(tx, "w", .sample(of: StoreStage.ana, connection: id), milliseconds: 0)
                }
            }
            async let holding: Void = stage.run { tx in
                _ = try tx.query("select 1 from presence_leases where connection_id = 'c1' for update")
                _ = try tx.query("select pg_sleep(2)")
            }
            let deadline = ContinuousClock.now + .seconds(30)
            var free = 2
            while free > 1 {
                try #require(ContinuousClock.now < deadline)
                free = try await stage.run { tx in
                    try tx.query("select 1 from presence_leases for update skip locked").count
                }
            }
            let lost = try await stage.run { tx in
                try Presence.renew(tx, nodeLife: "l1", connections: ["c1", "c2", "c9"], milliseconds: 60_000)
            }
            #expect(lost == ["c9"])
            try await holding
            let expired = try await stage.run { tx in try Presence.expired(tx).map(\.connectionID) }
            #expect(expired == ["c1"])
        }
    }

    @Test func whatWasRenewedMeanwhileStands() async throws {
        try await StoreStage.with { stage in
            try await stage.run { tx in
                try Presence.insert(tx, "w", .sample(of: StoreStage.ana, connection: "c1"), milliseconds: 0)
                let seen = try #require(try Presence.expired(tx).first)
                _ = try Presence.renew(tx, nodeLife: "l1", connections: ["c1"], milliseconds: 60_000)
                #expect(try !Presence.end(tx, seen))
                #expect(try Presence.liveCount(tx, "w", role: .commercial, subject: "ana") == 1)
            }
        }
    }

    @Test func aNewLifeEndsTheOneBefore() async throws {
        try await StoreStage.with { stage in
            try await stage.run(.workspaces(["w", "other"])) { tx in
                try Presence.insert(
                    tx, "w", .sample(of: StoreStage.ana, connection: "c1", life: "old"), milliseconds: 60_000)
                try Presence.insert(
                    tx, "other", .sample(of: StoreStage.ana, connection: "c2", life: "old"), milliseconds: 60_000)
                try Presence.insert(
                    tx, "w", .sample(of: StoreStage.ana, connection: "c3", life: "new"), milliseconds: 60_000)
                try Presence.insert(
                    tx, "w", .sample(of: StoreStage.beto, connection: "c4", node: "n2", life: "old"),
                    milliseconds: 60_000)
                let earlier = try Presence.ofEarlierLives(tx, nodeID: "n1", currentLife: "new")
                #expect(earlier.map(\.connectionID).sorted() == ["c1", "c2"])
                for lease in earlier { #expect(try Presence.end(tx, lease)) }
                #expect(try Presence.live(tx, "w", role: .commercial) == ["ana", "beto"])
            }
        }
    }

    @Test func graceRunsOnceNobodyIsConnected() async throws {
        try await StoreStage.with { stage in
            try await stage.connect(StoreStage.ana)
            try await stage.run { tx in
                try Graces.start(tx, "w", .people, "ana", milliseconds: 0)
                #expect(try Graces.due(tx, .people).isEmpty, "she is connected")
                _ = try Presence.delete(tx, "w", connection: "c-ana")
                try Graces.start(tx, "w", .people, "ana", milliseconds: 60_000)
                let until = try Commercials.find(tx, "w", "ana")?.graceUntil
                #expect(until != nil)
                try Graces.start(tx, "w", .people, "ana", milliseconds: 0)
                #expect(try Commercials.find(tx, "w", "ana")?.graceUntil == until, "it runs already")
                try Graces.end(tx, "w", .people, "ana")
                try Graces.start(tx, "w", .people, "ana", milliseconds: 0)
                #expect(try Graces.due(tx, .people).map(\.id) == ["ana"])
            }
        }
    }

    @Test func statusIsDurable() async throws {
        try await StoreStage.with { stage in
            try await stage.run { tx in
                let first = try Commercials.seen(tx, "w", StoreStage.ana, defaultCap: 5)
                #expect(first.declared == .available && first.cap == 5 && first.queues == ["default"])
                let away = try Commercials.declare(tx, "w", "ana", .away, reason: "auto_missed", automatically: true)
                #expect(away?.declared == .away && away?.declaredAutomatically == true)
                let later = try Commercials.seen(
                    tx, "w", Participant(role: .commercial, id: "ana"), defaultCap: 9)
                #expect(later.declared == .away && later.cap == 5 && later.name == "Ana")
                let same = try Commercials.declare(tx, "w", "ana", .away)
                #expect(same?.declaredSince == away?.declaredSince && same?.declaredReason == nil)
                #expect(try Commercials.declare(tx, "w", "nobody", .away) == nil)
                #expect(try Commercials.setCap(tx, "w", "nobody", 1) == nil)
            }
        }
    }

    @Test func liveBotsComeFewestChatsFirstThenLongestIdle() async throws {
        try await StoreStage.with { stage in
            @Sendable func bot(_ id: String) -> Participant { Participant(role: .ai, id: id, name: id.uppercased()) }
            try await stage.run { tx in
                for id in ["b1", "b2", "b3", "mute", "shy", "gone"] { try Bots.seen(tx, "w", bot(id)) }
                for id in ["b1", "b2", "b3"] {
                    try Presence.insert(tx, "w", .sample(of: bot(id), scopes: [.messaging]), milliseconds: 60_000)
                }
                try Presence.insert(tx, "w", .sample(of: bot("mute"), scopes: [.analytics]), milliseconds: 60_000)
                try Presence.insert(
                    tx, "w", .sample(of: bot("shy"), scopes: [.messaging], takesChats: false), milliseconds: 60_000)
            }
            _ = try await stage.chat(of: "v1", .bot(bot("b1"), answerWithinMilliseconds: nil))
            try await stage.run { tx in
                try Bots.markAssigned(tx, "w", "b2")
                let live = try Bots.live(tx, "w")
                #expect(live.map(\.bot.id) == ["b3", "b2", "b1"])
                #expect(live.map(\.ownedChats) == [0, 0, 1])
                #expect(live.first?.bot == bot("b3"))
                let pure = BotOrder.next(
                    among: live.map {
                        BotCandidate(id: $0.bot.id, ownedChats: $0.ownedChats, lastAssignedAt: $0.lastAssignedAt)
                    }, for: "x")
                #expect(pure?.id == live.first?.bot.id)
                try Graces.start(tx, "w", .bots, "b1", milliseconds: 0)
                try Graces.start(tx, "w", .bots, "gone", milliseconds: 0)
                #expect(try Graces.due(tx, .bots).map(\.id) == ["gone"])
                try Bots.seen(tx, "w", bot("gone"))
                #expect(try Graces.due(tx, .bots).isEmpty, "it came back")
            }
        }
    }

    @Test func aVisitLastsFromTheFirstSocketUntilAfterTheLast() async throws {
        try await StoreStage.with { stage in
            let visitor = Participant(role: .visitor, id: "v")
            try await stage.run { tx in
                let first = try Visitors.upsert(tx, "w", "v", isVerified: true, name: "Vera", locale: "es")
                let later = try Visitors.upsert(tx, "w", "v", isVerified: false)
                #expect(later.isVerified && later.name == "Vera" && later.locale == "es")
                #expect(later.firstSeenAt == first.firstSeenAt && !later.allowsTracking)
                try Visitors.setTracking(tx, "w", "v", true)
                #expect(try Visitors.find(tx, "w", "v")?.allowsTracking == true)

                let page = JSONText(#"{"url": "https://a.example/"}"#)
                let (session, isNew) = try Visitors.openSession(tx, "w", visitor: "v", page: page)
                #expect(isNew)
                try Presence.insert(tx, "w", .sample(of: visitor), milliseconds: 60_000)
                try Visitors.letLinger(tx, "w", visitor: "v", milliseconds: 0)
                #expect(try Visitors.dueSessions(tx).isEmpty, "a socket is open")
                _ = try Presence.delete(tx, "w", connection: "c-v")
                try Visitors.letLinger(tx, "w", visitor: "v", milliseconds: 0)
                #expect(try Visitors.dueSessions(tx).map(\.id) == [session.id])
                let (back, backIsNew) = try Visitors.openSession(tx, "w", visitor: "v")
                #expect(back.id == session.id && !backIsNew && back.page == page)
                #expect(try Visitors.closeSession(tx, "w", session.id) == nil, "the visitor came back")
                try Visitors.letLinger(tx, "w", visitor: "v", milliseconds: 0)
                #expect(try Visitors.closeSession(tx, "w", session.id)?.closedAt != nil)
                #expect(try Visitors.closeSession(tx, "w", session.id) == nil)
                #expect(try Visitors.openSession(tx, "w", visitor: "v").isNew)
            }
        }
    }
}
