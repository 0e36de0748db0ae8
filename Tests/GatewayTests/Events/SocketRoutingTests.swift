import Assignment
import SocketClient
import SocketIO
import Storage
import Testing

@testable import Gateway

/// How a chat finds its person, over real sockets through the assembled gateway: who vanishes, refuses, is full or at
/// home, and chats that are passed on.
@Suite struct SocketRoutingTests {
    private typealias Client = SocketClientConnection

    /// Runs `body` with somebody of the staff, once their session has begun.
    private static func staff(
        _ house: SocketHouse, _ role: Role, _ id: String, _ body: (Client, Listener) async throws -> Void
    ) async throws {
        let token = try await house.token(role, id)
        try await house.client.withConnection(auth: ["token": token]) { client in
            let events = Listener(client)
            _ = try await events.next("session")
            try await body(client, events)
        }
    }

    private static func visitor(
        _ house: SocketHouse, locale: String? = nil, _ body: (Client, Listener) async throws -> Void
    ) async throws {
        let auth: JSONObject = ["key": .string(house.widgetKey), "locale": locale.map(JSONValue.string) ?? .null]
        try await house.client.withConnection(auth: auth) { client in
            let events = Listener(client)
            _ = try await events.next("session")
            try await body(client, events)
        }
    }

    /// A visitor says something and has a chat.
    private static func say(_ text: String, _ visitor: Client) async throws -> JSONValue {
        try await visitor.request("message:send", ["content": .string(text)])[dynamic: "chatId"]
    }

    private static func asked(_ configuration: inout GatewayConfiguration) {
        configuration.routing.autoAccept = false
    }

    // MARK: Offers

    /// Who refuses is not asked again, the next one is, and the visitor hears of neither until somebody has the chat.
    @Test func whoRefusesIsPassedOver() async throws {
        try await SocketHouse.with(configure: Self.asked) { house in
            try await Self.staff(house, .commercial, "ana") { ana, anaEvents in
                try await Self.visitor(house) { visitor, events in
                    let chat = try await Self.say("hola", visitor)
                    let offer = try await anaEvents.next("chat:offer")
                    #expect(offer[dynamic: "chatId"] == chat)
                    try await Self.staff(house, .commercial, "beto") { beto, betoEvents in
                        let answer = try await ana.request(
                            "chat:reject", ["assignmentId": offer[dynamic: "assignmentId"], "reason": "comida"])
                        #expect(answer.isOK)
                        let second = try await betoEvents.next("chat:offer")
                        #expect(second[dynamic: "chatId"] == chat)
                        let taken = try await beto.request(
                            "chat:accept", ["assignmentId": second[dynamic: "assignmentId"]])
                        #expect(taken[dynamic: "status"] == "active")
                        // What was refused cannot be accepted any more.
                        let late = try await ana.request(
                            "chat:accept", ["assignmentId": offer[dynamic: "assignmentId"]])
                        #expect(late.errorCode == "offer_expired")
                        let assigned = try await events.next("chat:assigned")
                        #expect(assigned[dynamic: "commercialId"] == "beto")
                        for event in await events.passed {
                            #expect(!event.payload.description.contains("comida"), "\(event.name)")
                        }
                    }
                }
            }
        }
    }

    /// Who was offered a chat vanishes: somebody else is asked, long before the offer's time is up, and the visitor never
    /// hears of the first.
    @Test func whoVanishesWithAnOfferIsReplaced() async throws {
        try await SocketHouse.with(configure: {
            Self.asked(&$0)
            $0.routing.offerTimeout = .seconds(600)
            $0.presence.grace = .milliseconds(300)
        }) { house in
            try await Self.visitor(house) { visitor, events in
                var chat = JSONValue.null
                try await Self.staff(house, .commercial, "ana") { _, anaEvents in
                    chat = try await Self.say("hola", visitor)
                    #expect(try await anaEvents.next("chat:offer")[dynamic: "chatId"] == chat)
                }
                try await Self.staff(house, .commercial, "beto") { beto, betoEvents in
                    let offer = try await betoEvents.next("chat:offer")
                    #expect(offer[dynamic: "chatId"] == chat)
                    let taken = try await beto.request("chat:accept", ["assignmentId": offer[dynamic: "assignmentId"]])
                    #expect(taken[dynamic: "status"] == "active")
                    #expect(try await events.next("chat:assigned")[dynamic: "commercialId"] == "beto")
                    for event in await events.passed {
                        #expect(!event.payload.description.contains("ana"), "\(event.name)")
                    }
                }
            }
        }
    }

