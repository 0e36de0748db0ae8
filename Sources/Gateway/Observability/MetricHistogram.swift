internal import Metrics
internal import Synchronization

/// Counts of recorded values by upper bound, their number and their sum.
final class MetricHistogram: RecorderHandler, TimerHandler {
    /// Bounds for durations: a fast in-memory answer to a timeout.
    static let seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Bounds for sizes and counts.
    static let sizes: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000, 1_000_000]

    private struct State {
        var counts: [Int]
        var count = 0
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        self.state = Mutex(State(counts: Array(repeating: 0, count: bounds.count)))
    }

    func record(_ value: Int64) {
        self.record(Double(value))
    }

    func recordNanoseconds(_ duration: Int64) {
        self.record(Double(duration) / 1_000_000_000)
    }

    func record(_ value: Double) {
        let index = self.bounds.firstIndex { value <= $0 }
        self.state.withLock { state in
            if let index { state.counts[index] += 1 }
            state.count += 1
            state.sum += value
        }
    }

    /// - Parameter labels: in text form, braces included.
    func write(name: String, labels: String, into text: inout String) {
        let state = self.state.withLock { $0 }
        let inner = labels.isEmpty ? "" : labels.dropFirst().dropLast() + ","
        var running = 0
        for (bound, count) in zip(self.bounds, state.counts) {
            running += count
            text += "\(name)_bucket{\(inner)le=\"\(MetricLabels.number(bound))\"} \(running)\n"
        }
        text += "\(name)_bucket{\(inner)le=\"+Inf\"} \(state.count)\n"
        text += "\(name)_sum\(labels) \(MetricLabels.number(state.sum))\n"
        text += "\(name)_count\(labels) \(state.count)\n"
    }
}
