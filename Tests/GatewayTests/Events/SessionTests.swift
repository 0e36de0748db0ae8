import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

@Suite struct SessionTests {
    @Test func whoNeverJoinsStillHears() async throws {
        try await EventsFixture.with { fixture in
            let first = try await fixture.connect(.visitor, "v")
            let chat = try await first.say("uno")
            let ana = try await fixture.connect(.commercial, "ana")
            await ana.send("message:send", ["chatId": .string(chat), "content": "dos"])
            // Both come back on other sockets, and emit nothing.
            let visitor = try await fixture.connect(.visitor, "v")
            let commercial = try await fixture.connect(.commercial, "ana")
            let session = try #require(visitor.socket.received("session").first)
            let listed = try #require(session[dynamic: "chats"].array?.first)
            #expect(listed[dynamic: "chatId"] == .string(chat))
            #expect(listed[dynamic: "lastSeq"] == 2)
            #expect(listed[dynamic: "assignedTo"] == "ana")
            #expect(listed[dynamic: "lastNoteSeq"] == .null)
            let owned = try #require(commercial.socket.received("session").first?[dynamic: "chats"].array?.first)
            #expect(owned[dynamic: "lastNoteSeq"] == 0)
            _ = try await first.say("tres")
            #expect(visitor.socket.received("message:new").map { $0[dynamic: "seq"] } == [3])
            #expect(commercial.socket.received("message:new").map { $0[dynamic: "seq"] } == [3])
        }
    }

    /// A reload in the middle of an offer must not cost the commercial a miss.
    @Test func whoComesBackSeesTheOfferThatStands() async throws {
        try await EventsFixture.with(configure: {
            $0.limits.enabled = false
            $0.routing.autoAccept = false
        }) { fixture in
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            try await fixture.dispatch()
            let offer = try #require(ana.socket.received("chat:offer").first)
            let again = try await fixture.connect(.commercial, "ana")
            let told = try #require(again.socket.received("chat:offer").first)
            for key in ["chatId", "assignmentId", "deadline", "preview", "chat"] {
                #expect(told[dynamic: key] == offer[dynamic: key], "\(key)")
            }
            #expect(told[dynamic: "chatId"] == .string(chat))
            #expect(await again.send("chat:accept", ["assignmentId": told[dynamic: "assignmentId"]]).errorCode == nil)
            let third = try await fixture.connect(.commercial, "ana")
            #expect(third.socket.received("chat:offer").isEmpty)
        }
    }

    @Test func aRefreshKeepsTheIdentity() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let ack = await visitor.send("session:refresh", ["token": "later"])
            #expect(ack == ["ok": true, "exp": 4_000_000_000])
            #expect(visitor.socket.received("session").count == 2)
            #expect(await visitor.send("session:refresh", ["token": "no"]).errorCode == "unauthenticated")
        }
    }

    @Test func aTokensEndIsAnnouncedAndComes() async throws {
        let hub = TestHub()
        let socket = hub.makeSocket("s")
        let session = Session(
            principal: Principal(
                workspace: "default", role: .commercial, subject: "ana", name: nil, scopes: [],
                expiry: Timestamp(microseconds: 1_000_000_000_000), credential: .token(id: nil)),
            socket: socket)
        let registry = SessionRegistry()
        registry.insert(session)
        func look(at second: Int64) {
            SessionExpiry(registry: registry, now: { Timestamp(microseconds: second * 1_000_000) }).sweep()
        }
        look(at: 999_939)
        #expect(socket.received.isEmpty)
        look(at: 999_940)
        look(at: 999_950)
        #expect(socket.received.map(\.event) == ["session:expiring"])
        #expect(socket.received[0].body == ["exp": 1_000_000])
        look(at: 1_000_000)
        #expect(socket.received.map(\.event) == ["session:expiring", "session:kicked", "kicked"])
    }

    @Test func pongSaysWhatWasMissed() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("uno")
            _ = try await visitor.say("dos")
            let ack = await visitor.send(
                "ping", ["timestamp": 17, "chats": .object(JSONObject([.init(key: chat, value: 1)]))])
            #expect(ack[dynamic: "timestamp"] == 17)
            #expect(ack[dynamic: "missed"].object?[chat] == 2)
            let pong = try #require(visitor.socket.received("pong").first)
            #expect(pong[dynamic: "serverTime"].string?.hasSuffix("Z") == true)
        }
    }

    @Test func actionsNeedConsentAndReachNoVisitor() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "bot")
            let other = try await fixture.connect(.visitor, "other")
            let visitor = try await fixture.connect(.visitor, "v")
            #expect(await visitor.send("visitor:action", ["action": "click"]).errorCode == "forbidden")
            await visitor.send("visitor:consent", ["tracking": true])
            #expect(await visitor.send("visitor:action", ["action": "click", "visitorId": "me"]).isOK)
            #expect(bot.socket.received("visitor:action").first?[dynamic: "visitorId"] == "v")
            #expect(other.socket.received("visitor:action").isEmpty)
            // The consent outlives the connection.
            let again = try await fixture.connect(.visitor, "v")
            #expect(await again.send("visitor:action", ["action": "scroll"]).isOK)
            #expect(bot.socket.received("visitor:online").count == 2)
            // Taken back in one window, it is gone in all.
            await again.send("visitor:consent", ["tracking": false])
            #expect(await visitor.send("visitor:action", ["action": "click"]).errorCode == "forbidden")
        }
    }
}
