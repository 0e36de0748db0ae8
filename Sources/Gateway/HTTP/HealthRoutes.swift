internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SocketIO

/// `/healthz`, `/readyz` and `/metrics` (events.md 5.31).
struct HealthRoutes: Sendable {
    let state: ServiceState
    let ticks: LoopTicks
    let metrics: MetricsRegistry
    /// Whether this listener may tell the metrics.
    let servesMetrics: Bool

    func add(to router: Router<GatewayRequestContext>) {
        router.get("/healthz") { _, _ in
            let isAlive = self.ticks.isAlive()
            return Self.json(isAlive ? .ok : .serviceUnavailable, ["status": isAlive ? "ok" : "stuck"])
        }
        router.get("/readyz") { _, _ in self.readiness() }
        if self.servesMetrics { self.addMetrics(to: router) }
    }

    func addMetrics(to router: Router<GatewayRequestContext>) {
        router.get("/metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: await self.metrics.exposition()))
            )
        }
    }

    private func readiness() -> Response {
        let phase: JSONValue =
            switch self.state.phase {
            case .starting: "starting"
            case .accepting: "accepting"
            case .draining: "draining"
            }
        let isReady = self.state.isReady
        return Self.json(
            isReady ? .ok : .serviceUnavailable,
            [
                "status": isReady ? "ready" : "unready",
                "phase": phase,
                "database": self.state.isStorageAvailable ? "ok" : "away",
                "limits": self.state.limitsEnabled ? "on" : "off",
            ]
        )
    }

    private static func json(_ status: HTTPResponse.Status, _ value: JSONValue) -> Response {
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        if status == .serviceUnavailable { headers[.retryAfter] = "1" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: value.encoded()))
    }
}