    /// Who has a chat vanishes: somebody else gets it, and the visitor is told.
    @Test func whoVanishesWithAChatIsReplaced() async throws {
        try await SocketHouse.with(configure: { $0.presence.grace = .milliseconds(300) }) { house in
            try await Self.visitor(house) { visitor, events in
                var chat = JSONValue.null
                try await Self.staff(house, .commercial, "ana") { ana, _ in
                    chat = try await Self.say("hola", visitor)
                    #expect(try await events.next("chat:assigned")[dynamic: "commercialId"] == "ana")
                    _ = try await ana.request("message:send", ["chatId": chat, "content": "¡Hola!"])
                }
                // Her socket is gone; nobody said goodbye.
                try await Self.staff(house, .commercial, "beto") { beto, _ in
                    #expect(try await events.next("chat:queued")[dynamic: "chatId"] == chat)
                    #expect(try await events.next("chat:assigned")[dynamic: "commercialId"] == "beto")
                    let join = try await beto.request("chat:join", ["chatId": chat, "afterSeq": 0])
                    #expect(join[dynamic: "messages"].array?.count == 2)
                    _ = try await beto.request("message:send", ["chatId": chat, "content": "Soy Beto"])
                    #expect(try await events.first("message:new") { $0[dynamic: "content"] == "Soy Beto" }.isPresent)
                }
            }
        }
    }

    // MARK: No room, nobody there

    /// Everybody is full: the visitor hears their place, keeps it, and moves up when somebody is free.
    @Test func whoWaitsForAFreePlaceIsTold() async throws {
        try await SocketHouse.with(configure: { $0.routing.defaultCapacity = 1 }) { house in
            try await Self.staff(house, .commercial, "ana") { ana, _ in
                try await Self.visitor(house) { first, firstEvents in
                    let busy = try await Self.say("hola", first)
                    _ = try await firstEvents.next("chat:assigned")
                    try await Self.visitor(house) { second, secondEvents in
                        let next = try await Self.say("hola", second)
                        let place = try await secondEvents.next("chat:queued")
                        #expect(place[dynamic: "position"] == 1)
                        #expect((place[dynamic: "etaSec"].int ?? 0) > 0)
                        #expect(place[dynamic: "p90Sec"].int ?? 0 >= place[dynamic: "etaSec"].int ?? 0)
                        try await Self.visitor(house) { third, thirdEvents in
                            _ = try await Self.say("hola", third)
                            #expect(try await thirdEvents.next("chat:queued")[dynamic: "position"] == 2)
                            #expect(try await ana.request("chat:close", ["chatId": busy]).isOK)
                            #expect(try await secondEvents.next("chat:assigned")[dynamic: "chatId"] == next)
                            #expect(try await thirdEvents.next("chat:queued")[dynamic: "position"] == 1)
                            #expect(await !thirdEvents.passed.contains { $0.name == "chat:assigned" })
                        }
                    }
                }
            }
        }
    }

    /// Out of hours: the visitor may leave word and hears when somebody comes; nobody who is there is bothered.
    @Test func outOfHoursAVisitorLeavesWord() async throws {
        try await SocketHouse.with { house in
            let days = try await house.daysFromYesterday(4)
            try await house.apply(
                """
                queues:
                  - name: default
                    hours: {timezone: UTC, weekly: {mon-sun: ["00:00-24:00"]}, holidays: [\(days)]}
                """)
            try await Self.staff(house, .commercial, "ana") { ana, anaEvents in
                try await Self.visitor(house) { visitor, _ in
                    let ack = try await visitor.request("chat:create", ["firstMessage": "¿Están ahí?"])
                    #expect(ack[dynamic: "status"] == "offline")
                    #expect(ack[dynamic: "nextOpenAt"].string != nil)
                    #expect(try await visitor.request("message:send", ["content": "Volveré mañana"]).isOK)
                    _ = try await ana.request("ping", ["timestamp": 1])
                    _ = try await anaEvents.next("pong")
                    let told = await anaEvents.passed.map(\.name)
                    #expect(!told.contains("chat:offer") && !told.contains("chat:assigned"))
                }
            }
        }
    }

