import EngineIO
import NIOCore
import Synchronization
import Testing

@testable import Transport

extension WireTests {
    /// Section 2 of the wire contract: every answer to a first request.
    @Suite struct HandshakeWireTests {
        private static let refusals: [(request: String, status: Int, body: String)] = {
            let table: [(method: String, query: String, error: EngineError)] = [
                ("GET", "EIO=4&transport=tobi", .transportUnknown),
                ("GET", "EIO=4&transport=__proto__", .transportUnknown),
                ("GET", "EIO=4&transport=constructor", .transportUnknown),
                ("GET", "EIO=4&transport=Websocket", .transportUnknown),
                ("GET", "EIO=4&transport=websocket%00", .transportUnknown),
                ("GET", "EIO=4&transport=webtransport", .transportUnknown),
                ("GET", "EIO=4&transport=", .transportUnknown),
                ("GET", "EIO=4", .transportUnknown),
                ("GET", "", .transportUnknown),
                ("GET", "EIO=4&transport=polling&transport=websocket", .badRequest),
                ("GET", "EIO=4&EIO=4&transport=polling", .badRequest),
                ("GET", "EIO=4&transport=polling&sid=A&sid=B", .badRequest),
                ("GET", "EIO=4&transport=websocket", .badRequest),
                ("GET", "transport=polling", .unsupportedProtocolVersion),
                ("GET", "EIO=&transport=polling", .unsupportedProtocolVersion),
                ("GET", "EIO=3&transport=polling", .unsupportedProtocolVersion),
                ("GET", "EIO=5&transport=polling", .unsupportedProtocolVersion),
                ("GET", "EIO=4abc&transport=polling", .unsupportedProtocolVersion),
                ("GET", "EIO=04&transport=polling", .unsupportedProtocolVersion),
                ("GET", "EIO=-1&transport=polling", .unsupportedProtocolVersion),
                ("POST", "EIO=4&transport=polling", .badHandshakeMethod),
                ("PUT", "EIO=4&transport=polling", .badHandshakeMethod),
                ("OPTIONS", "EIO=4&transport=polling", .badHandshakeMethod),
            ]
            let unknown =
                ["", ".", "..", "__proto__", "constructor", "toString", "%00", "%C3%B1"]
                + [String(repeating: "a", count: 4096), "AAAAAAAAAAAAAAAAAAAA"]
            return table.map { row in
                (
                    RawClient.request(
                        row.method, "/engine.io/?\(row.query)",
                        headers: row.method == "GET" ? [] : ["Content-Length: 0"]),
                    row.error.status, String(buffer: row.error.body())
                )
            }
                + unknown.map { sid in
                    (
                        RawClient.request("GET", "/engine.io/?EIO=4&transport=polling&sid=\(sid)"), 400,
                        String(buffer: EngineError.sessionUnknown.body())
                    )
                }
        }()

