internal import Assignment
internal import Synchronization

/// Counts what everybody sends on this node, and refuses what is too much (docs/events.md, "Rates").
///
/// One token bucket per identity and event, kept while it is not full. Time is a parameter, and the node's own monotonic
/// one: nothing that is stored depends on it.
final class RateLimiter: Sendable {
    private struct Key: Hashable {
        var workspace: String
        var role: Role
        var subject: String
        var event: String
    }

    private struct Bucket {
        var rate: EventRate
        var tokens: Double
        var at: ContinuousClock.Instant

        func tokens(at now: ContinuousClock.Instant) -> Double {
            let elapsed = max(0, (now - self.at) / .seconds(1))
            return min(self.rate.burst, self.tokens + elapsed * self.rate.perSecond)
        }
    }

    private struct State {
        var buckets: [Key: Bucket] = [:]
        /// At so many buckets the full ones are dropped: they say nothing.
        var sweepAt = RateLimiter.smallestSweep
    }

    private static let smallestSweep = 10_000
    private let state = Mutex(State())
    private let isEnabled: Bool

    init(isEnabled: Bool) {
        self.isEnabled = isEnabled
    }

    /// How many buckets are kept.
    var count: Int { self.state.withLock { $0.buckets.count } }

    /// Takes one token for an event of somebody's.
    ///
    /// - Throws: `rate_limited` with the time until the next one.
    func take(
        _ event: any ClientEvent.Type, by principal: Principal, now: ContinuousClock.Instant = .now
    ) throws(EventError) {
        guard let rate = event.rates[principal.role] else { return }
        try self.take(rate, event.name, by: principal, now: now)
    }

    /// Takes one token for an event that is refused before anything is known of it but its sender.
    ///
    /// - Throws: `rate_limited` with the time until the next one.
    func takeRefusal(by principal: Principal, now: ContinuousClock.Instant = .now) throws(EventError) {
        try self.take(Self.refusals, "refused events", by: principal, now: now)
    }

    /// Wide enough for a client with a mistake in it, too narrow for one that sends nothing else.
    private static let refusals = EventRate(5, burst: 50)

    private func take(
        _ rate: EventRate, _ name: String, by principal: Principal, now: ContinuousClock.Instant
    ) throws(EventError) {
        guard self.isEnabled else { return }
        let key = Key(workspace: principal.workspace, role: principal.role, subject: principal.subject, event: name)
        let wait: Double? = self.state.withLock { state in
            Self.sweep(&state, now)
            var bucket = state.buckets[key] ?? Bucket(rate: rate, tokens: rate.burst, at: now)
            bucket.tokens = bucket.tokens(at: now)
            bucket.at = now
            defer { state.buckets[key] = bucket }
            guard bucket.tokens >= 1 else { return (1 - bucket.tokens) / rate.perSecond }
            bucket.tokens -= 1
            return nil
        }
        guard let wait else { return }
        throw EventError(
            .rateLimited, "Too many \(name) at once.", retryAfterMs: max(1, Int64((wait * 1000).rounded(.up))))
    }

    /// Amortised: after a sweep that could drop little, the next one comes when there are twice as many.
    private static func sweep(_ state: inout State, _ now: ContinuousClock.Instant) {
        guard state.buckets.count >= state.sweepAt else { return }
        state.buckets = state.buckets.filter { $0.value.tokens(at: now) < $0.value.rate.burst }
        state.sweepAt = max(self.smallestSweep, 2 * state.buckets.count)
    }
}