    /// Two queues: each visitor gets somebody of the one that they chose; and where it is closed and overflows, somebody
    /// of the other.
    @Test(arguments: [false, true])
    func twoQueues(isClosed: Bool) async throws {
        try await SocketHouse.with { house in
            let days = isClosed ? try await house.daysFromYesterday(4) : ""
            try await house.apply(
                """
                queues:
                  - {name: ventas}
                  - name: soporte
                    hours: {timezone: UTC, weekly: {mon-sun: ["00:00-24:00"]}, holidays: [\(days)]}
                    overflow: [{after: 10m, queues: [ventas]}]
                commercials:
                  - {id: vera, queues: {ventas: 1}}
                  - {id: sol, queues: {soporte: 1}}
                """)
            try await Self.staff(house, .commercial, "vera") { _, _ in
                try await Self.staff(house, .commercial, "sol") { _, _ in
                    for (department, owner) in [("ventas", "vera"), ("soporte", isClosed ? "vera" : "sol")] {
                        try await Self.visitor(house) { visitor, events in
                            _ = try await visitor.request(
                                "chat:create", ["department": .string(department), "firstMessage": "hola"])
                            #expect(
                                try await events.next("chat:assigned")[dynamic: "commercialId"] == .string(owner))
                        }
                    }
                }
            }
        }
    }

    /// Each visitor gets whoever speaks their language: by what their browser says, or by what they say themselves.
    @Test func everybodyIsUnderstood() async throws {
        try await SocketHouse.with { house in
            try await house.apply(
                """
                queues: [{name: default, languages: [es, en]}]
                commercials: [{id: ana, cap: 9, languages: [es]}, {id: bill, cap: 9, languages: [en]}]
                """)
            try await Self.staff(house, .commercial, "ana") { _, _ in
                try await Self.staff(house, .commercial, "bill") { _, _ in
                    // Two each, so that whoever is less busy is not who is meant by chance.
                    for (locale, text, owner) in [
                        ("es-MX", "ok", "ana"), ("es", "hola", "ana"), ("en-GB", "ok", "bill"), ("en", "hi", "bill"),
                        ("en-US", "¿Cuándo llega el pedido que hice con la tarjeta de mi madre?", "ana"),
                        (nil, "When will the order arrive that I made with my card?", "bill"),
                    ] as [(String?, String, JSONValue)] {
                        try await Self.visitor(house, locale: locale) { visitor, events in
                            _ = try await Self.say(text, visitor)
                            #expect(try await events.next("chat:assigned")[dynamic: "commercialId"] == owner, "\(text)")
                        }
                    }
                }
            }
        }
    }

    // MARK: Passed on

    /// Ana has a visitor's chat; Beto is there too.
    private static func withTwo(
        _ body: (
            _ house: SocketHouse, _ ana: (Client, Listener), _ beto: (Client, Listener),
            _ visitor: (Client, Listener), _ chat: JSONValue
        ) async throws -> Void
    ) async throws {
        try await SocketHouse.with(configure: { $0.routing.defaultCapacity = 1 }) { house in
            try await Self.staff(house, .commercial, "ana") { ana, anaEvents in
                try await Self.visitor(house) { visitor, events in
                    let chat = try await Self.say("hola", visitor)
                    #expect(try await events.next("chat:assigned")[dynamic: "commercialId"] == "ana")
                    try await Self.staff(house, .commercial, "beto") { beto, betoEvents in
                        try await body(house, (ana, anaEvents), (beto, betoEvents), (visitor, events), chat)
                    }
                }
            }
        }
    }

    @Test func whoIsFullIsNotGivenAChatByATransfer() async throws {
        try await Self.withTwo { house, ana, beto, visitor, chat in
            try await Self.visitor(house) { other, otherEvents in
                _ = try await Self.say("hola", other)
                #expect(try await otherEvents.next("chat:assigned")[dynamic: "commercialId"] == "beto")
                for mode in ["cold", "warm"] {
                    let ack = try await ana.0.request(
                        "chat:transfer", ["chatId": chat, "to": ["commercialId": "beto"], "mode": .string(mode)])
                    #expect(ack.errorCode == "capacity_full")
                }
                // It is still hers, and the visitor heard nothing of it.
                #expect(try await ana.0.request("message:send", ["chatId": chat, "content": "Sigo yo"]).isOK)
                #expect(try await visitor.1.names(until: "message:new").allSatisfy { $0 != "chat:assigned" })
            }
        }
    }

    @Test func aWarmTransferLeavesNobodyAlone() async throws {
        try await Self.withTwo { _, ana, beto, visitor, chat in
            let ack = try await ana.0.request(
                "chat:transfer",
                ["chatId": chat, "to": ["commercialId": "beto"], "mode": "warm", "summary": "RESUMEN"])
            #expect(ack[dynamic: "status"] == "offered")
            let offer = try await beto.1.next("chat:offer")
            #expect(offer[dynamic: "mode"] == "warm" && offer[dynamic: "summary"] == "RESUMEN")
            // It is Ana's until Beto accepts.
            let early = try await beto.0.request("message:send", ["chatId": chat, "content": "Soy Beto"])
            #expect(early.errorCode == "not_owner")
            #expect(try await ana.0.request("message:send", ["chatId": chat, "content": "Le paso con Beto"]).isOK)
            #expect(
                try await beto.0.request("chat:accept", ["assignmentId": offer[dynamic: "assignmentId"]])[
                    dynamic: "status"] == "active")
            #expect(try await visitor.1.next("chat:assigned")[dynamic: "commercialId"] == "beto")
            #expect(try await beto.0.request("message:send", ["chatId": chat, "content": "Soy Beto"]).isOK)
            // Both are in the room, one of them answers.
            #expect(try await visitor.0.request("message:send", ["content": "Gracias"]).isOK)
            for listener in [ana.1, beto.1] {
                #expect(try await listener.first("message:new") { $0[dynamic: "content"] == "Gracias" }.isPresent)
            }
            let late = try await ana.0.request("message:send", ["chatId": chat, "content": "¿Y yo?"])
            #expect(late.errorCode == "not_owner")
            for event in await visitor.1.passed {
                #expect(!event.payload.description.contains("RESUMEN"), "\(event.name)")
            }
        }
    }

    // MARK: Whispers

    /// Live, in an answer, in history, on a second socket, and when it comes back: a whisper is nowhere.
    @Test func aWhisperReachesTheVisitorNoWay() async throws {
        try await SocketHouse.with { house in
            try await Self.staff(house, .commercial, "ana") { ana, anaEvents in
                try await Self.staff(house, .supervisor, "boss") { boss, _ in
                    let token = try await house.token(.visitor, "vera")
                    try await house.client.withConnection(auth: ["token": token]) { visitor in
                        let events = Listener(visitor)
                        let chat = try await Self.say("hola", visitor)
                        _ = try await events.next("chat:assigned")
                        try await house.client.withConnection(auth: ["token": token]) { twin in
                            let twinEvents = Listener(twin)
                            _ = try await twin.request("chat:join", ["chatId": chat])
                            let ack = try await boss.request(
                                "agent:whisper", ["chatId": chat, "content": "SUSURRO"])
                            let whisper = try await anaEvents.first("message:new") {
                                $0[dynamic: "type"] == "whisper"
                            }
                            #expect(whisper[dynamic: "content"] == "SUSURRO" && ack.isOK)
                            // Neither may it be answered, read or edited by somebody who only guesses its id.
                            let reply = try await visitor.request(
                                "message:send",
                                ["chatId": chat, "content": "¿?", "replyTo": whisper[dynamic: "messageId"]])
                            #expect(!reply.isOK)
                            #expect(try await ana.request("message:send", ["chatId": chat, "content": "FIN"]).isOK)
                            for listener in [events, twinEvents] {
                                _ = try await listener.first("message:new") { $0[dynamic: "content"] == "FIN" }
                                for event in await listener.passed {
                                    #expect(!event.payload.description.contains("SUSURRO"), "\(event.name)")
                                    #expect(!event.payload.description.contains("oteSeq"), "\(event.name)")
                                }
                            }
                            #expect(!reply.description.contains("SUSURRO"))
                        }
                        // Later, on a new socket, by every event that reads.
                        try await house.client.withConnection(auth: ["token": token]) { again in
                            let againEvents = Listener(again)
                            for (event, payload) in [
                                ("chat:join", ["chatId": chat, "afterSeq": 0]), ("chat:history", ["chatId": chat]),
                                ("chat:list", [:]),
                            ] as [(String, JSONValue)] {
                                let body = try await again.request(event, payload)
                                #expect(!body.description.contains("SUSURRO"), "\(event)")
                                #expect(!body.description.contains("oteSeq"), "\(event)")
                            }
                            _ = try await again.request("ping", ["timestamp": 1])
                            _ = try await againEvents.next("pong")
                            for event in await againEvents.passed {
                                #expect(!event.payload.description.contains("SUSURRO"), "\(event.name)")
                            }
                        }
                    }
                }
            }
        }
    }
}

extension JSONValue {
    /// Whether there is anything.
    fileprivate var isPresent: Bool { self != .null }
}
