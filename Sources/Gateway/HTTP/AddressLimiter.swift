/// Connections and handshakes per address. A value: time is a parameter.
struct AddressLimiter: Sendable {
    enum Verdict: Sendable, Equatable {
        case admitted
        /// 429, with the seconds for `Retry-After`.
        case refused(retryAfter: Int)
    }

    private struct Entry {
        var connections = 0
        /// Handshakes left, refilled continuously up to one second's worth.
        var tokens: Double
        var refilledAt: Int64
    }

    private let connectionsPerAddress: Int
    private let handshakesPerSecond: Int
    private var entries: [ArraySlice<UInt8>: Entry] = [:]
    private var admittedSinceSweep = 0

    init(settings: LimitSettings) {
        self.connectionsPerAddress = settings.connectionsPerAddress
        self.handshakesPerSecond = settings.handshakesPerSecond
    }

    /// Addresses that are remembered.
    var count: Int { self.entries.count }

    /// A handshake from `address` at `now` (milliseconds of any steady clock). Each one admitted is released once.
    mutating func admit(_ address: NetworkAddress, now: Int64) -> Verdict {
        self.sweepSometimes(now: now)
        let key = address.limitKey
        let rate = Double(self.handshakesPerSecond)
        var entry = self.entries[key] ?? Entry(tokens: rate, refilledAt: now)
        entry.tokens = min(rate, entry.tokens + Double(max(0, now - entry.refilledAt)) * rate / 1000)
        entry.refilledAt = now
        defer { self.entries[key] = entry }
        guard entry.connections < self.connectionsPerAddress else { return .refused(retryAfter: 10) }
        guard entry.tokens >= 1 else { return .refused(retryAfter: 1) }
        entry.tokens -= 1
        entry.connections += 1
        return .admitted
    }

    /// A connection that was admitted has ended.
    mutating func release(_ address: NetworkAddress) {
        guard var entry = self.entries[address.limitKey] else { return }
        entry.connections = max(0, entry.connections - 1)
        self.entries[address.limitKey] = entry
    }

    /// Forgets addresses without connections whose allowance is full again, so that passers-by cost nothing.
    private mutating func sweepSometimes(now: Int64) {
        self.admittedSinceSweep += 1
        guard self.admittedSinceSweep > max(1024, self.entries.count / 2) else { return }
        self.admittedSinceSweep = 0
        self.entries = self.entries.filter { $0.value.connections > 0 || now - $0.value.refilledAt < 1000 }
    }
}
