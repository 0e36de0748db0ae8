import EngineIO
import NIOCore
import Testing

@testable import Transport

/// Rows H01 to H22 and H28 to H32: heads, bodies and targets that are wrong, or merely strange.
@Suite(.serialized) struct HostileHTTPTests {
    private static let head = " HTTP/1.1\r\nHost: a\r\n"

    /// Answered with this status, after which the connection ends.
    private static func refused(_ id: String, _ what: String, _ request: String, _ status: Int) -> HostileRow {
        HostileRow(id, what) { arena in
            let client = try await arena.client()
            async let sent: Void = client.send(request)
            let reply = try await client.reply()
            #expect(reply.status == status)
            #expect(reply["connection"] == "close")
            #expect(await client.isClosedByServer())
            try? await sent
        }
    }

    private static func chunked(_ id: String, _ what: String, _ body: String) -> HostileRow {
        refused(id, what, "POST /\(head)Transfer-Encoding: chunked\r\n\r\n" + body, 400)
    }

    private static func length(_ id: String, _ value: String) -> HostileRow {
        refused(id, "Content-Length \(value)", "POST /\(head)Content-Length: \(value)\r\n\r\n", 400)
    }

    private static func header(_ id: String, _ what: String, _ line: String, _ status: Int = 400) -> HostileRow {
        refused(id, what, "GET /\(head)\(line)\r\n\r\n", status)
    }

