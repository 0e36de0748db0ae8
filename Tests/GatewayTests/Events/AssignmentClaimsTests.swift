import Assignment
import NIOCore
import SocketIO
import Storage
import Testing

@testable import Gateway

/// What whoever assigns a chat says of their choice (`chat:assign.metadata`): kept, shown to staff, and no more.
@Suite struct AssignmentClaimsTests {
    private static let metadata: JSONValue = [
        "escalatedBy": "ai-system", "escalationReason": "outside_ai_capability", "assignmentScore": 0.87,
        "algorithm": "ai_load_balancer_v2",
    ]

    private static func audit(_ fixture: EventsFixture) async throws -> [JSONValue] {
        try await fixture.services.database.transaction(.workspace("default")) { sql in
            try sql.query("select detail::text from audit where action = 'chat.assigned' order by id").map {
                try JSONReader.decode(.init(string: $0.text(0)))
            }
        }
    }

    @Test func aDistributorsClaimsReachStaffAndTheAudit() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "ai-system")
            let boss = try await fixture.connect(.supervisor, "boss")
            let ana = try await fixture.connect(.commercial, "ana")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            visitor.socket.forget()
            let assign: JSONValue = [
                "chatId": .string(chat), "commercialId": "ana", "reason": "Consulta técnica", "metadata": Self.metadata,
            ]
            #expect(await bot.send("chat:assign", assign)[dynamic: "status"] == "active")
            for hearer in [ana, boss, bot] {
                let told = try #require(hearer.socket.received("chat:assigned").first)
                #expect(told[dynamic: "score"] == 0.87 && told[dynamic: "algorithm"] == "ai_load_balancer_v2")
                #expect(told[dynamic: "reason"] == "Consulta técnica")
                #expect(told[dynamic: "by"] == ["role": "ai", "id": "ai-system"])
                let updates = hearer.socket.received("chat:updated").map { $0[dynamic: "changes"] }
                #expect(updates.contains { $0[dynamic: "escalation"] != .null } == (hearer.socket !== ana.socket))
            }
            let row = try await fixture.chat(chat)
            #expect(row.escalationReason == "outside_ai_capability" && row.escalatedAt != nil)
            // In the order in which jsonb keeps keys.
            #expect(
                JSONValue.stored(row.metadata)[dynamic: "escalation"] == [
                    "by": "ai", "reason": "outside_ai_capability", "trigger": "requested", "escalatedBy": "ai-system",
                ])
            #expect(
                try await Self.audit(fixture) == [
                    [
                        "to": "ana", "algorithm": "ai_load_balancer_v2", "escalatedBy": "ai-system",
                        "assignmentScore": 0.87, "escalationReason": "outside_ai_capability",
                    ]
                ])
            // A visitor learns who it is, and nothing of how they were chosen.
            #expect(visitor.socket.received.map(\.event) == ["chat:assigned"])
            #expect(visitor.socket.received[0].body[dynamic: "score"] == .null)

            // The same target again is no assignment: nothing is kept of it.
            #expect(await bot.send("chat:assign", assign).isOK)
            #expect(try await Self.audit(fixture).count == 1)
        }
    }

    /// The reason stands in the offer, as that of an escalation does; and the one that came first stays.
    @Test func theReasonReachesWhomTheChatIsOfferedTo() async throws {
        try await EventsFixture.with(configure: {
            $0.limits.enabled = false
            $0.routing.autoAccept = false
        }) { fixture in
            let bot = try await fixture.connect(.ai, "ai-system")
            let ana = try await fixture.connect(.commercial, "ana")
            for (name, isEscalated) in [("v", false), ("w", true)] {
                let visitor = try await fixture.connect(.visitor, name)
                let chat = try await visitor.say("hola")
                if isEscalated {
                    #expect(
                        await visitor.send("chat:escalate", ["summary": "Quiere una factura"])[dynamic: "status"]
                            != .null)
                }
                #expect(
                    await bot.send(
                        "chat:assign",
                        ["chatId": .string(chat), "commercialId": "ana", "metadata": Self.metadata]
                    )[dynamic: "status"] == "offered")
            }
            let offers = ana.socket.received("chat:offer").map { $0[dynamic: "summary"] }
            #expect(offers == ["outside_ai_capability", "Quiere una factura"])
        }
    }

    @Test(
        arguments: [
            ("escalatedBy", ""), ("escalatedBy", .string(String(repeating: "x", count: 129))), ("escalationReason", ""),
            ("escalationReason", .string(String(repeating: "x", count: 201))), ("assignmentScore", "high"),
            ("assignmentScore", 1e300), ("algorithm", ""), ("algorithm", 2),
        ] as [(String, JSONValue)])
    func whatIsNoClaimIsRefused(_ field: String, _ value: JSONValue) throws {
        let error = #expect(throws: EventError.self) {
            _ = try ChatAssign(
                Payload([
                    "chatId": .string(EventSample.unknownChat),
                    "metadata": .object(JSONObject([.init(key: field, value: value)])),
                ]))
        }
        #expect(error?.code == .badPayload && error?.details["field"] == .string("metadata.\(field)"))
    }
}
