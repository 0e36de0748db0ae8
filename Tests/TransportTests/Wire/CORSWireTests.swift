import EngineIO
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    @Suite struct CORSWireTests {
        @Test func withoutAPolicyThereIsNoHeader() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                let reply = try await client.get(TestServer.polling, headers: ["Origin: https://a.example"])
                #expect(reply["access-control-allow-origin"] == nil)
            }
        }

        @Test func everyAnswerCarriesTheHeaders() async throws {
            try await TestServer.run(cors: StaticCORSPolicy.reflect) { server in
                let origin = ["Origin: https://a.example"]
                let client = try await server.client()
                var replies = [
                    try await client.get(TestServer.polling, headers: origin),
                    try await client.get("/engine.io/?EIO=9&transport=polling", headers: origin),
                ]
                replies.append(try await client.upgrade(TestServer.webSocket, headers: origin))
                for reply in replies {
                    #expect(reply["access-control-allow-origin"] == "https://a.example")
                    #expect(reply["access-control-allow-credentials"] == "true")
                    #expect(reply["vary"] == "Origin")
                }
                #expect(replies.map(\.status) == [200, 400, 101])
            }
        }

        @Test func preflightsAreAnswered() async throws {
            try await TestServer.run(cors: StaticCORSPolicy.anyOrigin) { server in
                let client = try await server.client()
                let reply = try await client.exchange(
                    RawClient.request(
                        "OPTIONS", TestServer.polling,
                        headers: ["Origin: https://a", "Access-Control-Request-Headers: content-type,x-y"]))
                #expect(reply.status == 204)
                #expect(reply["content-length"] == "0" || reply["content-length"] == nil)
                #expect(reply["access-control-allow-origin"] == "*")
                #expect(reply["access-control-allow-methods"] == "GET,HEAD,PUT,PATCH,POST,DELETE")
                #expect(reply["access-control-allow-headers"] == "content-type,x-y")
                #expect(reply.all("vary").contains("Access-Control-Request-Headers"))
                #expect(try await client.get(TestServer.polling).status == 200)
            }
        }

        private struct Only: CORSPolicy {
            func decide(origin: String?, request: RequestView) -> CORSDecision {
                guard let origin else { return .silent }
                guard request.queryValue("key") == "k", origin == "https://good.example" else { return .refuse }
                return .allow(CORSAllowance(origin: origin, allowsCredentials: true))
            }
        }

        /// H10, O01 to O04: a policy of the application refuses foreign pages, sessions and all.
        @Test func aForeignOriginIsRefusedEverywhere() async throws {
            try await TestServer.run(cors: Only()) { server in
                let good = ["Origin: https://good.example"]
                let client = try await server.client()
                let opened = try await client.get(TestServer.polling + "&key=k", headers: good)
                #expect(opened.status == 200)
                let sid = opened.text.dropFirst(9).prefix(20)
                for origin in ["https://evil.example", "https://good.example.evil.com", "http://good.example", "null"] {
                    let headers = ["Origin: \(origin)"]
                    let refused = try await client.get(TestServer.polling + "&key=k", headers: headers)
                    #expect(refused.status == 403)
                    #expect(refused.text == "{\"code\":4,\"message\":\"Forbidden\"}")
                    #expect(refused["access-control-allow-origin"] == nil)
                    let posted = try await client.post(
                        TestServer.polling + "&key=k&sid=\(sid)", "4stolen", headers: headers)
                    #expect(posted.status == 403)
                    let preflight = try await client.exchange(
                        RawClient.request("OPTIONS", TestServer.polling + "&key=k", headers: headers))
                    #expect(preflight.status == 204)
                    #expect(preflight["access-control-allow-origin"] == nil)
                    let socket = try await server.client()
                    #expect(try await socket.upgrade(TestServer.webSocket + "&key=k", headers: headers).status == 403)
                }
                #expect(!server.engine.events.contains(.text("stolen")))
            }
        }

        /// H30.
        @Test func anImpossibleOriginIsABadRequest() async throws {
            try await TestServer.run(cors: StaticCORSPolicy.reflect) { server in
                let client = try await server.client()
                let reply = try await client.get(
                    TestServer.polling, headers: ["Origin: https://" + String(repeating: "a", count: 10_240)])
                #expect(reply.status == 400)
                #expect(reply.text.contains("\"code\":3"))
            }
        }
    }
}
