internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SocketIO
internal import Storage

/// `/healthz`, `/readyz` and, where it may be told, `/metrics`.
struct HealthRoutes: Sendable {
    let state: ServiceState
    let ticks: LoopTicks
    let metrics: MetricsRegistry
    /// Whether this listener may tell the metrics.
    let servesMetrics: Bool
    /// What is turned away at this moment.
    var shedding: @Sendable () -> [Shedding] = { [] }

    func add(to router: Router<GatewayRequestContext>) {
        router.get("/healthz") { _, _ in
            let isAlive = self.ticks.isAlive()
            return Self.json(isAlive ? .ok : .serviceUnavailable, ["status": isAlive ? "ok" : "stuck"])
        }
        router.get("/readyz") { _, _ in self.readiness() }
        if self.servesMetrics { MetricsRoute(metrics: self.metrics).add(to: router) }
    }

    private func readiness() -> Response {
        let phase: JSONValue =
            switch self.state.phase {
            case .starting: "starting"
            case .accepting: "accepting"
            case .draining, .closing: "draining"
            }
        let (schema, shedding) = (self.state.schema, self.shedding())
        let isReady = self.state.isReady && schema == .ok && shedding.isEmpty
        return Self.json(
            isReady ? .ok : .serviceUnavailable,
            [
                "status": isReady ? "ready" : "unready",
                "phase": phase,
                "database": self.state.isStorageAvailable ? "ok" : "away",
                "schema": .string(schema.rawValue),
                "shedding": .array(shedding.map { .string($0.rawValue) }),
                "limits": self.state.limitsEnabled ? "on" : "off",
                "insecure": .array(self.state.insecure.map(JSONValue.string)),
            ]
        )
    }

    private static func json(_ status: HTTPResponse.Status, _ value: JSONValue) -> Response {
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        if status == .serviceUnavailable { headers[.retryAfter] = "1" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: value.encoded()))
    }
}
