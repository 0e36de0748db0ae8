import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import NIOPosix
import Storage
import Testing
import Transport

@testable import Gateway

/// The fallback without a socket: what every path answers.
@Suite struct RoutesTests {
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private func fallback(
        state: ServiceState = ServiceState(), servesMetrics: Bool = true, pages: StaticPages = StaticPages(),
        metrics: MetricsRegistry = MetricsRegistry()
    ) -> HTTPFallback {
        let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
        HealthRoutes(
            state: state, ticks: LoopTicks(group: Self.loops), metrics: metrics, servesMetrics: servesMetrics
        ).add(to: router)
        pages.addRoutes(to: router)
        return HTTPFallback(router: router, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func get(
        _ fallback: HTTPFallback, _ path: String, method: HTTPRequest.Method = .get, headers: HTTPFields = [:],
        isSecure: Bool = false
    ) async throws -> (status: Int, headers: HTTPFields, body: String) {
        let response = await fallback.respond(
            to: FallbackRequest(
                head: HTTPRequest(method: method, scheme: "http", authority: "x", path: path, headerFields: headers),
                body: ByteBuffer(), remoteAddress: "127.0.0.1", isSecure: isSecure
            )
        )
        guard case .complete(let body) = response.body else {
            Issue.record("a streamed body")
            return (0, [:], "")
        }
        return (response.head.status.code, response.head.headerFields, String(buffer: body))
    }

    @Test func liveness() async throws {
        let answer = try await self.get(self.fallback(), "/healthz")
        #expect(answer.status == 200)
        #expect(answer.body == #"{"status":"ok"}"#)
        #expect(answer.headers[.contentType] == "application/json")
    }

    @Test func whatIsTurnedAwayIsTold() {
        func shedding(_ statements: Int, _ connections: Int) -> [Shedding] {
            let pool = PoolStatistics(isAvailable: true, waiting: [.statement: statements, .message: 500])
            return Shedding.now(pool, connections: connections, capacity: 10)
        }
        #expect(shedding(199, 9) == [])
        #expect(shedding(200, 9) == [.database])
        #expect(shedding(0, 10) == [.connections])
        #expect(shedding(201, 11) == [.connections, .database])
    }

    @Test func aStuckLoopIsNoLife() {
        let ticks = LoopTicks(group: Self.loops)
        #expect(ticks.isAlive(now: .now() + .seconds(1)))
        #expect(!ticks.isAlive(now: .now() + .seconds(4)))
    }

    @Test func readinessFollowsTheProcess() async throws {
        let state = ServiceState(limitsEnabled: false)
        let fallback = self.fallback(state: state)
        #expect(try await self.get(fallback, "/readyz").status == 503)
        state.enter(.accepting)
        let ready = try await self.get(fallback, "/readyz")
        #expect(ready.status == 200)
        #expect(
            ready.body
                == #"{"status":"ready","phase":"accepting","database":"ok","schema":"ok","shedding":[],"limits":"off","#
                + #""insecure":[]}"#
        )
        for outcome in SchemaCheck.Outcome.allCases where outcome != .ok {
            state.schema = outcome
            let changed = try await self.get(fallback, "/readyz")
            #expect(changed.status == 503)
            #expect(changed.body.contains(#""schema":"\#(outcome.rawValue)""#))
            #expect(state.isReady, "whoever comes all the same is served")
        }
        state.schema = .ok
        state.isStorageAvailable = false
        let away = try await self.get(fallback, "/readyz")
        #expect(away.status == 503)
        #expect(away.headers[.retryAfter] == "1")
        #expect(away.body.contains(#""database":"away""#))
        // Liveness never asks PostgreSQL.
        #expect(try await self.get(fallback, "/healthz").status == 200)
        state.isStorageAvailable = true
        state.enter(.draining)
        #expect(try await self.get(fallback, "/readyz").status == 503)
        // A phase that is over never comes back.
        state.enter(.accepting)
        #expect(state.phase == .draining)
    }

    @Test func readinessNamesWhatIsInsecure() async throws {
        let state = ServiceState(insecure: ["webhooks.allowPrivate"])
        state.enter(.accepting)
        let ready = try await self.get(self.fallback(state: state), "/readyz")
        #expect(ready.status == 200 && ready.body.hasSuffix(#""limits":"on","insecure":["webhooks.allowPrivate"]}"#))
    }

    /// Row Z01.
    @Test func metricsAreToldOnlyWhereTheyMayBe() async throws {
        let metrics = MetricsRegistry()
        metrics.makeCounter(label: "puente.tests", dimensions: [("kind", "a\"b")]).increment(by: 3)
        let told = try await self.get(self.fallback(metrics: metrics), "/metrics")
        #expect(told.status == 200)
        #expect(told.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(told.body.contains("# TYPE puente_tests_total counter\npuente_tests_total{kind=\"a\\\"b\"} 3\n"))
        let hidden = try await self.get(self.fallback(servesMetrics: false, metrics: metrics), "/metrics")
        #expect(hidden.status == 404)
        #expect(try await self.get(self.fallback(), "/debug").status == 404)
    }

    @Test(arguments: [
        "/", "/nix", "/healthz/", "/healthz/x", "//", "/../etc/passwd", "/%2e%2e/etc/passwd", "/socket.io/socket.io.js",
        "*", "",
    ])
    func everythingElseIsTheSamePage(_ path: String) async throws {
        let answer = try await self.get(self.fallback(), path)
        if path == "/healthz/" {
            #expect([200, 404].contains(answer.status))
        } else {
            #expect(answer.status == 404)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(path.count < 4 || !answer.body.contains(path))
        }
    }

    @Test func pagesAreServedByTheirExactPath() async throws {
        var pages = StaticPages()
        pages.add(
            path: "/a.js", contentType: "text/javascript; charset=utf-8", body: ByteBuffer(string: "let a = 1"),
            headers: [("Content-Security-Policy", "default-src 'none'")]
        )
        let fallback = self.fallback(pages: pages)
        let answer = try await self.get(fallback, "/a.js?v=1")
        #expect(answer.status == 200)
        #expect(answer.body == "let a = 1")
        #expect(answer.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(answer.headers[.contentSecurityPolicy] == "default-src 'none'")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        let tag = try #require(answer.headers[.eTag])
        for condition in [tag, "W/\(tag), \"x\"", "*"] {
            let unchanged = try await self.get(fallback, "/a.js", headers: [.ifNoneMatch: condition])
            #expect(unchanged.status == 304)
            #expect(unchanged.body.isEmpty)
            #expect(unchanged.headers[.eTag] == tag)
        }
        #expect(try await self.get(fallback, "/a.js", headers: [.ifNoneMatch: "\"x\""]).status == 200)
        #expect(try await self.get(fallback, "/a.js", method: .head).status == 200)
        #expect(try await self.get(fallback, "/A.js").status == 404)
        #expect(try await self.get(fallback, "/a.js", method: .post).status == 404)
    }

    @Test(arguments: ["/", "/shop.js", "/healthz", "/readyz", "/metrics", "/nowhere"])
    func whoCameOverTLSComesOverTLS(_ path: String) async throws {
        let fallback = self.fallback(pages: .demo)
        // What a proxy that ends TLS may say, and anybody else, too.
        let forwarded = HTTPField.Name("X-Forwarded-Proto").map { [$0: "https"] as HTTPFields } ?? [:]
        for method in [HTTPRequest.Method.get, .head, .post] {
            let secure = try await self.get(fallback, path, method: method, isSecure: true)
            #expect(secure.headers[.strictTransportSecurity] == "max-age=31536000")
            let plain = try await self.get(fallback, path, method: method, headers: forwarded)
            #expect(plain.headers[.strictTransportSecurity] == nil)
        }
        let unchanged = try await self.get(fallback, path, headers: [.ifNoneMatch: "*"], isSecure: true)
        #expect(unchanged.headers[.strictTransportSecurity] == "max-age=31536000")
    }

    @Test func theDemoIsServedOnlyWhenAskedFor() async throws {
        let plain = self.fallback()
        let demo = self.fallback(pages: .demo)
        for path in PageFile.all.keys {
            #expect(try await self.get(plain, path).status == 404)
            let page = try await self.get(demo, path)
            #expect(page.status == 200)
            #expect(page.headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
            #expect(page.headers[.xContentTypeOptions] == "nosniff")
        }
    }
}
