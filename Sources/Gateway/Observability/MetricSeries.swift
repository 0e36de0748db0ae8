internal import Metrics
internal import Synchronization

/// One counter or gauge.
final class MetricSeries: CounterHandler, MeterHandler, RecorderHandler {
    private let bits = Atomic<Int64>(0)

    var value: Int64 { self.bits.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        self.bits.wrappingAdd(amount, ordering: .relaxed)
    }

    func decrement(by amount: Double) {
        self.bits.wrappingSubtract(Self.whole(amount), ordering: .relaxed)
    }

    func increment(by amount: Double) {
        self.bits.wrappingAdd(Self.whole(amount), ordering: .relaxed)
    }

    func set(_ value: Int64) {
        self.bits.store(value, ordering: .relaxed)
    }

    func set(_ value: Double) {
        self.set(Self.whole(value))
    }

    func record(_ value: Int64) {
        self.set(value)
    }

    func record(_ value: Double) {
        self.set(value)
    }

    func reset() {
        self.set(Int64(0))
    }

    private static func whole(_ value: Double) -> Int64 { Int64(exactly: value.rounded()) ?? 0 }
}
