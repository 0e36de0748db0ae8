import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// `trigger:high_conversion_flow`: when it raises, when it invites, when it leaves a visitor alone.
@Suite struct FlowTests {
    private static let closed = BusinessHours(timeZone: "UTC", weekly: Array(repeating: [], count: 7))
    private static let payload: JSONValue = [
        "visitorId": "v", "strategy": "premium_attention", "probability": 0.9, "ttlSec": 60,
    ]

    private static func set(_ queue: QueueSettings, _ fixture: EventsFixture) async throws {
        try await fixture.services.database.transaction(.workspace("default")) { sql in
            try Queues.set(sql, "default", queue)
        }
    }

    @Test func anOpenChatComesForwardOnce() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "oracle", takesChats: false)
            let luis = try await fixture.connect(.commercial, "luis")
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("hola")
            visitor.socket.forget()
            let ack = await bot.send("trigger:high_conversion_flow", Self.payload)
            let flow = ack[dynamic: "flowId"]
            #expect(
                ack == ["ok": true, "flowId": flow, "action": "priority_raised", "chatId": .string(chat)])
            #expect(try await fixture.chat(chat).priority == .high)
            for hearer in [luis, boss] {
                let told = try #require(hearer.socket.received("flow:triggered").first)
                #expect(told[dynamic: "flowId"] == flow && told[dynamic: "chatId"] == .string(chat))
                #expect(told[dynamic: "action"] == "priority_raised" && told[dynamic: "probability"] == 0.9)
                #expect(told[dynamic: "by"] == ["role": "ai", "id": "oracle"])
            }
            #expect(visitor.socket.received.isEmpty)

            // The same again is the first one's answer, and nobody hears of it; another strategy is another flow.
            var again = ack.object ?? [:]
            again["duplicate"] = true
            #expect(await bot.send("trigger:high_conversion_flow", Self.payload) == .object(again))
            #expect(boss.socket.received("flow:triggered").count == 1)
            let other = await bot.send("trigger:high_conversion_flow", ["visitorId": "v", "strategy": "discount"])
            #expect(other[dynamic: "duplicate"] == .null && other[dynamic: "flowId"] != flow)
            // It is high already: nothing is done.
            #expect(other[dynamic: "action"] == "none")
            #expect(boss.socket.received("flow:triggered").count == 2)
        }
    }

    @Test func whoHasNoChatIsInvited() async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "oracle", takesChats: false)
            let luis = try await fixture.connect(.commercial, "luis")
            let visitor = try await fixture.connect(.visitor, "v")
            let other = try await fixture.connect(.visitor, "w")
            let ack = await bot.send("trigger:high_conversion_flow", Self.payload)
            #expect(ack[dynamic: "action"] == "invited" && ack[dynamic: "chatId"] == .null)
            let invitation: JSONValue = [
                "flowId": ack[dynamic: "flowId"], "visitorId": "v", "strategy": "premium_attention",
            ]
            #expect(visitor.socket.received("proactive:invite").map(\.content) == [invitation])
            #expect(other.socket.received("proactive:invite").isEmpty)
            #expect(luis.socket.received("flow:triggered").map { $0[dynamic: "action"] } == ["invited"])
            // Asked twice, the visitor is invited once.
            let again = await bot.send("trigger:high_conversion_flow", Self.payload)
            #expect(again[dynamic: "duplicate"] == true && again[dynamic: "action"] == "invited")
            #expect(visitor.socket.received("proactive:invite").count == 1)
        }
    }

    enum Obstacle: CaseIterable {
        case nobodyIsThere, everybodyIsAway, everybodyIsFull, theLineIsClosed, theirLineIsClosed, nobodyHasTheSkill
        case theVisitorHasGone
    }

    /// A bot that would answer is no reason to promise attention.
    @Test(arguments: Obstacle.allCases) func nobodyIsInvitedInVain(_ obstacle: Obstacle) async throws {
        try await EventsFixture.with { fixture in
            let bot = try await fixture.connect(.ai, "oracle")
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            if obstacle != .nobodyIsThere {
                let luis = try await fixture.connect(.commercial, "luis")
                if obstacle == .everybodyIsAway { await luis.send("commercial:status", ["status": "away"]) }
            }
            switch obstacle {
            case .nobodyIsThere, .everybodyIsAway: break
            case .everybodyIsFull: await boss.send("commercial:status", ["commercialId": "luis", "cap": 0])
            case .theLineIsClosed: try await Self.set(QueueSettings(name: "default", hours: Self.closed), fixture)
            case .nobodyHasTheSkill: try await Self.set(QueueSettings(name: "default", skills: ["law": 1]), fixture)
            case .theirLineIsClosed:
                // What they write next takes the last chat up again, and that is in a line of its own.
                try await Self.set(QueueSettings(name: "ventas", hours: Self.closed), fixture)
                let ack = await visitor.send("chat:create", ["department": "ventas"])
                #expect(await boss.send("chat:close", ["chatId": ack[dynamic: "chatId"]]).isOK)
            case .theVisitorHasGone: await fixture.presence.closed(visitor.socket.id)
            }
            let ack = await bot.send("trigger:high_conversion_flow", Self.payload)
            #expect(ack.isOK && ack[dynamic: "action"] == "none", "\(ack)")
            #expect(visitor.socket.received("proactive:invite").isEmpty)
            #expect(boss.socket.received("flow:triggered").map { $0[dynamic: "action"] } == ["none"])
        }
    }
}
