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

        /// H12 to H20: each is refused and the connection closed.
        @Test(arguments: [
            ("GET /" + String(repeating: "a", count: 65_536) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 131_072) + "\r\n\r\n", 431),
            (
                "GET / HTTP/1.1\r\nHost: a\r\n" + (0..<2001).map { "X\($0): y\r\n" }.joined() + "\r\n", 431
            ),
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n", 400),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;"
                    + String(repeating: "x", count: 1_000_000) + "\r\nhello\r\n", 400
            ),
            ("GET / HTTP/1.1\nHost: a\n\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1e3\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc", 415),
            ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}", 400),
            ("SSH-2.0-OpenSSH_9.2\r\n", 400),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ])
        func hostileRequestsAreRefused(request: String, status: Int) async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                async let sent: Void = client.send(request)
                let reply = try await client.reply()
                #expect(reply.status == status, "\(request.prefix(80))")
                #expect(reply["connection"] == "close")
                #expect(await client.isClosedByServer())
                try? await sent
                await client.close()
                let other = try await server.client()
                #expect(try await other.get("/alive").status == 200)
            }
        }

        /// H01.
        @Test func anOldClientIsAnsweredAndTheConnectionEnds() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                let reply = try await client.exchange("GET \(TestServer.polling) HTTP/1.0\r\n\r\n")
                #expect(reply.status == 200)
                #expect(await client.isClosedByServer())
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

        /// H21: answered in order as far as the cap allows, and never out of order.
        @Test(arguments: [10, 500])
        func pipelinedRequestsAreAnsweredInOrder(count: Int) async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                try await client.send((0..<count).map { RawClient.request("GET", "/\($0)") }.joined())
                var answered = 0
                do {
                    while answered < count {
                        #expect(try await client.reply().text == "GET /\(answered) ")
                        answered += 1
                    }
                } catch is RawClient.TimedOut {
                    #expect(count > 16)
                    #expect(await client.isClosedByServer())
                }
                #expect(answered >= 1)
                if count <= 16 { #expect(answered == count) }
            }
        }

        /// H23 and H26.
        @Test(arguments: ["", "GET / HTT"])
        func aHeadThatNeverEndsIsGivenUp(start: String) async throws {
            try await TestServer.run(configure: { $0.headerTimeout = .milliseconds(300) }) { server in
                let client = try await server.client()
                if !start.isEmpty { try await client.send(start) }
                #expect(await client.isClosedByServer())
            }
        }

        /// H24: and the session's POST is not under way for ever.
        @Test func aBodyThatNeverEndsIsGivenUp() async throws {
            try await TestServer.run(configure: { $0.bodyTimeout = .milliseconds(300) }) { server in
                let (sid, client) = try await server.poll()
                let target = TestServer.polling + "&sid=\(sid)"
                try await client.send(RawClient.request("POST", target, headers: ["Content-Length: 1000"]) + "4")
                #expect(try await client.reply().status == 408)
                try await server.engine.wait(closed: sid, .transportError)
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

        /// VA11: refused upgrades whose client resets at once leave nothing behind.
        @Test func resetsLeakNothing() async throws {
            try await TestServer.run { server in
                for _ in 0..<100 {
                    let client = try await server.client()
                    try await client.send(RawClient.upgradeRequest("/engine.io/?EIO=4&transport=tobi"))
                    try await client.reset()
                }
                let deadline = NIODeadline.now() + .seconds(10)
                while await server.server.metrics().connectionsOpen > 0, NIODeadline.now() < deadline {
                    try await Task.sleep(for: .milliseconds(10))
                }
                let metrics = await server.server.metrics()
                #expect(metrics.connectionsOpen == 0)
                #expect(metrics.timers == 0)
            }
        }

        @Test func aShutdownLetsGoInOrder() async throws {
            try await TestServer.run { server in
                let (socketID, socket) = try await server.webSocket()
                let (pollID, poller) = try await server.poll()
                try await poller.send(RawClient.request("GET", TestServer.polling + "&sid=\(pollID)"))
                for _ in 0..<3 { _ = try await server.client().get("/settle") }
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
