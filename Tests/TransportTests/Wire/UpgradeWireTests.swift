import EngineIO
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    /// Section 6 of the wire contract: from polling to WebSocket. The loops of both connections are often different.
    @Suite struct UpgradeWireTests {
        private func polling(_ sid: String) -> String { TestServer.polling + "&sid=\(sid)" }
        private func webSocket(_ sid: String) -> String { TestServer.webSocket + "&sid=\(sid)" }

        private func isAlive(_ server: TestServer, _ sid: String) async throws -> Bool {
            let client = try await server.client()
            guard try await client.post(polling(sid), "4alive").text == "ok" else { return false }
            return try await client.get(polling(sid)).text == "4alive"
        }

        /// Several times, so that same-loop and other-loop candidates both occur.
        @Test func aSessionMovesToAWebSocket() async throws {
            try await TestServer.run { server in
                for _ in 0..<6 {
                    let (sid, poller) = try await server.poll()
                    let socket = try await server.client()
                    #expect(try await socket.upgrade(webSocket(sid)).status == 101)
                    try await poller.send(RawClient.request("GET", polling(sid)))
                    try await socket.send(.text("2probe"))
                    #expect(try await socket.frame() == .text("3probe"))
                    #expect(try await poller.reply().text == "6")
                    // Until the upgrade is complete, polls are answered at once and messages use them.
                    #expect(try await poller.get(polling(sid)).text == "6")
                    #expect(try await poller.post(polling(sid), "4by polling").text == "ok")
                    #expect(try await poller.get(polling(sid)).text == "4by polling")
                    try await socket.send(.text("5"))
                    try await socket.send(.text("4by socket"))
                    #expect(try await socket.frame() == .text("4by socket"))
                    for reply in [try await poller.get(polling(sid)), try await poller.post(polling(sid), "4x")] {
                        #expect(reply.status == 400)
                        #expect(reply.text.contains("\"code\":3"))
                    }
                    let connection = try #require(server.engine.connection(sid))
                    #expect(try await connection.eventLoop.submit { connection.transport }.get() == .webSocket)
                    // U07: another one is let in and closed; the session does not notice.
                    let another = try await server.client()
                    #expect(try await another.upgrade(webSocket(sid)).status == 101)
                    #expect(try await another.frame() == .close())
                    try await socket.send(.text("4still here"))
                    #expect(try await socket.frame() == .text("4still here"))
                }
                #expect(await server.server.metrics().upgrades == 6)
            }
        }

        @Test func onTheConnectionThatPolled() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                #expect(try await client.upgrade(webSocket(sid)).status == 101)
                try await client.send(.text("2probe"))
                #expect(try await client.frame() == .text("3probe"))
                try await client.send(.text("5"))
                try await client.send(.text("4x"))
                #expect(try await client.frame() == .text("4x"))
            }
        }

        /// U02, VA1: the polling session survives every false revision.
        @Test func theRevisionCannotBeChanged() async throws {
            try await TestServer.run { server in
                let (sid, _) = try await server.poll()
                for query in ["", "EIO=3&", "EIO=&", "EIO=4&EIO=3&"] {
                    let client = try await server.client()
                    let reply = try await client.upgrade("/engine.io/?\(query)transport=websocket&sid=\(sid)")
                    #expect(reply.status == 400)
                    #expect(reply.text == "Bad request")
                }
                #expect(try await isAlive(server, sid))
            }
        }

        /// U04, U05, and frames that break the protocol below.
        @Test(arguments: [
            Frame.text("5"), .text("2probe "), .text("2PROBE"), .text("2"), .text("3probe"), .text("4x"), .text("7"),
            .text(""), .binary([1]), Frame(first: 0xF1, payload: []), .close(),
        ])
        func aCandidateThatBreaksTheRulesIsClosed(frame: Frame) async throws {
            try await TestServer.run { server in
                let (sid, _) = try await server.poll()
                let socket = try await server.client()
                #expect(try await socket.upgrade(webSocket(sid)).status == 101)
                try await socket.send(frame)
                #expect(try await socket.frame().opcode == 0x8)
                #expect(try await isAlive(server, sid))
                // And another candidate may try.
                let second = try await server.client()
                #expect(try await second.upgrade(webSocket(sid)).status == 101)
                try await second.send(.text("2probe"))
                #expect(try await second.frame() == .text("3probe"))
            }
        }

        /// U03.
        @Test func aCandidateThatDawdlesIsClosed() async throws {
            try await TestServer.run(EngineConfiguration(upgradeTimeout: .milliseconds(200))) { server in
                let (sid, _) = try await server.poll()
                let socket = try await server.client()
                #expect(try await socket.upgrade(webSocket(sid)).status == 101)
                #expect(try await socket.frame() == .close())
                #expect(try await isAlive(server, sid))
            }
        }

        /// U06.
        @Test func ofTwoCandidatesTheFirstWins() async throws {
            try await TestServer.run { server in
                let (sid, _) = try await server.poll()
                let first = try await server.client()
                #expect(try await first.upgrade(webSocket(sid)).status == 101)
                try await first.send(.text("2probe"))
                #expect(try await first.frame() == .text("3probe"))
                let second = try await server.client()
                #expect(try await second.upgrade(webSocket(sid)).status == 101)
                #expect(try await second.frame() == .close())
                try await first.send(.text("5"))
                try await first.send(.text("4x"))
                #expect(try await first.frame() == .text("4x"))
            }
        }

        /// U08: what a POST brings comes before what the socket brings.
        @Test func anUpgradeWaitsForThePostUnderWay() async throws {
            try await TestServer.run { server in
                let (sid, poster) = try await server.poll()
                let socket = try await server.client()
                #expect(try await socket.upgrade(webSocket(sid)).status == 101)
                try await socket.send(.text("2probe"))
                #expect(try await socket.frame() == .text("3probe"))
                try await poster.send(RawClient.request("POST", polling(sid), headers: ["Content-Length: 6"]) + "4fi")
                for _ in 0..<3 { _ = try await server.client().get("/settle") }
                try await socket.send(.text("5"))
                try await socket.send(.text("4second"))
                for _ in 0..<3 { _ = try await server.client().get("/settle") }
                #expect(server.engine.events == [.opened(sid)])
                try await poster.send("rst")
                #expect(try await poster.reply().text == "ok")
                #expect(try await socket.frame() == .text("4first"))
                #expect(try await socket.frame() == .text("4second"))
                #expect(server.engine.events == [.opened(sid), .text("first"), .text("second")])
            }
        }

        /// U09: a thousand messages over the switch, none lost, doubled or moved.
        @Test func nothingIsLostDuringTheSwitch() async throws {
            try await TestServer.run { server in
                let (sid, poller) = try await server.poll()
                let connection = try #require(server.engine.connection(sid))
                let socket = try await server.client()
                #expect(try await socket.upgrade(webSocket(sid)).status == 101)
                try await connection.eventLoop.submit {
                    for number in 0..<500 { connection.send(.text(ByteBuffer(string: "\(number)"))) }
                }.get()
                var received: [Substring] = []
                received += try await poller.get(polling(sid)).text.split(separator: "\u{1E}")
                try await socket.send(.text("2probe"))
                #expect(try await socket.frame() == .text("3probe"))
                received += try await poller.get(polling(sid)).text.split(separator: "\u{1E}")
                try await socket.send(.text("5"))
                try await connection.eventLoop.submit {
                    for number in 500..<1000 { connection.send(.text(ByteBuffer(string: "\(number)"))) }
                }.get()
                while received.count < 1000 { received.append(try await socket.frame().text[...]) }
                #expect(received.map { String($0.dropFirst()) } == (0..<1000).map(String.init))
            }
        }

        @Test func theCandidateGoesWithTheSession() async throws {
            try await TestServer.run { server in
                let (sid, poller) = try await server.poll()
                let socket = try await server.client()
                #expect(try await socket.upgrade(webSocket(sid)).status == 101)
                #expect(try await poller.post(polling(sid), "1").text == "ok")
                #expect(try await socket.frame() == .close())
                try await server.engine.wait(closed: sid, .transportClose)
            }
        }

        @Test func pollingAsTheTransportOfAnUpgradeIsClosed() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                #expect(try await client.upgrade(TestServer.polling).status == 101)
                #expect(try await client.frame() == .close())
                #expect(server.server.sessionCount == 0)
            }
        }
    }
}
