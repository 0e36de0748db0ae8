import Assignment
import SocketClient
import SocketIO
import Testing

@testable import Gateway

/// Supervisors, bots and moods over real sockets, through the assembled gateway.
@Suite struct SocketSupervisionTests {
    @Test func aWhisperIsNothingToTheVisitor() async throws {
        try await SocketHouse.with { house in
            try await house.client.withConnection(auth: ["token": try await house.token(.commercial, "ana")]) { ana in
                let anaEvents = Listener(ana)
                _ = try await anaEvents.next("session")
                let boss = try await house.token(.supervisor, "boss")
                try await house.client.withConnection(auth: ["token": boss]) { boss in
                    let bossEvents = Listener(boss)
                    #expect(try await bossEvents.next("chat:queue_update")[dynamic: "queue"] == "default")
                    try await house.client.withConnection(auth: ["key": .string(house.widgetKey)]) { visitor in
                        let events = Listener(visitor)
                        _ = try await events.next("session")
                        let chat = try #require(
                            try await visitor.request("message:send", ["content": "hola"])[dynamic: "chatId"].string)
                        _ = try await events.next("chat:assigned")
                        let ack = try await boss.request(
                            "agent:whisper", ["chatId": .string(chat), "content": "SUSURRO"])
                        #expect(ack[dynamic: "noteSeq"] == 1)
                        #expect(try await anaEvents.next("message:new")[dynamic: "type"] == "whisper")
                        _ = try await ana.request("message:send", ["chatId": .string(chat), "content": "¡Hola!"])
                        let join = try await visitor.request("chat:join", ["chatId": .string(chat), "afterSeq": 0])
                        let history = try await visitor.request("chat:history", ["chatId": .string(chat)])
                        for body in [join, history] { #expect(!body.description.contains("SUSURRO")) }
                        // Whatever came before her answer has come.
                        #expect(try await events.next("message:new")[dynamic: "content"] == "¡Hola!")
                        for event in await events.passed {
                            #expect(!event.payload.description.contains("SUSURRO"), "\(event.name)")
                            #expect(!event.payload.description.contains("oteSeq"), "\(event.name)")
                        }
                        // The numbers moved with what happened.
                        var numbers = try await bossEvents.next("chat:queue_update")
                        while numbers[dynamic: "active"] != 1 {
                            numbers = try await bossEvents.next("chat:queue_update")
                        }
                        #expect(numbers[dynamic: "people"].array?.first?[dynamic: "load"] == 1)
                    }
                }
            }
        }
    }

    /// Three visitors and one bot: who is angry gets to a person and supervisors hear of it; who has a problem and keeps
    /// calm stays, and so does who says that they need nobody.
    @Test func moodsAndWhatFollowsFromThem() async throws {
        try await SocketHouse.with { house in
            let boss = try await house.token(.supervisor, "boss")
            try await house.client.withConnection(auth: ["token": boss]) { boss in
                let bossEvents = Listener(boss)
                _ = try await bossEvents.next("session")
                try await house.client.withConnection(auth: ["token": .string(house.apiKey)]) { bot in
                    _ = try await Listener(bot).next("session")
                    var statuses: [String] = []
                    var angryChat: JSONValue = .null
                    for words in [
                        ["El pedido no funciona, tengo un problema con la talla", "¿Cómo hago la devolución?"],
                        ["No hace falta que me atienda una persona, gracias", "Solo quiero ver la guía de tallas"],
                        ["Sois unos inútiles, esto es una vergüenza", "Me voy a la competencia, imbéciles"],
                    ] {
                        try await house.client.withConnection(auth: ["key": .string(house.widgetKey)]) { visitor in
                            var chat: JSONValue = .null
                            for word in words {
                                let ack = try await visitor.request("message:send", ["content": .string(word)])
                                chat = ack[dynamic: "chatId"]
                            }
                            let join = try await visitor.request("chat:join", ["chatId": chat])
                            statuses.append(join[dynamic: "chat"][dynamic: "status"].string ?? "")
                            angryChat = chat
                        }
                    }
                    #expect(statuses == ["bot", "bot", "waiting"])
                    let angry = angryChat
                    let mood = try await bossEvents.first("sentiment:updated") { $0[dynamic: "chatId"] == angry }
                    #expect(mood[dynamic: "label"] == "negative")
                    #expect(mood[dynamic: "trend"] == "worse")
                    #expect((mood[dynamic: "score"].double ?? 0) < -0.2)
                    let alert = try await bossEvents.first("notification")
                    #expect(alert[dynamic: "type"] == "sentiment_alert")
                    #expect(alert[dynamic: "chatId"] == angry)
                    // It waits until somebody has seen it.
                    let waiting = try await house.token(.supervisor, "second")
                    for isSeen in [false, true] {
                        try await house.client.withConnection(auth: ["token": waiting]) { second in
                            let events = Listener(second)
                            guard !isSeen else {
                                _ = try await second.request("ping", ["timestamp": 1])
                                _ = try await events.next("pong")
                                #expect(await !events.passed.contains { $0.name == "notification" })
                                return
                            }
                            let stored = try await events.first("notification")
                            #expect(stored[dynamic: "notificationId"] == alert[dynamic: "notificationId"])
                            let ack = try await second.request(
                                "notification:ack", ["notificationId": stored[dynamic: "notificationId"]])
                            #expect(ack.isOK)
                        }
                    }
                }
            }
        }
    }

