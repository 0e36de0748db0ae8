internal import DequeModule

/// Who gets which connection and who waits: the pool without threads, sockets or clocks.
///
/// Slots are numbered connections. A slot is down (being connected), idle, busy or stopped; inputs are named after what
/// happened, and the answer says what to do, in order.
struct PoolStateMachine {
    typealias JobID = UInt64
    typealias Slot = Int
    typealias Instant = ContinuousClock.Instant

    enum Action: Equatable {
        case run(JobID, on: Slot)
        case refuse(JobID, Refusal)
        case connect(Slot, after: Duration)
        case stop(Slot)
        /// The pool has a working connection from now on, or has none any more.
        case available(Bool)
    }

    enum Refusal: Equatable {
        case queueFull
        case waitedTooLong
        case noConnection
        case cancelled
        case shutDown
    }

    private enum SlotState: Equatable {
        case down(failures: Int)
        case idle
        case busy(Waiter, Lane)
        case stopped
    }

    private struct Waiter: Equatable {
        var job: JobID
        var deadline: Instant
    }

    private let limits: [Lane: LaneLimits]
    /// Of all connections, how many may serve joins at one time.
    private let joinShare: Int
    private var slots: [SlotState]
    private var queues: [Lane: Deque<Waiter>] = [:]
    /// The most recently used last: its caches are warm.
    private var idle: [Slot] = []
    private var turn = 0
    private var isShutDown = false
    private(set) var isAvailable = false

    /// Whose turn it is when several lanes wait: messages get every other connection that becomes free.
    private static let turns: [Lane] = [.message, .statement, .message, .join]

    init(size: Int, limits: [Lane: LaneLimits] = LaneLimits.defaults) {
        self.limits = limits
        self.joinShare = max(1, size / 2)
        self.slots = Array(repeating: .down(failures: 0), count: size)
    }
}

// MARK: - Inputs

extension PoolStateMachine {
    /// The pool begins.
    func started() -> [Action] {
        self.slots.indices.map { .connect($0, after: .zero) }
    }

    mutating func submitted(_ job: JobID, lane: Lane, now: Instant) -> [Action] {
        guard !self.isShutDown else { return [.refuse(job, .shutDown)] }
        guard self.isAvailable else { return [.refuse(job, .noConnection)] }
        let limits = self.limits(of: lane)
        self.queues[lane, default: []].append(Waiter(job: job, deadline: now + limits.maxWait))
        let actions = self.dispatched()
        guard self.waiting(in: lane) > limits.capacity else { return actions }
        self.queues[lane, default: []].removeLast()
        return actions + [.refuse(job, .queueFull)]
    }

    /// The caller no longer wants the answer. A job that runs already runs on.
    mutating func cancelled(_ job: JobID) -> [Action] {
        for lane in Lane.allCases {
            guard let index = self.queues[lane]?.firstIndex(where: { $0.job == job }) else { continue }
            self.queues[lane]?.remove(at: index)
            return [.refuse(job, .cancelled)]
        }
        return []
    }

    /// A slot has a working connection.
    mutating func connected(_ slot: Slot) -> [Action] {
        guard case .down = self.slots[slot] else { return [] }
        self.slots[slot] = .idle
        self.idle.append(slot)
        var actions: [Action] = []
        if !self.isAvailable {
            self.isAvailable = true
            actions.append(.available(true))
            // PostgreSQL is back: the others need not sit out their delays.
            for other in self.slots.indices {
                if case .down(let failures) = self.slots[other], failures > 0 {
                    self.slots[other] = .down(failures: 0)
                    actions.append(.connect(other, after: .zero))
                }
            }
        }
        return actions + self.dispatched()
    }

    /// The job on a slot is over and its connection is in order.
    mutating func finished(_ slot: Slot) -> [Action] {
        guard case .busy = self.slots[slot] else { return [] }
        guard !self.isShutDown else {
            self.slots[slot] = .stopped
            return [.stop(slot)]
        }
        self.slots[slot] = .idle
        self.idle.append(slot)
        return self.dispatched()
    }

