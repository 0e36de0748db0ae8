internal import Metrics
internal import Synchronization

/// Everything that `/metrics` tells: the handlers that swift-metrics asks for, and sources that are read at scrape
/// time (the loops' own integers, the pool's statistics).
final class MetricsRegistry: MetricsFactory {
    typealias Source = @Sendable () async -> [MetricSample]

    /// Series of one name. A label whose values come from input can't grow the registry: further ones share a series.
    static let maximumSeries = 200

    private struct Contents {
        var families: [String: MetricFamily] = [:]
        var sources: [Source] = []
    }

    private let contents = Mutex(Contents())

    /// Adds numbers that somebody else counts.
    func addSource(_ source: @escaping Source) {
        self.contents.withLock { $0.sources.append(source) }
    }

    /// The text exposition, version 0.0.4.
    func exposition() async -> String {
        let (families, sources) = self.contents.withLock { ($0.families, $0.sources) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            family.write(name: name, into: &text)
        }
        var samples: [MetricSample] = []
        for source in sources { samples += await source() }
        var lastName = ""
        for sample in samples.sorted(by: { $0.name < $1.name }) {
            if sample.name != lastName { text += "# TYPE \(sample.name) \(sample.kind.rawValue)\n" }
            lastName = sample.name
            text += "\(sample.name)\(MetricLabels.text(sample.labels)) \(MetricLabels.number(sample.value))\n"
        }
        return text
    }

    // MARK: MetricsFactory

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.series(label, suffix: "_total", .counter, dimensions)
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.series(label, suffix: "", .gauge, dimensions)
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate
            ? self.histogram(label, unit: "", MetricHistogram.sizes, dimensions)
            : self.series(label, suffix: "", .gauge, dimensions)
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.histogram(label, unit: "_seconds", MetricHistogram.seconds, dimensions)
    }

    // Series live as long as the process: a counter that vanished and came back at zero would look like a restart.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func series(
        _ label: String, suffix: String, _ kind: MetricSample.Kind, _ dimensions: [(String, String)]
    ) -> MetricSeries {
        self.contents.withLock { contents in
            contents.families[MetricLabels.name(label) + suffix, default: MetricFamily(kind: kind.rawValue)]
                .series(dimensions)
        }
    }

    private func histogram(
        _ label: String, unit: String, _ bounds: [Double], _ dimensions: [(String, String)]
    ) -> MetricHistogram {
        self.contents.withLock { contents in
            contents.families[MetricLabels.name(label) + unit, default: MetricFamily(kind: "histogram")]
                .histogram(dimensions, bounds: bounds)
        }
    }
}
