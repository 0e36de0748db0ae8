internal import Assignment
internal import Synchronization

/// How fast one visitor may write: 5 messages a second, 20 at once (docs/events.md, "Rate").
///
/// One token bucket per visitor on this node, kept while it is not full. Time is a parameter, and the node's own monotonic
/// one: nothing that is stored depends on it.
final class MessageRates: Sendable {
    struct Key: Hashable, Sendable {
        var workspace: String
        var visitor: String
    }

    static let perSecond = 5.0
    static let burst = 20.0

    private struct Bucket {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    private let buckets = Mutex<[Key: Bucket]>([:])
    private let isEnabled: Bool

    init(isEnabled: Bool) {
        self.isEnabled = isEnabled
    }

    /// Takes one token.
    ///
    /// - Throws: `rate_limited` with the time until the next one.
    func take(_ key: Key, now: ContinuousClock.Instant = .now) throws(EventError) {
        guard self.isEnabled else { return }
        let wait: Double? = self.buckets.withLock { buckets in
            if buckets.count > 10_000 { buckets = buckets.filter { Self.refilled($0.value, now) < Self.burst } }
            var bucket = buckets[key] ?? Bucket(tokens: Self.burst, at: now)
            bucket.tokens = Self.refilled(bucket, now)
            bucket.at = now
            guard bucket.tokens >= 1 else {
                buckets[key] = bucket
                return (1 - bucket.tokens) / Self.perSecond
            }
            bucket.tokens -= 1
            buckets[key] = bucket
            return nil
        }
        guard let wait else { return }
        throw EventError(
            .rateLimited, "At most \(Int(Self.perSecond)) messages a second.",
            retryAfterMs: max(1, Int64((wait * 1000).rounded(.up))))
    }

    private static func refilled(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        let elapsed = (now - bucket.at) / .seconds(1)
        return min(Self.burst, bucket.tokens + max(0, elapsed) * Self.perSecond)
    }
}
