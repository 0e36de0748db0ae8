/// What a node still takes on while there is more work than it can do: the rule, without clocks or threads.
///
/// After CoDel: not how much waits counts, but whether everything has waited too long for a whole interval. Then the
/// node takes on less, one step per interval; an interval after something was in time, it takes on more again. What is refused first is what costs most and
/// what its sender repeats by itself; staff's words and acks come last, and are never refused here.
struct AdmissionControl: Sendable {
    enum Level: UInt8, Sendable, Comparable, CaseIterable {
        case everything
        /// No new sessions: 503.
        case noNewcomers
        /// No reading in old messages either.
        case noHistory
        /// No visitors' messages either.
        case noVisitors

        static func < (lhs: Level, rhs: Level) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// How things stand at one moment.
    struct Sample: Sendable {
        /// How long the first in the line before the pool has waited.
        var queueDelay: Duration = .zero
        /// How late the latest event loop is.
        var loopLag: Duration = .zero
        /// The process's memory as a share of what it may have; 0 where nobody set a limit.
        var memory = 0.0
    }

    struct Bounds: Sendable {
        var queueDelay: Duration = .milliseconds(100)
        var loopLag: Duration = .milliseconds(200)
        var memory = 0.8
        /// Below which it is enough again: what hovers at the bound must not turn newcomers away every other moment.
        var enoughMemory = 0.75
        /// How long it must be so.
        var interval: Duration = .milliseconds(500)
    }

    typealias Instant = ContinuousClock.Instant

    private let bounds: Bounds
    /// Whether delays count, or only memory.
    private let countsDelays: Bool
    /// By delays.
    private var pace = Level.everything
    /// Since when everything has been late, and was not yet answered.
    private var lateSince: Instant?
    /// When, after the last step, something was in time for the first time.
    private var calmSince: Instant?
    private(set) var isShortOfMemory = false

    init(bounds: Bounds = Bounds(), countsDelays: Bool = true) {
        self.bounds = bounds
        self.countsDelays = countsDelays
    }

    /// Memory that is taken does not come back by refusing words: it keeps newcomers out, and no more.
    var level: Level { max(self.pace, self.isShortOfMemory ? .noNewcomers : .everything) }

    mutating func observe(_ sample: Sample, now: Instant) {
        self.isShortOfMemory =
            sample.memory > (self.isShortOfMemory ? self.bounds.enoughMemory : self.bounds.memory)
        guard self.countsDelays else { return }
        let isLate = sample.queueDelay > self.bounds.queueDelay || sample.loopLag > self.bounds.loopLag
        if isLate {
            self.lateSince = self.lateSince ?? now
        } else {
            self.lateSince = nil
            self.calmSince = self.calmSince ?? now
        }
        if let since = self.lateSince, now - since >= self.bounds.interval {
            (self.lateSince, self.calmSince) = (now, nil)
            self.step(by: 1)
        } else if let since = self.calmSince, now - since >= self.bounds.interval {
            // Single late moments in between are no overload: whoever waited for none would stay away for ever.
            self.calmSince = isLate ? nil : now
            self.step(by: -1)
        }
    }

    private mutating func step(by steps: Int) {
        self.pace = Level(rawValue: UInt8(clamping: Int(self.pace.rawValue) + steps)) ?? self.pace
    }
}
