import EngineIO
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    /// The rows of HTTP itself: limits, smuggling, deadlines, keep-alive, the fallback.
    @Suite struct HTTPWireTests {
        @Test func theFallbackAnswersTheRest() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                #expect(try await client.get("/a?b=c").text == "GET /a?b=c ")
                #expect(try await client.post("/x", "body").text == "POST /x body")
                let streamed = try await client.get("/stream")
                #expect(streamed.text == "onetwothree")
                #expect(streamed["transfer-encoding"] == "chunked")
                #expect(try await client.get("/again").text == "GET /again ")
                try await client.send(RawClient.request("GET", "/broken"))
                #expect(await client.isClosedByServer())
                await #expect(throws: RawClient.TimedOut.self) { try await client.reply(within: .milliseconds(50)) }
            }
        }

        @Test func aHeadRequestHasNoBody() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                try await client.send(RawClient.request("HEAD", "/x") + RawClient.request("GET", "/y"))
                let text = try await client.receive { bytes -> String? in
                    let text = String(buffer: bytes)
                    return text.hasSuffix("GET /y ") ? text : nil
                }
                #expect(text.components(of: "HTTP/1.1 200 OK") == 2)
                #expect(!text.contains("HEAD /x "))
            }
        }

        /// After an Upgrade header the decoder parses nothing more: the connection must end.
        @Test func anUpgradeThatIsNotAcceptedEndsTheConnection() async throws {
            try await TestServer.run { server in
                let headers = ["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABk"]
                let client = try await server.client()
                try await client.send(
                    RawClient.request("GET", "/healthz", headers: headers) + RawClient.request("GET", "/second"))
                let reply = try await client.reply()
                #expect(reply.text == "GET /healthz ")
                #expect(reply["connection"] == "close")
                #expect(await client.isClosedByServer())
            }
        }

        @Test func aClientThatWaitsIsToldToContinue() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                try await client.send(
                    RawClient.request("POST", "/x", headers: ["Content-Length: 4", "Expect: 100-continue"]))
                #expect(try await client.reply().status == 100)
                try await client.send("body")
                #expect(try await client.reply().text == "POST /x body")
            }
        }

        @Test func anIdleConnectionIsClosed() async throws {
            try await TestServer.run(configure: { $0.idleTimeout = .milliseconds(300) }) { server in
                let client = try await server.client()
                #expect(try await client.get("/x").status == 200)
                #expect(await client.isClosedByServer())
            }
        }

        @Test func acceptingPausesAtTheReserve() async throws {
            try await TestServer.run(budget: FileDescriptorBudget(limit: 4)) { server in
                var clients: [RawClient] = []
                for _ in 0..<3 {
                    let client = try await server.client()
                    #expect(try await client.get("/x").status == 200)
                    clients.append(client)
                }
                let late = try await server.client()
                try await late.send(RawClient.request("GET", "/late"))
                await #expect(throws: RawClient.TimedOut.self) { try await late.reply(within: .milliseconds(300)) }
                await clients[0].close()
                #expect(try await late.reply().text == "GET /late ")
            }
        }

        @Test func aShutdownLetsGoInOrder() async throws {
            try await TestServer.run { server in
                let (socketID, socket) = try await server.webSocket()
                let (pollID, poller) = try await server.poll()
                try await poller.send(RawClient.request("GET", TestServer.polling + "&sid=\(pollID)"))
                await server.settle()
                server.server.beginDraining()
                let refused = try await server.client()
                let reply = try await refused.get(TestServer.polling)
                #expect(reply.status == 503)
                #expect(reply["retry-after"] != nil)
                await server.server.closeSessions()
                #expect(try await socket.frame() == .close())
                #expect(try await poller.reply().text == "1")
                try await server.engine.wait(closed: socketID, .serverShuttingDown)
                try await server.engine.wait(closed: pollID, .serverShuttingDown)
                try await server.server.shutdown(deadline: .milliseconds(100))
                let metrics = await server.server.metrics()
                #expect(metrics.sessionsOpen == 0)
                #expect(metrics.sessionsPolling == 0)
            }
        }
    }
}

extension String {
    /// How often `part` occurs.
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
