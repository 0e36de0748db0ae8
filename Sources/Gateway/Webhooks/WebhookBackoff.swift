/// How long a delivery that failed waits for its next attempt.
///
/// Doubling from the first pause to the longest one, each between half of that and all of it, so that what failed together
/// does not come back together.
struct WebhookBackoff: Sendable, Equatable {
    var first: Int64
    var longest: Int64
    /// Attempts until it is given up.
    var attempts: Int

    /// Milliseconds until the next attempt; nil gives up.
    ///
    /// - Parameters:
    ///   - failed: Attempts that have failed, this one included.
    ///   - random: 0 up to 1.
    func pause(afterFailures failed: Int, random: Double) -> Int64? {
        guard failed < self.attempts else { return nil }
        // 2^40 times a millisecond is 34 years: no doubling beyond it changes anything.
        let doublings = min(max(failed - 1, 0), 40)
        let (product, overflows) = self.first.multipliedReportingOverflow(by: Int64(1) << Int64(doublings))
        let whole = overflows ? self.longest : min(product, self.longest)
        let half = whole / 2
        return half + Int64((Double(whole - half) * min(max(random, 0), 1)).rounded())
    }
}
