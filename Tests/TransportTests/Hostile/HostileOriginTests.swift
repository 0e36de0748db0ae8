import EngineIO
import NIOCore
import Testing

@testable import Transport

/// Rows H10, VF2, VA15 and VC4: pages of other origins, and what an origin could do to an answer.
@Suite(.serialized) struct HostileOriginTests {
    private static let foreign = [
        "https://evil.example", "https://good.example.evil.example", "http://good.example", "https://good.example:8443",
        "null",
    ]

    /// As a gateway's: whoever says where they come from must come from the right place.
    private struct OnlyGood: CORSPolicy {
        func decide(origin: String?, request: RequestView) -> CORSDecision {
            guard let origin else { return .silent }
            guard origin == "https://good.example" else { return .refuse }
            return .allow(CORSAllowance(origin: origin, allowsCredentials: true))
        }
    }

    private static func preflight(_ what: String, allowing origins: Set<String>) -> HostileRow {
        HostileRow("H10", what, cors: StaticCORSPolicy.origins(origins, credentials: true)) { arena in
            for origin in foreign {
                let request = RawClient.request(
                    "OPTIONS", TestServer.polling,
                    headers: ["Origin: \(origin)", "Access-Control-Request-Method: POST"])
                let reply = try await arena.client().exchange(request)
                #expect(reply.status == 204)
                #expect(!reply.headers.contains { $0.name.hasPrefix("access-control") })
            }
        }
    }

    private static let rows: [HostileRow] = [
        preflight("a preflight where nobody is allowed", allowing: []),
        preflight("a preflight where somebody else is allowed", allowing: ["https://good.example"]),
        HostileRow("VF2", "line ends in an origin and a subprotocol", cors: StaticCORSPolicy.reflect) { arena in
            let origin = "http://a%0d%0aX-Evil:%20y"
            let client = try await arena.client()
            let reply = try await client.get(TestServer.polling, headers: ["Origin: \(origin)"])
            #expect(reply["access-control-allow-origin"] == origin)
            #expect(reply["x-evil"] == nil)
            let sid = try TestServer.sid(of: reply.text)
            #expect(try await client.post(Arena.polling(sid), "1").text == "ok")
            let upgraded = try await client.upgrade(
                TestServer.webSocket, headers: ["Origin: \(origin)", "Sec-WebSocket-Protocol: a%0d%0aX-Evil"])
            #expect(upgraded["x-evil"] == nil)
            for line in ["Origin: http://a\rX-Evil: y", "Origin: http://a\r\n X-Evil: y"] {
                let client = try await arena.client()
                #expect(try await client.get(TestServer.polling, headers: [line]).status == 400)
            }
        },
        HostileRow(
            "VA15", "answers that no foreign page may read",
            cors: StaticCORSPolicy.origins(["https://good.example"], credentials: true)
        ) { arena in
            let client = try await arena.client()
            for origin in foreign + ["https://good.example"] {
                let reply = try await client.get(TestServer.polling, headers: ["Origin: \(origin)"])
                let isGood = origin == "https://good.example"
                #expect(reply["access-control-allow-origin"] == (isGood ? origin : nil))
                #expect(reply["access-control-allow-credentials"] == (isGood ? "true" : nil))
                let sid = try TestServer.sid(of: reply.text)
                #expect(try await client.post(Arena.polling(sid), "1").text == "ok")
            }
        },
        HostileRow("VA15", "an answer for everybody has no credentials", cors: StaticCORSPolicy.anyOrigin) { arena in
            let client = try await arena.client()
            let reply = try await client.get(TestServer.polling, headers: ["Origin: https://evil.example"])
            #expect(reply["access-control-allow-origin"] == "*")
            #expect(reply["access-control-allow-credentials"] == nil)
            let sid = try TestServer.sid(of: reply.text)
            #expect(try await client.post(Arena.polling(sid), "1").text == "ok")
        },
        HostileRow("VC4", "a foreign page with the victim's cookie", cors: OnlyGood()) { arena in
            let (sid, own) = try await arena.poll()
            for origin in foreign {
                let headers = ["Origin: \(origin)", "Cookie: io=\(sid)"]
                for target in [TestServer.webSocket, Arena.webSocket(sid)] {
                    let socket = try await arena.client()
                    #expect(try await socket.upgrade(target, headers: headers).status == 403)
                    #expect(await socket.isClosedByServer())
                }
                let page = try await arena.client()
                #expect(try await page.get(TestServer.polling, headers: headers).status == 403)
                // Text without a preflight, as any page may send it.
                #expect(try await page.post(Arena.polling(sid), "4stolen", headers: headers).status == 403)
            }
            #expect(try await own.post(Arena.polling(sid), "4mine").text == "ok")
            #expect(arena.delivered == ["mine"])
        },
    ]

    @Test(arguments: rows) func origin(row: HostileRow) async throws { try await row.run() }
}
