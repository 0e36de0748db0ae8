/// What a node still takes on while there is more work than it can do: the rule, without clocks or threads.
///
/// After CoDel: not how much waits counts, but whether everything has waited too long for a whole interval. Then the
/// node takes on less, one step per interval, and more again the same way. What is refused first is what costs most and
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
        /// How long it must be so.
        var interval: Duration = .milliseconds(500)
    }

    typealias Instant = ContinuousClock.Instant

    private let bounds: Bounds
    /// Whether delays count, or only memory.
    private let countsDelays: Bool
    /// By delays.
    private var pace = Level.everything
    /// Since when it has been as it is now, and was not yet answered.
    private var since: (isLate: Bool, at: Instant)?
    private(set) var isShortOfMemory = false

    init(bounds: Bounds = Bounds(), countsDelays: Bool = true) {
        self.bounds = bounds
        self.countsDelays = countsDelays
    }

    /// Memory that is taken does not come back by refusing words: it keeps newcomers out, and no more.
    var level: Level { max(self.pace, self.isShortOfMemory ? .noNewcomers : .everything) }

    mutating func observe(_ sample: Sample, now: Instant) {
        self.isShortOfMemory = sample.memory > self.bounds.memory
        guard self.countsDelays else { return }
        let isLate = sample.queueDelay > self.bounds.queueDelay || sample.loopLag > self.bounds.loopLag
        guard let since = self.since, since.isLate == isLate else {
            self.since = (isLate, now)
            return
        }
        guard now - since.at >= self.bounds.interval else { return }
        self.since = (isLate, now)
        let next = isLate ? Int(self.pace.rawValue) + 1 : Int(self.pace.rawValue) - 1
        self.pace = Level(rawValue: UInt8(clamping: next)) ?? self.pace
    }
}
