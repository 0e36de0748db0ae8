import EngineIO
import NIOCore
import Synchronization
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

        /// Whoever was counted in is counted out: as a session, or as a handshake that nobody waited for.
        @Test func whoLeavesWithTheirHandshakeIsCountedOut() async throws {
            try await TestServer.run { server in
                let count = 60
                for number in 0..<count {
                    let client = try await server.client()
                    try await client.send(RawClient.upgradeRequest(TestServer.webSocket))
                    // Sometimes the end comes in the same moment, sometimes a little later.
                    if number % 3 == 0 { try await client.closeOutput() }
                    if number % 3 == 1 { try await client.reset() }
                    await client.close()
                }
                let deadline = NIODeadline.now() + .seconds(30)
                while true {
                    let (admitted, abandoned) = server.engine.state.withLock { ($0.handshakes.count, $0.abandoned) }
                    let (opened, closed) = server.engine.events.reduce(into: (0, 0)) { sums, event in
                        if case .opened = event { sums.0 += 1 }
                        if case .closed = event { sums.1 += 1 }
                    }
                    if await server.server.metrics().connectionsOpen == 0, admitted == opened + abandoned,
                        opened == closed
                    {
                        break
                    }
                    try #require(
                        NIODeadline.now() < deadline, "\(admitted) = \(opened) + \(abandoned), \(closed) closed")
                    try await Task.sleep(for: .milliseconds(10))
                }
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