    /// Two bots and a person: an answer is cut in the middle by a take-over, the chat goes to the other bot and back.
    @Test func takenOverInTheMiddleOfAStream() async throws {
        try await SocketHouse.with { house in
            try await house.client.withConnection(auth: ["token": .string(house.apiKey)]) { bot in
                let botEvents = Listener(bot)
                _ = try await botEvents.next("session")
                try await house.client.withConnection(auth: ["key": .string(house.widgetKey)]) { visitor in
                    let events = Listener(visitor)
                    let hello = try await visitor.request("message:send", ["content": "hola"])
                    let chat = hello[dynamic: "chatId"]
                    #expect(try await botEvents.next("bot:turn")[dynamic: "turnId"] == "1.1")
                    try await house.client.withConnection(auth: ["token": .string(house.secondKey)]) { second in
                        let secondEvents = Listener(second)
                        _ = try await secondEvents.next("session")
                        let boss = try await house.token(.supervisor, "boss")
                        try await house.client.withConnection(auth: ["token": boss]) { boss in
                            for (index, text) in ["Su ", "pedido "].enumerated() {
                                try await bot.emit(
                                    "message:delta",
                                    ["chatId": chat, "streamId": "s", "index": .int(index), "text": .string(text)])
                            }
                            #expect(try await events.next("message:delta")[dynamic: "text"] == "Su ")
                            #expect(try await events.next("message:delta")[dynamic: "index"] == 1)
                            #expect(try await boss.request("supervisor:takeover", ["chatId": chat]).isOK)
                            #expect(try await botEvents.next("message:cancel")[dynamic: "reason"] == "taken_over")
                            let piece = try await bot.request(
                                "message:delta", ["chatId": chat, "streamId": "s", "index": 2, "text": "está"])
                            #expect(piece.errorCode == "bad_state")
                            let word = try await bot.request(
                                "message:send",
                                ["chatId": chat, "content": "Su pedido está", "turnId": "1.1", "streamId": "s"])
                            #expect(word.errorCode == "not_owner")
                            _ = try await events.next("message:failed")
                            _ = try await events.next("chat:assigned")
                            _ = try await boss.request("message:send", ["chatId": chat, "content": "Soy la jefa"])
                            #expect(try await events.next("message:new")[dynamic: "content"] == "Soy la jefa")
                            #expect(await events.passed.count { $0.name == "message:delta" } == 2)

                            let back = try await boss.request(
                                "chat:handback", ["chatId": chat, "botId": "second", "note": "Solo dele la hora."])
                            #expect(back[dynamic: "botId"] == "second")
                            let turn = try await secondEvents.next("bot:turn")
                            #expect(turn[dynamic: "human"] == ["fromSeq": 2, "toSeq": 2])
                            #expect(turn[dynamic: "note"] == "Solo dele la hora.")
                            let answer: JSONValue = [
                                "chatId": chat, "content": "Son las tres", "turnId": turn[dynamic: "turnId"],
                            ]
                            #expect(try await second.request("message:send", answer)[dynamic: "seq"] == 3)
                            #expect(try await second.request("message:send", answer).errorCode == "conflict")
                            #expect(try await events.next("message:new")[dynamic: "content"] == "Son las tres")
                            let over = try await second.request("chat:handback", ["chatId": chat, "botId": "bot"])
                            #expect(over[dynamic: "botId"] == "bot")
                            let next = try await botEvents.next("bot:turn")
                            #expect(next[dynamic: "reason"] == "handed_back")
                            #expect(next[dynamic: "human"] == .null)
                            let late = try await second.request("message:send", ["chatId": chat, "content": "y más"])
                            #expect(late.errorCode == "not_owner")
                        }
                    }
                }
            }
        }
    }
}
