internal import Hummingbird
internal import NIOCore

/// `/metrics`, in Prometheus' text form: on the main port while the host is loopback, and on a listener of its own
/// where `metricsPort` is set.
struct MetricsRoute: Sendable {
    let metrics: MetricsRegistry

    func add(to router: Router<GatewayRequestContext>) {
        router.get("/metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: await self.metrics.exposition()))
            )
        }
    }
}
