internal import NIOCore
internal import Synchronization

/// How many bad credentials an address may present. A value: time is a parameter.
///
/// Whoever has used the budget up is not listened to, good credential or bad, until some of it has come back: checking
/// signatures for somebody who guesses is work that others wait for.
struct FailureBudget: Sendable {
    private struct Entry {
        var left: Double
        var refilledAt: Int64
    }

    /// Failures that an address has at once, and gets back over a minute.
    private let perMinute: Double
    private var entries: [ArraySlice<UInt8>: Entry] = [:]
    private var spentSinceSweep = 0

    /// Addresses that are remembered.
    var count: Int { self.entries.count }

    init(perMinute: Int) {
        self.perMinute = Double(perMinute)
    }

    /// Seconds until `address` is listened to again; nil where it is now. `now` is in milliseconds of any steady clock.
    func wait(_ address: NetworkAddress, now: Int64) -> Int? {
        guard let entry = self.entries[address.limitKey] else { return nil }
        let left = self.left(of: entry, now: now)
        guard left < 1 else { return nil }
        return max(1, Int(((1 - left) * 60 / self.perMinute).rounded(.up)))
    }

    /// A credential from `address` was bad.
    mutating func spend(_ address: NetworkAddress, now: Int64) {
        self.sweepSometimes(now: now)
        let key = address.limitKey
        let left = self.entries[key].map { self.left(of: $0, now: now) } ?? self.perMinute
        self.entries[key] = Entry(left: max(0, left - 1), refilledAt: now)
    }

    private func left(of entry: Entry, now: Int64) -> Double {
        min(self.perMinute, entry.left + Double(max(0, now - entry.refilledAt)) * self.perMinute / 60_000)
    }

    /// Forgets addresses whose budget is whole again.
    private mutating func sweepSometimes(now: Int64) {
        self.spentSinceSweep += 1
        guard self.spentSinceSweep > max(1024, self.entries.count / 2) else { return }
        self.spentSinceSweep = 0
        self.entries = self.entries.filter { self.left(of: $0.value, now: now) < self.perMinute }
    }
}

/// The budget of the process, which every entrance shares.
final class BadCredentials: Sendable {
    private let budget: Mutex<FailureBudget>
    private let now: @Sendable () -> Int64

    init(
        perMinute: Int = LimitSettings().badCredentialsPerMinute,
        now: @escaping @Sendable () -> Int64 = { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }
    ) {
        self.budget = Mutex(FailureBudget(perMinute: perMinute))
        self.now = now
    }

    /// Seconds until the address is listened to again; nil where it is now, and for whoever is not limited.
    func wait(_ address: NetworkAddress?) -> Int? {
        address.flatMap { address in self.budget.withLock { $0.wait(address, now: self.now()) } }
    }

    /// Counts a refusal that only somebody meets who made the credential up, or had it made up for them.
    func note(_ error: AuthenticationError, from address: NetworkAddress?) {
        guard let address, case .unauthenticated(let reason) = error, reason.isMadeUp else { return }
        self.budget.withLock { $0.spend(address, now: self.now()) }
    }
}

extension AuthenticationError.Reason {
    /// Whether no honest client presents such a thing. What expired or was revoked has once been good.
    var isMadeUp: Bool {
        switch self {
        case .malformed, .tooLong, .algorithm, .critical, .unknownKey, .signature, .claims: true
        case .missing, .notText, .expired, .notYetValid, .issuer, .audience, .revoked: false
        }
    }
}
