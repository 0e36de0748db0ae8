import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// An anonymous visitor turns out to be somebody.
@Suite struct IdentifyTests {
    private static func status(_ id: String, _ fixture: EventsFixture) async throws -> ChatRow {
        try await fixture.chat(id)
    }

    @Test func whatWasAnonymousIsTheirs() async throws {
        try await EventsFixture.with { fixture in
            let boss = try await fixture.connect(.supervisor, "boss")
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "anon", isAnonymous: true)
            let chat = try await visitor.say("hola")
            await ana.send("message:send", ["chatId": .string(chat), "content": "dígame"])
            let elsewhere = try await fixture.connect(.visitor, "maria")

            let ack = await visitor.send("visitor:identify", ["token": "verified:maria"])
            #expect(ack == ["ok": true, "visitorId": "maria", "chats": 1])
            #expect(visitor.session.principal.subject == "maria")
            #expect(try await Self.status(chat, fixture).visitorID == "maria")
            #expect(try await Self.status(chat, fixture).status == .active)
            let session = try #require(visitor.socket.received("session").last)
            #expect(session[dynamic: "subject"] == "maria")
            #expect(session[dynamic: "chats"].array?.count == 1)
            let told = try #require(boss.socket.received("visitor:identify").first)
            #expect(told[dynamic: "visitorId"] == "maria" && told[dynamic: "previousVisitorId"] == "anon")
            #expect(elsewhere.socket.received("visitor:identify").isEmpty)
            // Both of their sockets hear the person, and what they say goes to the one chat.
            await ana.send("message:send", ["chatId": .string(chat), "content": "¿sigue ahí?"])
            #expect(elsewhere.socket.received("message:new").last?[dynamic: "content"] == "¿sigue ahí?")
            #expect(visitor.socket.received("message:new").last?[dynamic: "content"] == "¿sigue ahí?")
            #expect(try await elsewhere.say("sí") == chat)
            // The id says into whom it went; the identity is over; it stands in the audit.
            let (merged, revoked, audit, leases) = try await fixture.services.change(in: "default") { transaction in
                let sql = transaction.sql
                return (
                    try Visitors.find(sql, "default", "anon")?.mergedInto,
                    try sql.query("select 1 from revocations where subject = 'anon' and role = 'visitor'").count,
                    try sql.query("select 1 from audit where action = 'visitor.merged'").count,
                    try sql.query("select subject from presence_leases where role = 'visitor' order by 1").map {
                        try $0.text(0)
                    }
                )
            }.value
            #expect(merged == "maria" && revoked == 1 && audit == 1)
            #expect(leases == ["maria", "maria"])
            // Once more is fine.
            #expect(await visitor.send("visitor:identify", ["token": "verified:maria"])[dynamic: "chats"] == 0)
        }
    }

    @Test func atMostOneChatStaysOpen() async throws {
        try await EventsFixture.with { fixture in
            let maria = try await fixture.connect(.visitor, "maria")
            let old = try await maria.say("desde el móvil")
            let visitor = try await fixture.connect(.visitor, "anon", isAnonymous: true)
            let current = try await visitor.say("desde la web")
            #expect(await visitor.send("visitor:identify", ["token": "verified:maria"])[dynamic: "chats"] == 1)
            let ended = try await Self.status(old, fixture)
            #expect(ended.status == .closed && ended.closeReason == .merged)
            #expect(try await Self.status(current, fixture).status == .waiting)
            #expect(maria.socket.received("chat:closed").map { $0[dynamic: "reason"] } == ["merged"])
            #expect(try await maria.say("¿y ahora?") == current)
        }
    }

    @Test func nobodyBecomesWhomTheyCannotProve() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "anon", isAnonymous: true)
            let chat = try await visitor.say("hola")
            for (token, code) in [
                ("nonsense", "unauthenticated"), ("anonymous:maria", "forbidden"), ("commercial:ana", "forbidden"),
                ("other:maria", "forbidden"),
            ] {
                let ack = await visitor.send("visitor:identify", ["token": .string(token)])
                #expect(ack.errorCode == code, "\(token)")
            }
            let verified = try await fixture.connect(.visitor, "pepe")
            #expect(await verified.send("visitor:identify", ["token": "verified:maria"]).errorCode == "forbidden")
            #expect(try await Self.status(chat, fixture).visitorID == "anon")
            // The schema holds it as well.
            let refused = await #expect(throws: StorageError.self) {
                try await fixture.sql("update chats set visitor_id = 'pepe' where visitor_id = 'anon'")
            }
            #expect(refused?.constraint == "chats_identity")
        }
    }
}