        @Test func refusalsAreNumberedAndTheConnectionLivesOn() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                for row in Self.refusals {
                    let reply = try await client.exchange(row.request)
                    #expect(reply.status == row.status, "\(row.request)")
                    #expect(reply.text == row.body, "\(row.request)")
                    #expect(reply["content-type"] == "application/json")
                }
                #expect(try await client.get(TestServer.polling).status == 200)
            }
        }

        @Test func aRefusedUpgradeGetsTheBareTextAndTheConnectionEnds() async throws {
            let table: [(query: String, error: EngineError)] = [
                ("EIO=4&transport=tobi", .transportUnknown), ("EIO=4", .transportUnknown),
                ("EIO=3&transport=websocket", .unsupportedProtocolVersion),
                ("transport=websocket", .unsupportedProtocolVersion),
                ("EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA", .sessionUnknown),
                ("EIO=4&transport=websocket&sid=", .sessionUnknown),
                ("EIO=4&EIO=4&transport=websocket", .badRequest),
            ]
            try await TestServer.run { server in
                for row in table {
                    let client = try await server.client()
                    let reply = try await client.upgrade("/engine.io/?\(row.query)")
                    #expect(reply.status == 400)
                    #expect(reply.text == row.error.message, "\(row.query)")
                    #expect(reply["content-type"] == "text/html")
                    #expect(reply["connection"] == "close")
                    #expect(await client.isClosedByServer())
                }
            }
        }

        /// W18 and W19.
        @Test func theWebSocketHandshakeIsChecked() async throws {
            let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            let version = "Sec-WebSocket-Version: 13"
            let upgrade = ["Upgrade: websocket", "Connection: Upgrade"]
            let table: [(method: String, headers: [String], status: Int)] = [
                ("GET", upgrade + [key, version], 101),
                ("GET", ["Upgrade: WebSocket, foo", "Connection: keep-alive, Upgrade", key, version], 101),
                ("GET", upgrade + [key, version, "Sec-WebSocket-Extensions: permessage-deflate, x; __proto__"], 101),
                ("GET", upgrade + [version], 400),
                ("GET", upgrade + [key, key, version], 400),
                ("GET", upgrade + ["Sec-WebSocket-Key: abc", version], 400),
                ("GET", upgrade + ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTEyMzQ1Ng==", version], 400),
                ("GET", upgrade + [key], 426),
                ("GET", upgrade + [key, "Sec-WebSocket-Version: 8"], 426),
                ("GET", upgrade + [key, "Sec-WebSocket-Version: 12"], 426),
                ("GET", upgrade + [key, version, "Sec-WebSocket-Protocol: a b"], 400),
            ]
            try await TestServer.run { server in
                for row in table {
                    let client = try await server.client()
                    let reply = try await client.exchange(
                        RawClient.request(row.method, TestServer.webSocket, headers: row.headers))
                    #expect(reply.status == row.status, "\(row.headers)")
                    if row.status == 101 {
                        #expect(reply["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                        #expect(reply["sec-websocket-extensions"] == nil)
                    }
                    if row.status == 426 { #expect(reply["sec-websocket-version"] == "13") }
                    await client.close()
                }
            }
        }

        @Test func theFirstSubprotocolIsEchoed() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                let reply = try await client.upgrade(
                    TestServer.webSocket, headers: ["Sec-WebSocket-Protocol: chat, superchat"])
                #expect(reply.status == 101)
                #expect(reply["sec-websocket-protocol"] == "chat")
            }
        }

        @Test func theLayerAboveMayRefuse() async throws {
            try await TestServer.run { server in
                server.engine.state.withLock {
                    $0.admission = .reject(Rejection(status: 503, message: "full", retryAfter: 7))
                }
                let client = try await server.client()
                let reply = try await client.get(TestServer.polling)
                #expect(reply.status == 503)
                #expect(reply.text == "{\"code\":4,\"message\":\"full\"}")
                #expect(reply["retry-after"] == "7")
                let refused = try await client.upgrade(TestServer.webSocket)
                #expect(refused.status == 503)
                #expect(refused.text == "full")
                #expect(refused["retry-after"] == "7")
                #expect(server.server.sessionCount == 0)
            }
        }

        @Test func theLayerAboveSeesTheRequest() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                _ = try await client.get(
                    "/engine.io/?EIO=4&transport=polling&a=1&a=b%20c&t=x", headers: ["Origin: https://a", "X-Y: z: w"])
                let handshake = try #require(server.engine.state.withLock { $0.handshakes.first })
                #expect(handshake.queryValue("a") == "b c")
                #expect(handshake.query.map(\.name) == ["EIO", "transport", "a", "a", "t"])
                #expect(handshake.header("x-y") == "z: w")
                #expect(handshake.isCrossDomain)
                #expect(handshake.remoteAddress == "127.0.0.1")
                #expect(handshake.transport == .polling)
                #expect(handshake.revision == .v4)
            }
        }

        @Test func onlyTheExactPrefixIsTheEngines() async throws {
            try await TestServer.run(fallbackFiles: ["engine.io.js"]) { server in
                let client = try await server.client()
                let foreign = [
                    "/engine.iox/", "/engine.io", "//engine.io/", "/engine.io?EIO=4", "/engine.io/engine.io.js",
                ]
                for target in foreign {
                    let reply = try await client.get(target)
                    #expect(reply.text == "GET \(target) ")
                }
                #expect(try await client.get("/engine.io/foo?EIO=4&transport=polling").status == 200)
                #expect(try await client.get("/engine.io/other.js").text.contains("\"code\":0"))
            }
        }

        @Test func disabledTransportsAreUnknown() async throws {
            try await TestServer.run(EngineConfiguration(allowsWebSocket: false)) { server in
                let client = try await server.client()
                #expect(try await client.get(TestServer.polling).text.contains("\"upgrades\":[]"))
                #expect(try await client.upgrade(TestServer.webSocket).text == "Transport unknown")
            }
        }
    }
}
