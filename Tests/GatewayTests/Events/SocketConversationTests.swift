import Assignment
import EngineIO
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SocketClient
import SocketIO
import SocketServer
import Storage
import StorageTestSupport
import Testing
import Transport

@testable import Gateway

/// The main flows over real sockets, through the assembled gateway: what the tests in memory cannot see.
@Suite struct SocketConversationTests {
    @Test func visitorBotAndCommercial() async throws {
        try await SocketHouse.with { house in
            try await house.client.withConnection(auth: ["token": .string(house.apiKey)]) { bot in
                let botEvents = Listener(bot)
                #expect(try await botEvents.next("session")[dynamic: "subject"] == "bot")
                try await house.client.withConnection(auth: ["token": .string(house.ana)]) { ana in
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
}

/// The events of one connection, looked for by name.
private actor Listener {
    private var iterator: AsyncStream<ReceivedEvent>.Iterator

    init(_ connection: SocketClientConnection) {
        self.iterator = connection.events.makeAsyncIterator()
    }

    /// The payload of the next event of that name; others before it are passed over.
    func next(_ name: String) async throws -> JSONValue {
        var iterator = self.iterator
        defer { self.iterator = iterator }
        while let event = await iterator.next(isolation: self) {
            if event.name == name { return event.payload }
        }
        throw TestFailure("the connection ended before \(name)")
    }
}

/// The assembled gateway on a port of its own.
private struct SocketHouse {
    let client: SocketClient
    let widgetKey: String
    let apiKey: String
    /// The token of a commercial called Ana.
    let ana: String

    static func with(_ body: (SocketHouse) async throws -> Void) async throws {
        try await TestDatabase.with(configure: { $0.size = 6 }) { test in
            let logger = TestDatabase.silence
            let (widgetKey, apiKey) = (KeySecret.generate(.widget), KeySecret.generate(.api))
            try await test.database.transaction(.workspace("default")) { sql in
                try Workspaces.ensure(sql, "default")
                _ = try Keys.createWidgetKey(sql, "default", hash: KeySecret.hash(widgetKey), origins: nil)
                _ = try Keys.createAPIKey(
                    sql, "default", name: "bot", hash: KeySecret.hash(apiKey), scopes: Scope.allCases)
            }
            var configuration = GatewayConfiguration()
            configuration.limits.enabled = false
            let directory = CredentialDirectory(database: test.database, configuredOrigins: [], logger: logger)
            let tokens = await Tokens(key: .generate(), settings: configuration.jwt)
            let sockets = SocketServer(logger: logger)
            let running = SocketSide(
                configuration: configuration, database: test.database,
                authenticator: Authenticator(tokens: tokens, directory: directory),
                node: .init(id: "node", life: "now"), logger: logger
            ).install(on: sockets)
            let transport = TransportServer(
                configuration: TransportConfiguration(host: "127.0.0.1", port: 0),
                endpoints: [EngineEndpoint(handler: sockets)], group: .singleton, logger: logger)
            let address = try await transport.start()
            let ana = try await tokens.mint(
                TokenClaims(subject: "ana", role: .commercial, name: "Ana", expiresAt: 4_000_000_000))
            let house = SocketHouse(
                client: SocketClient(port: try #require(address.port)), widgetKey: widgetKey.reveal(),
                apiKey: apiKey.reveal(), ana: ana.reveal())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in running.lifecycle { group.addTask { try await service.run() } }
                try await body(house)
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .failure(let error) = result, !(error is CancellationError) { throw error }
                }
            }
            try await transport.shutdown(deadline: .seconds(5))
        }
    }
}