    private static let refusals: [HostileRow] = [
        refused("H12", "a target of 64 KiB", "GET /?" + String(repeating: "a", count: 65_536) + head + "\r\n", 414),
        refused(
            "H13", "10,000 parameters", "GET /engine.io/?" + String(repeating: "a[b][c]=1&", count: 10_000) + head,
            414),
        refused(
            "H14", "two ways to say the length",
            "POST /\(head)Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        refused(
            "H14", "the other way round",
            "POST /\(head)Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
        refused(
            "H15", "two lengths", "POST /\(head)Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        refused(
            "H15", "the same length twice", "POST /\(head)Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
        refused(
            "H16", "a second coding", "POST /\(head)Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
        refused("H16", "an unknown coding", "POST /\(head)Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        chunked("H17", "a chunk size beyond 64 bits", "FFFFFFFFFFFFFFFFF\r\n"),
        chunked("H17", "a negative chunk size", "-1\r\n"),
        chunked("H17", "a signed chunk size", "+5\r\nhello\r\n"),
        chunked(
            "H17", "a chunk extension of 1 MB",
            "5;" + String(repeating: "x", count: 1_000_000) + "\r\nhello\r\n"),
        refused(
            "H17", "trailers of 1 MB",
            "POST /\(head)Transfer-Encoding: chunked\r\n\r\n0\r\n" + String(repeating: "X: y\r\n", count: 170_000),
            431),
        refused("H18", "bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400),
        refused("H18", "a bare line feed after a header", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
        header("H18", "a blank before the colon", "X : y"),
        header("H18", "a folded header", "X: a\r\n b"),
        header("H18", "a zero byte", "X: a\0b"),
        header("H19", "a header of 128 KiB", "X: " + String(repeating: "a", count: 131_072), 431),
        header("H19", "2,001 headers", (0..<2001).map { "X\($0): y" }.joined(separator: "\r\n"), 431),
        header("H19", "129 headers, Host included", (0..<128).map { "X\($0): y" }.joined(separator: "\r\n"), 431),
        length("H20", "-1"), length("H20", "1e3"), length("H20", "99999999999999999999"), length("H20", ""),
        length("H20", "0x10"), length("H20", "5, 5"),
        refused("H22", "a TLS client", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}", 400),
        refused("H22", "an SSH client", "SSH-2.0-OpenSSH_9.2\r\n", 400),
        refused("H22", "an HTTP/2 client", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        refused(
            "H28", "a body too large is not asked for",
            "POST /\(head)Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n", 413),
        refused(
            "H29", "a compressed body", "POST /\(head)Content-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc", 415),
        refused("H18", "no Host", "GET / HTTP/1.1\r\n\r\n", 400),
        refused("H18", "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ]

    @Test(arguments: refusals) func isRefused(row: HostileRow) async throws { try await row.run() }

    /// Refused with a number of Engine.IO; the connection goes on.
    private static func numbered(
        _ id: String, _ query: String, _ error: EngineError, method: String = "GET",
        revisions: Set<Revision> = [.v4]
    ) -> HostileRow {
        let engine = EngineConfiguration(revisions: revisions)
        return HostileRow(id, "\(method) ?\(query)", engine: engine) { arena in
            let client = try await arena.client()
            let request = RawClient.request(method, "/engine.io/?" + query, headers: ["Content-Length: 0"])
            let reply = try await client.exchange(request)
            #expect(reply.status == error.status)
            #expect(reply.body == error.body())
            #expect(try await client.get("/still").text == "GET /still ")
            guard method == "GET" else { return }
            // The same as a WebSocket handshake: the bare text, and the end of the connection.
            let refused = try await client.upgrade("/engine.io/?" + query)
            #expect(refused.status == error.status)
            #expect(refused.text == error.message)
            #expect(await client.isClosedByServer())
        }
    }

    private static let numbers: [HostileRow] = [
        numbered("H02", "EIO=4&transport=tobi", .transportUnknown),
        numbered("H02", "EIO=4&transport=webtransport", .transportUnknown),
        numbered("H03", "EIO=4&transport=__proto__", .transportUnknown),
        numbered("H03", "EIO=4&transport=constructor", .transportUnknown),
        numbered("H03", "EIO=4&transport=toString", .transportUnknown),
        numbered("H03", "EIO=4&transport=Websocket", .transportUnknown),
        numbered("H03", "EIO=4&transport=websocket%00", .transportUnknown),
        numbered("H04", "EIO=4", .transportUnknown),
        numbered("H04", "EIO=4&transport=", .transportUnknown),
        numbered("H05", "EIO=4&transport=polling&transport=websocket", .badRequest),
        numbered("H05", "EIO=4&EIO=3&transport=polling", .badRequest),
        numbered("H05", "EIO=4&EIO=4&transport=websocket", .badRequest),
        numbered("H08", "EIO=4&transport=polling", .badHandshakeMethod, method: "POST"),
        numbered("H08", "EIO=4&transport=polling", .badHandshakeMethod, method: "PUT"),
        numbered("H31", "EIO=4&transport=polling&sid=A&sid=B", .badRequest),
        numbered("H06", "EIO=3&transport=polling", .unsupportedProtocolVersion),
        // Also where revision 3 is spoken, only `3` names it.
        numbered("H07", "transport=polling", .unsupportedProtocolVersion, revisions: [.v3, .v4]),
        numbered("H07", "EIO=&transport=polling", .unsupportedProtocolVersion, revisions: [.v3, .v4]),
        numbered("H07", "EIO=5&transport=polling", .unsupportedProtocolVersion, revisions: [.v3, .v4]),
        numbered("H07", "EIO=4abc&transport=polling", .unsupportedProtocolVersion, revisions: [.v3, .v4]),
        numbered("H07", "EIO=04&transport=polling", .unsupportedProtocolVersion, revisions: [.v3, .v4]),
        numbered("H07", "EIO=-1&transport=polling", .unsupportedProtocolVersion, revisions: [.v3, .v4]),
    ]

    @Test(arguments: numbers) func hasANumber(row: HostileRow) async throws { try await row.run() }

    private static let strange: [HostileRow] = [
        HostileRow("H01", "HTTP/1.0 without a Host") { arena in
            let client = try await arena.client()
            let reply = try await client.exchange("GET \(TestServer.polling) HTTP/1.0\r\n\r\n")
            #expect(reply.status == 200)
            #expect(await client.isClosedByServer())
            // The client is gone, its session is not.
            let sid = try TestServer.sid(of: reply.text)
            #expect(try await arena.client().post(Arena.polling(sid), "1").text == "ok")
        },
        HostileRow("H09", "other methods on a session") { arena in
            let (sid, _) = try await arena.poll()
            for method in ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"] {
                let client = try await arena.client()
                try await client.send(
                    RawClient.request(method, Arena.polling(sid), headers: ["Content-Length: 0"]))
                #expect(try await client.reply().body == EngineError.badRequest.body(), "\(method)")
            }
            let client = try await arena.client()
            #expect(try await client.exchange(RawClient.request("GARBAGE", Arena.polling(sid))).status == 400)
            #expect(await client.isClosedByServer())
            #expect(try await arena.isAlive(sid))
        },
        HostileRow("H11", "paths beside the engine's") { arena in
            let client = try await arena.client()
            for path in ["/engine.iox/", "//engine.io/", "/engine.io", "/ENGINE.IO/"] {
                #expect(try await client.get(path).text == "GET \(path) ")
            }
            // The prefix is compared byte by byte: behind it everything is the engine's, dots too.
            let reply = try await client.get("/engine.io/../admin")
            #expect(reply.body == EngineError.transportUnknown.body())
        },
        HostileRow("H13", "700 parameters and nested names") { arena in
            let client = try await arena.client()
            let many = String(repeating: "a[b][c]=1&", count: 700)
            let reply = try await client.get("/engine.io/?\(many)EIO=4&transport=polling")
            let sid = try TestServer.sid(of: reply.text)
            #expect(try await client.post(Arena.polling(sid), "1").text == "ok")
        },
        HostileRow("H18", "a bare line feed in a request behind another one") { arena in
            let client = try await arena.client()
            try await client.send(
                RawClient.request("GET", "/first") + "GET /second HTTP/1.1\nHost: a\n\n"
                    + RawClient.request("GET", "/third"))
            // The answer under way is the last.
            #expect(try await client.reply().text == "GET /first ")
            #expect(await client.isClosedByServer())
            await #expect(throws: RawClient.TimedOut.self) { try await client.reply(within: .milliseconds(50)) }
        },
        HostileRow("VA18", "the WebSocket transport without an Upgrade") { arena in
            let client = try await arena.client()
            #expect(try await client.get(TestServer.webSocket).body == EngineError.badRequest.body())
            #expect(try await client.get("/still").text == "GET /still ")
        },
        HostileRow("H30", "origins that cannot be") { arena in
            for origin in ["http://a\u{7F}", "http://a\u{1}", String(repeating: "a", count: 10_240)] {
                let client = try await arena.client()
                let reply = try await client.get(TestServer.polling, headers: ["Origin: \(origin)"])
                #expect(reply.status == 400)
            }
            let client = try await arena.client()
            let reply = try await client.get(TestServer.polling, headers: ["Origin: null"])
            #expect(reply["access-control-allow-origin"] == nil)
            let sid = try TestServer.sid(of: reply.text)
            #expect(try await client.post(Arena.polling(sid), "1").text == "ok")
        },
        HostileRow("H32", "JSONP parameters in revision 4") { arena in
            let client = try await arena.client()
            for index in ["0", "%3Cscript%3E", "<script>"] {
                let reply = try await client.get(TestServer.polling + "&j=\(index)")
                let sid = try TestServer.sid(of: reply.text)
                #expect(!reply.text.contains("script"))
                #expect(reply["content-type"] == "text/plain; charset=UTF-8")
                let refused = try await client.get("/engine.io/?j=\(index)&sid=\(index)&transport=\(index)")
                #expect(refused.body == EngineError.transportUnknown.body())
                #expect(try await client.post(Arena.polling(sid), "1").text == "ok")
            }
        },
    ]

    @Test(arguments: strange) func isHandled(row: HostileRow) async throws { try await row.run() }

    /// Applications stream; what one of them throws in the middle concerns its answer only.
    @Test("VA3: a failure in the middle of an answer") func brokenAnswer() async throws {
        try await HostileRow("VA3", "a stream that fails") { arena in
            for _ in 0..<20 {
                let client = try await arena.client()
                try await client.send(RawClient.request("GET", "/broken"))
                #expect(await client.isClosedByServer())
            }
            let client = try await arena.client()
            #expect(try await client.get("/stream").text == "onetwothree")
        }.run()
    }
}
