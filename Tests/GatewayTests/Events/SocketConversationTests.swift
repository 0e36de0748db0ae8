import Assignment
import SocketClient
import SocketIO
import Testing

@testable import Gateway

/// The main flows over real sockets, through the assembled gateway: what the tests in memory cannot see.
@Suite struct SocketConversationTests {
    @Test func visitorBotAndCommercial() async throws {
        try await SocketHouse.with { house in
            try await house.client.withConnection(auth: ["token": .string(house.apiKey)]) { bot in
                let botEvents = Listener(bot)
                #expect(try await botEvents.next("session")[dynamic: "subject"] == "bot")
                try await house.client.withConnection(auth: ["token": try await house.token(.commercial, "ana")]) {
                    ana in
                    let anaEvents = Listener(ana)
                    _ = try await anaEvents.next("session")
                    var visitorToken = ""
                    var chat = ""
                    try await house.client.withConnection(auth: ["key": .string(house.widgetKey)]) { visitor in
                        let events = Listener(visitor)
                        visitorToken = try #require(try await events.next("session")[dynamic: "token"].string)
                        let ack = try await visitor.request("message:send", ["content": "hola", "clientMsgId": "m1"])
                        #expect(ack[dynamic: "seq"] == 1)
                        chat = try #require(ack[dynamic: "chatId"].string)

                        #expect(try await botEvents.next("message:new")[dynamic: "content"] == "hola")
                        let answer = try await bot.request(
                            "message:send", ["chatId": .string(chat), "content": "Soy un bot", "inReplyToSeq": 1])
                        #expect(answer[dynamic: "seq"] == 2)
                        #expect(try await events.next("message:new")[dynamic: "seq"] == 2)

                        _ = try await visitor.request("message:send", ["content": "Quiero hablar con una persona"])
                        #expect(try await events.next("chat:assigned")[dynamic: "commercialName"] == "Ana")
                        let human = try await ana.request(
                            "message:send", ["chatId": .string(chat), "content": "Soy Ana"])
                        #expect(human[dynamic: "seq"] == 4)
                        #expect(try await events.next("message:new")[dynamic: "seq"] == 4)
                        let late = try await bot.request("message:send", ["chatId": .string(chat), "content": "yo"])
                        #expect(late.errorCode == "not_owner")
                    }
                    // The connection is lost; meanwhile Ana writes on.
                    _ = try await ana.request("message:send", ["chatId": .string(chat), "content": "¿Sigue ahí?"])
                    try await house.client.withConnection(auth: ["token": .string(visitorToken)]) { visitor in
                        let events = Listener(visitor)
                        let session = try await events.next("session")
                        #expect(session[dynamic: "chats"].array?.first?[dynamic: "chatId"] == .string(chat))
                        let join = try await visitor.request("chat:join", ["chatId": .string(chat), "afterSeq": 4])
                        #expect(join[dynamic: "messages"].array?.map { $0[dynamic: "seq"] } == [5])
                        let again = try await visitor.request("message:send", ["content": "hola", "clientMsgId": "m1"])
                        #expect(again[dynamic: "duplicate"] == true)
                        _ = try await ana.request("chat:close", ["chatId": .string(chat)])
                        #expect(try await events.next("chat:closed")[dynamic: "reason"] == "resolved")
                    }
                }
            }
        }
    }

