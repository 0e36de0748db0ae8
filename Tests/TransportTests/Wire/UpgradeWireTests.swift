import EngineIO
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    /// Section 6 of the wire contract: from polling to WebSocket. The loops of both connections are often different.
    @Suite struct UpgradeWireTests {
        private func polling(_ sid: String) -> String { TestServer.polling + "&sid=\(sid)" }
        private func webSocket(_ sid: String) -> String { TestServer.webSocket + "&sid=\(sid)" }

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

        /// The client has stopped polling and counts on its WebSocket: there it gets what waits, and the end.
        @Test func aSessionThatClosesMeanwhileSaysSoOnTheWebSocket() async throws {
            try await TestServer.run { server in
                for _ in 0..<4 {
                    let (sid, poller) = try await server.poll()
                    let socket = try await server.client()
                    #expect(try await socket.upgrade(webSocket(sid)).status == 101)
                    try await socket.send(.text("2probe"))
                    #expect(try await socket.frame() == .text("3probe"))
                    #expect(try await poller.post(polling(sid), "4last\u{1E}4close").text == "ok")
                    try await server.engine.wait(closed: sid, .forcedClose)
                    try await socket.send(.text("5"))
                    #expect(try await socket.frame() == .text("4last"))
                    #expect(try await socket.frame() == .close())
                    #expect(try await poller.get(polling(sid)).text.contains("\"code\":1"))
                }
                let metrics = await server.server.metrics()
                #expect(metrics.sessionsOpen == 0)
                #expect(metrics.sessionsPolling == 0)
            }
        }

        /// The same for a client that polls on: it hears the end there, and the WebSocket is closed.
        @Test func orOnThePollIfTheClientPollsOn() async throws {
            try await TestServer.run { server in
                let (sid, poller) = try await server.poll()
                let socket = try await server.client()
                #expect(try await socket.upgrade(webSocket(sid)).status == 101)
                try await socket.send(.text("2probe"))
                #expect(try await socket.frame() == .text("3probe"))
                #expect(try await poller.post(polling(sid), "4last\u{1E}4close").text == "ok")
                #expect(try await poller.get(polling(sid)).text == "4last")
                #expect(try await poller.get(polling(sid)).text == "1")
                #expect(try await socket.frame() == .close())
                #expect(try await poller.get(polling(sid)).text.contains("\"code\":1"))
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
