import Metrics
import Testing

@testable import Gateway

@Suite struct MetricsRegistryTests {
    @Test func seriesOfOneNameStandTogether() async {
        let registry = MetricsRegistry()
        let sent = Counter(label: "puente.sent", dimensions: [("role", "ai")], factory: registry)
        sent.increment()
        sent.increment(by: 4)
        Counter(label: "puente.sent", dimensions: [("role", "visitor")], factory: registry).increment()
        Gauge(label: "puente.waiting", factory: registry).record(7)
        Timer(label: "puente.commit", factory: registry).recordMilliseconds(3)
        let text = await registry.exposition()
        #expect(
            text.contains(
                """
                # TYPE puente_sent_total counter
                puente_sent_total{role="ai"} 5
                puente_sent_total{role="visitor"} 1

                """
            )
        )
        #expect(text.contains("# TYPE puente_waiting gauge\npuente_waiting 7\n"))
        #expect(text.contains("puente_commit_seconds_bucket{le=\"0.0025\"} 0\n"))
        #expect(text.contains("puente_commit_seconds_bucket{le=\"0.005\"} 1\n"))
        #expect(text.contains("puente_commit_seconds_bucket{le=\"+Inf\"} 1\n"))
        #expect(text.contains("puente_commit_seconds_sum 0.003\n"))
        #expect(text.contains("puente_commit_seconds_count 1\n"))
    }

    @Test func theSameSeriesIsOneSeries() async {
        let registry = MetricsRegistry()
        for _ in 0..<3 { Counter(label: "a", factory: registry).increment() }
        #expect(await registry.exposition() == "# TYPE a_total counter\na_total 3\n")
    }

    /// Row Z02: a label whose values come from input does not grow without bound.
    @Test func seriesAreBounded() async {
        let registry = MetricsRegistry()
        for number in 0..<10_000 {
            Counter(label: "a", dimensions: [("workspace", "w\(number)")], factory: registry).increment()
        }
        let lines = await registry.exposition().split(separator: "\n")
        #expect(lines.count <= MetricsRegistry.maximumSeries + 2)
        #expect(lines.contains("a_total{workspace=\"other\"} \(10_000 - MetricsRegistry.maximumSeries)"))
    }

    @Test func sourcesAreReadAtScrapeTime() async {
        let registry = MetricsRegistry()
        registry.addSource {
            [
                MetricSample("b", .gauge, 2), MetricSample("a_total", .counter, 1, labels: [("reason", "x")]),
                MetricSample("a_total", .counter, 4, labels: [("reason", "y")]),
            ]
        }
        #expect(
            await registry.exposition()
                == "# TYPE a_total counter\na_total{reason=\"x\"} 1\na_total{reason=\"y\"} 4\n# TYPE b gauge\nb 2\n"
        )
    }
}
