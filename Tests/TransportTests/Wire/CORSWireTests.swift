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

        /// The options of Node's `cors`.
        @Test func allOptions() async throws {
            let options = CORSOptions(
                origins: .listed(["https://shop.example", "https://*.shop.example"]), credentials: true,
                exposedHeaders: ["X-One", "X-Two"],
                preflight: CORSPreflight(methods: ["GET", "POST"], allowedHeaders: ["X-Key"], maxAge: 600, status: 200))
            try await TestServer.run(cors: options) { server in
                let client = try await server.client()
                for origin in ["https://shop.example", "https://www.shop.example"] {
                    let reply = try await client.get(TestServer.polling, headers: ["Origin: \(origin)"])
                    #expect(reply["access-control-allow-origin"] == origin)
                    #expect(reply["access-control-allow-credentials"] == "true")
                    #expect(reply["access-control-expose-headers"] == "X-One,X-Two")
                    #expect(reply["vary"] == "Origin")
                    let preflight = try await client.exchange(
                        RawClient.request(
                            "OPTIONS", TestServer.polling,
                            headers: ["Origin: \(origin)", "Access-Control-Request-Headers: x-other"]))
                    #expect(preflight.status == 200)
                    #expect(preflight.all("content-length") == ["0"])
                    #expect(preflight["access-control-allow-origin"] == origin)
                    #expect(preflight["access-control-allow-methods"] == "GET,POST")
                    #expect(preflight["access-control-allow-headers"] == "X-Key")
                    #expect(preflight["access-control-max-age"] == "600")
                }
                let foreign = try await client.get(TestServer.polling, headers: ["Origin: https://evil.example"])
                #expect(foreign.status == 200)
                #expect(!foreign.headers.contains { $0.name.hasPrefix("access-control") })
            }
        }

        @Test func aFixedOriginAndAFunction() async throws {
            try await TestServer.run(cors: CORSOptions(origins: .fixed("https://one.example"))) { server in
                let client = try await server.client()
                let reply = try await client.get(TestServer.polling, headers: ["Origin: https://two.example"])
                #expect(reply["access-control-allow-origin"] == "https://one.example")
                #expect(reply["vary"] == "Origin")
            }
            let decided = CORSOptions(origins: .decided { origin, request in request.queryValue("for") == origin })
            try await TestServer.run(cors: decided) { server in
                let client = try await server.client()
                let target = TestServer.polling + "&for=https://a"
                let reply = try await client.get(target, headers: ["Origin: https://a"])
                #expect(reply["access-control-allow-origin"] == "https://a")
                let other = try await client.get(target, headers: ["Origin: https://b"])
                #expect(other["access-control-allow-origin"] == nil)
            }
        }

        @Test func preflightsMayGoOnToTheEngine() async throws {
            let options = CORSOptions(preflight: CORSPreflight(continues: true))
            try await TestServer.run(cors: options) { server in
                let client = try await server.client()
                let reply = try await client.exchange(
                    RawClient.request("OPTIONS", TestServer.polling, headers: ["Origin: https://a"]))
                #expect(reply.status == 400)
                #expect(reply.text == #"{"code":2,"message":"Bad handshake method"}"#)
                #expect(reply["access-control-allow-methods"] == "GET,HEAD,PUT,PATCH,POST,DELETE")
                #expect(reply["access-control-allow-origin"] == "*")
            }
        }

        @Test(arguments: [
            ("https://*.a.example", "https://x.a.example", true),
            ("https://*.a.example", "https://x.y.a.example", true),
            ("https://*.a.example", "https://a.example", false), ("https://*.a.example", "https://.a.example", false),
            ("https://*.a.example", "https://evil/.a.example", false),
            ("https://*.a.example", "https://x.a.example:8080", false),
            ("https://*.a.example", "https://x.a.example.evil", false),
            ("https://*.a.example", "https://evil#.a.example", false),
            ("http://localhost:*", "http://localhost:5173", true),
            ("https://a.example", "https://a.example", true), ("https://a.example", "https://a.example.evil", false),
        ])
        func patterns(pattern: String, origin: String, matches: Bool) {
            #expect(OriginPattern(pattern).matches(origin) == matches)
        }
    }
}
