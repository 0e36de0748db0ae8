internal import Assignment

/// What the visitors in line were told by ``QueueForecast``, and what came of it.
///
/// It knows what the product knows: the place, the slots, and a running mean of the handle times that have ended.
struct ForecastBook {
    private(set) var calibration = Calibration()
    private var promises: [Int: QueueForecast.Wait] = [:]
    /// In milliseconds; `nil` before the first chat has ended.
    private var handleMilliseconds: Double?

    /// The weight of the newest handle time in the running mean.
    private static let newest = 0.01

    mutating func ended(afterMicroseconds handled: Int64) {
        let milliseconds = Double(handled) / 1000
        let mean = self.handleMilliseconds ?? milliseconds
        self.handleMilliseconds = mean + Self.newest * (milliseconds - mean)
    }

    mutating func tell(_ chat: SimulatedChat, position: Int, slots: Int) {
        guard let handleMilliseconds else { return }
        let forecast = QueueForecast(slots: Double(slots), freeSlots: 0, handleMilliseconds: handleMilliseconds)
        self.promises[chat.number] = forecast.wait(position: position)
    }

    mutating func began(_ chat: SimulatedChat, afterMicroseconds wait: Int64) {
        guard let promise = self.promises.removeValue(forKey: chat.number) else { return }
        self.calibration.told += 1
        if wait <= Int64(promise.p50Seconds) * 1_000_000 { self.calibration.withinMedian += 1 }
        if wait <= Int64(promise.p90Seconds) * 1_000_000 { self.calibration.withinNinetieth += 1 }
    }
}