    /// A slot's connection is gone, or could not be made.
    ///
    /// - Parameter unstarted: the slot was given a job that it has not begun: the job goes back to the head of its
    ///   queue, nothing of it has happened.
    mutating func lost(_ slot: Slot, unstarted: Bool = false) -> [Action] {
        var failures = 0
        switch self.slots[slot] {
        case .down(let count):
            failures = count + 1
        case .idle:
            self.idle.removeAll { $0 == slot }
        case .busy(let waiter, let lane):
            if unstarted { self.queues[lane, default: []].prepend(waiter) }
        case .stopped:
            return []
        }
        guard !self.isShutDown else {
            self.slots[slot] = .stopped
            return [.stop(slot)] + self.refusedAll(.shutDown)
        }
        self.slots[slot] = .down(failures: failures)
        var actions: [Action] = [.connect(slot, after: Self.delay(failures: failures))]
        if self.isAvailable, self.slots.allSatisfy(Self.isDown) {
            self.isAvailable = false
            actions.append(.available(false))
            actions += self.refusedAll(.noConnection)
        }
        return actions + self.dispatched()
    }

    /// Time has passed.
    mutating func ticked(now: Instant) -> [Action] {
        var actions: [Action] = []
        for lane in Lane.allCases {
            while let head = self.queues[lane]?.first, head.deadline <= now {
                self.queues[lane]?.removeFirst()
                actions.append(.refuse(head.job, .waitedTooLong))
            }
        }
        return actions
    }

    /// The end: waiters are refused, running jobs finish.
    mutating func shutDown() -> [Action] {
        guard !self.isShutDown else { return [] }
        self.isShutDown = true
        var actions = self.refusedAll(.shutDown)
        for slot in self.slots.indices {
            switch self.slots[slot] {
            case .down, .idle:
                self.slots[slot] = .stopped
                actions.append(.stop(slot))
            case .busy, .stopped:
                break
            }
        }
        self.idle = []
        // Nobody is told that PostgreSQL is away: it is not.
        self.isAvailable = false
        return actions
    }

    /// When ``ticked(now:)`` has something to do next.
    var nextDeadline: Instant? {
        Lane.allCases.compactMap { self.queues[$0]?.first?.deadline }.min()
    }

    /// How long the first in line has waited, of those who write or read for somebody who is in. CONNECTs and joins have a
    /// line of their own, which is long whenever many come at once, and is no sign of anything else.
    func longestWait(now: Instant) -> Duration {
        [Lane.message, .statement].compactMap { lane in
            self.queues[lane]?.first.map { now - ($0.deadline - self.limits(of: lane).maxWait) }
        }.max() ?? .zero
    }

    var statistics: PoolStatistics {
        var statistics = PoolStatistics(isAvailable: self.isAvailable)
        for slot in self.slots {
            switch slot {
            case .idle: statistics.idle += 1
            case .busy: statistics.busy += 1
            case .down: statistics.down += 1
            case .stopped: break
            }
        }
        for lane in Lane.allCases {
            statistics.waiting[lane] = self.waiting(in: lane)
        }
        return statistics
    }
}

// MARK: - Rules

extension PoolStateMachine {
    /// Gives idle connections to waiters.
    private mutating func dispatched() -> [Action] {
        var actions: [Action] = []
        while let slot = self.idle.last, let (lane, waiter) = self.next() {
            self.idle.removeLast()
            self.slots[slot] = .busy(waiter, lane)
            actions.append(.run(waiter.job, on: slot))
        }
        return actions
    }

    private mutating func next() -> (Lane, Waiter)? {
        for step in 0..<Self.turns.count {
            let lane = Self.turns[(self.turn + step) % Self.turns.count]
            if lane == .join, self.busyWithJoins >= self.joinShare { continue }
            guard let waiter = self.queues[lane]?.popFirst() else { continue }
            self.turn = (self.turn + step + 1) % Self.turns.count
            return (lane, waiter)
        }
        return nil
    }

    private var busyWithJoins: Int {
        self.slots.count { slot in
            if case .busy(_, .join) = slot { true } else { false }
        }
    }

    private mutating func refusedAll(_ reason: Refusal) -> [Action] {
        var actions: [Action] = []
        for lane in Lane.allCases {
            actions += (self.queues[lane] ?? []).map { .refuse($0.job, reason) }
            self.queues[lane] = []
        }
        return actions
    }

    private func waiting(in lane: Lane) -> Int {
        self.queues[lane]?.count ?? 0
    }

    private func limits(of lane: Lane) -> LaneLimits {
        self.limits[lane] ?? LaneLimits(capacity: 0, maxWait: .zero)
    }

    private static func isDown(_ slot: SlotState) -> Bool {
        switch slot {
        case .down, .stopped: true
        case .idle, .busy: false
        }
    }

    /// At once after a connection that had worked; then 50 ms, doubling up to 1 s.
    static func delay(failures: Int) -> Duration {
        failures == 0 ? .zero : min(.milliseconds(25 << min(failures, 10)), .seconds(1))
    }
}
