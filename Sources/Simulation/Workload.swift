internal import Assignment
internal import Glibc

/// Random chats: Poisson arrivals, handle times, patience and kinds of their own.
///
/// A sequence under one seed is the same for every policy. Its draws are scaled so that their means over the whole run
/// are exactly those that were asked for: the arrivals are a Poisson process given how many there are, and a run of a
/// million chats tells waits as precisely as several million unscaled ones, because most of the error of a busy desk's
/// wait is that of its load.
package struct Workload: Sequence, IteratorProtocol, Sendable {
    /// The mean handle time, so that slacks and pauses of the policies, which are in seconds, have their real size.
    package static let meanHandleMicroseconds = 300_000_000.0

    /// How many chats back a visitor's last one may be.
    package static let memory = 1000

    package struct Settings: Sendable, Hashable {
        /// Arrivals as a share of what all places together can handle: ρ.
        package var load: Double
        package var handleTime = HandleTime.exponential
        /// The mean of an exponential patience in mean handle times; `nil` where everybody waits for ever.
        package var patience: Double?
        /// By how much the rate of arrivals swings around its mean, as a share of it: 0 to 1.
        package var swing = 0.0
        /// How long a swing takes, in mean handle times.
        package var period = 100.0
        /// The share of visitors who come back: they had one of the last ``Workload/memory`` chats, each as likely.
        package var returning = 0.0
        /// The kinds of chats with their shares, which add up to 1.
        package var kinds: [Share] = [Share(kind: ChatKind(), share: 1)]

        package init(load: Double) {
            self.load = load
        }
    }

    package struct Share: Sendable, Hashable {
        package var kind: ChatKind
        package var share: Double

        package init(kind: ChatKind, share: Double) {
            self.kind = kind
            self.share = share
        }
    }

    private let settings: Settings
    private let count: Int
    /// The mean gap between arrivals while their rate is highest, in mean handle times, over the mean of the draws.
    private let gap: Double
    /// One over the mean of the draws of handle times.
    private let handle: Double
    private var number = 0
    /// In mean handle times.
    private var clock = 0.0
    private var arrivals: RandomStream
    private var handling: RandomStream
    private var patience: RandomStream
    private var kinds: RandomStream
    private var returns: RandomStream

    /// - Parameters:
    ///   - slots: The places of the whole team.
    ///   - count: How many chats come.
    package init(_ settings: Settings, slots: Int, count: Int, seed: UInt64) {
        self.settings = settings
        self.count = count
        self.arrivals = RandomStream(seed: seed, .arrivals)
        self.handling = RandomStream(seed: seed, .handling)
        self.patience = RandomStream(seed: seed, .patience)
        self.kinds = RandomStream(seed: seed, .kinds)
        self.returns = RandomStream(seed: seed, .returns)
        let peak = settings.load * Double(slots) * (1 + settings.swing)
        var (arrivals, handling) = (self.arrivals, self.handling)
        // Thinned arrivals are as many as they are.
        let gaps = settings.swing > 0 ? 1 : Self.mean(of: count) { arrivals.exponential() }
        self.gap = 1 / (peak * gaps)
        self.handle = 1 / Self.mean(of: count) { settings.handleTime.draw(&handling) }
    }

    private static func mean(of count: Int, _ draw: () -> Double) -> Double {
        guard count > 1 else { return 1 }
        var sum = 0.0
        for _ in 0..<count { sum += draw() }
        return sum / Double(count)
    }

    package mutating func next() -> SimulatedChat? {
        guard self.number < self.count else { return nil }
        self.advanceToArrival()
        defer { self.number += 1 }
        return SimulatedChat(
            number: self.number, arrival: Timestamp(microseconds: Self.microseconds(self.clock)),
            handleMicroseconds: Swift.max(
                1, Self.microseconds(self.handle * self.settings.handleTime.draw(&self.handling))),
            patienceMicroseconds: self.settings.patience.map {
                Self.microseconds($0 * self.patience.exponential())
            },
            kind: self.drawKind(), follows: self.drawEarlier())
    }

    /// Where the rate swings, arrivals at its peak are thinned out (Lewis and Shedler, 1979).
    private mutating func advanceToArrival() {
        repeat {
            self.clock += self.gap * self.arrivals.exponential()
            guard self.settings.swing > 0 else { return }
            let phase = sin(2 * Double.pi * self.clock / self.settings.period)
            let rate = (1 + self.settings.swing * phase) / (1 + self.settings.swing)
            if self.arrivals.unit() < rate { return }
        } while true
    }

    private mutating func drawKind() -> Int {
        guard self.settings.kinds.count > 1 else { return 0 }
        var rest = self.kinds.unit()
        for (index, share) in self.settings.kinds.enumerated() {
            rest -= share.share
            if rest < 0 { return index }
        }
        return self.settings.kinds.count - 1
    }

    private mutating func drawEarlier() -> Int? {
        guard self.settings.returning > 0, self.number > 0, self.returns.unit() < self.settings.returning else {
            return nil
        }
        return self.number - 1 - self.returns.index(below: Swift.min(self.number, Self.memory))
    }

    static func microseconds(_ handleTimes: Double) -> Int64 {
        Int64((handleTimes * Self.meanHandleMicroseconds).rounded())
    }
}