    @Test func pipelinedMessagesKeepTheirOrder() async throws {
        try await SocketHouse.with { house in
            try await house.client.withConnection(auth: ["key": .string(house.widgetKey)]) { visitor in
                for index in 0..<30 { try await visitor.emit("message:send", ["content": .string("\(index)")]) }
                let last = try await visitor.request("message:send", ["content": "30"])
                #expect(last[dynamic: "seq"] == 31)
                let chat = try #require(last[dynamic: "chatId"].string)
                let join = try await visitor.request("chat:join", ["chatId": .string(chat)])
                #expect(
                    join[dynamic: "messages"].array?.compactMap { $0[dynamic: "content"].string }
                        == (0...30).map(String.init))
            }
        }
    }

    @Test func aLargeEventIsRefusedAndTheConnectionLives() async throws {
        try await SocketHouse.with { house in
            try await house.client.withConnection(auth: ["key": .string(house.widgetKey)]) { visitor in
                let big = try await visitor.request(
                    "message:send", ["content": .string(String(repeating: "x", count: 40_000))])
                #expect(big.errorCode == "too_large")
                #expect(try await visitor.request("ping", ["timestamp": 1]).isOK)
            }
        }
    }

    @Test func nobodyComesInWithoutACredential() async throws {
        try await SocketHouse.with { house in
            for auth in [[:], ["token": "nonsense"], ["key": "puente_wk_nonsense"], ["token": 7]] as [JSONObject] {
                await #expect(throws: SocketClientError.self) {
                    try await house.client.withConnection(auth: auth) { _ in }
                }
            }
        }
    }

    /// Stored until it is acknowledged: who was away gets it when they come, and not again.
    @Test func aNotificationWaitsForItsReader() async throws {
        try await SocketHouse.with { house in
            let boss: JSONObject = ["token": try await house.token(.supervisor, "boss")]
            try await house.client.withConnection(auth: ["token": .string(house.apiKey)]) { bot in
                let sent = try await bot.request(
                    "notification:send",
                    ["type": "sentiment_alert", "target": "supervisors", "severity": "high", "data": ["score": -0.9]])
                #expect(sent[dynamic: "recipients"] == 0)
                let id = sent[dynamic: "notificationId"]
                for _ in 1...2 {
                    // Seen and not acknowledged, it comes again.
                    try await house.client.withConnection(auth: boss) { connection in
                        let told = try await Listener(connection).next("notification")
                        #expect(told[dynamic: "notificationId"] == id)
                        #expect(told[dynamic: "type"] == "sentiment_alert" && told[dynamic: "severity"] == "high")
                        #expect(told[dynamic: "data"][dynamic: "score"] == -0.9)
                    }
                }
                try await house.client.withConnection(auth: boss) { connection in
                    _ = try await Listener(connection).next("notification")
                    #expect(try await connection.request("notification:ack", ["notificationId": id]) == ["ok": true])
                    // A second time is no error.
                    #expect(try await connection.request("notification:ack", ["notificationId": id]) == ["ok": true])
                }
                try await house.client.withConnection(auth: boss) { connection in
                    _ = try await connection.request("ping", ["timestamp": 1])
                    let told = try await Listener(connection).names(until: "pong")
                    #expect(told.first == "session" && !told.contains("notification"), "\(told)")
                }
                // Every reader acknowledges for themselves.
                let chief: JSONObject = ["token": try await house.token(.supervisor, "chief")]
                try await house.client.withConnection(auth: chief) { connection in
                    let told = try await Listener(connection).next("notification")
                    #expect(told[dynamic: "notificationId"] == id)
                }
            }
        }
    }

    @Test func aLostConnectionEndsTyping() async throws {
        try await SocketHouse.with { house in
            try await house.client.withConnection(auth: ["key": .string(house.widgetKey)]) { visitor in
                let events = Listener(visitor)
                let ack = try await visitor.request("message:send", ["content": "hola"])
                let chat = ack[dynamic: "chatId"]
                try await house.client.withConnection(auth: ["token": try await house.token(.commercial, "ana")]) {
                    ana in
                    let taken = try await ana.request("message:send", ["chatId": chat, "content": "Soy Ana"])
                    #expect(taken.isOK, "\(taken)")
                    #expect(try await ana.request("typing:start", ["chatId": chat]).isOK)
                    #expect(try await events.next("typing:start")[dynamic: "actor"][dynamic: "id"] == "ana")
                }
                let stopped = try await events.next("typing:stop")
                #expect(stopped[dynamic: "actor"][dynamic: "id"] == "ana" && stopped[dynamic: "chatId"] == chat)
            }
        }
    }
}
