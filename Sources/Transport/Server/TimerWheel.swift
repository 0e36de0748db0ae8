internal import NIOCore

/// Something with a deadline. It stays in its wheel until it is removed, and is told each time its deadline passes.
protocol TimerWheelTarget: AnyObject {
    /// When ``deadlineReached(now:)`` is due. After moving it to an earlier time, call ``TimerWheel/arm(_:)``.
    var deadline: NIODeadline { get }
    var wheelPosition: TimerWheel.Position { get set }
    /// Bytes that wait for the peer.
    var pendingBytes: Int { get }
    func deadlineReached(now: NIODeadline)
    /// The server goes away: end as soon as what is under way is done.
    func serverIsClosing()
    /// The server is gone: close without waiting for anything.
    func closeNow()
}

/// All deadlines of one event loop: a ring of slots, one per tick.
///
/// A connection costs one entry of 16 bytes instead of a scheduled task with its closure. A deadline that moves to a
/// later time costs nothing: the entry is looked at when its slot comes up, and put where the deadline is by then. An
/// entry fires up to one tick late and never early.
struct TimerWheel {
    /// Where a target's entry is.
    struct Position {
        fileprivate static let absent: Int32 = -1
        /// Taken out of its slot, about to be looked at.
        fileprivate static let detached: Int32 = -2

        fileprivate var slot = absent
        fileprivate var index: Int32 = 0

        init() {}
    }

    private static let slotCount = 512

    private let tick: Int64
    private var slots: [[any TimerWheelTarget]]
    /// The newest tick whose slot has been looked at.
    private var current: Int64
    private(set) var count = 0

    init(tick: TimeAmount, now: NIODeadline) {
        self.tick = max(1, tick.nanoseconds)
        slots = Array(repeating: [], count: Self.slotCount)
        current = Int64(clamping: now.uptimeNanoseconds) / self.tick
    }

    /// Adds a target, or makes sure that its entry comes up no later than its deadline.
    mutating func arm(_ target: any TimerWheelTarget) {
        let due = tickNumber(of: target.deadline)
        let position = target.wheelPosition
        switch position.slot {
        case Position.absent:
            count += 1
            insert(target, at: due)
        case Position.detached:
            break
        default:
            let distance = (Int64(position.slot) - current) & Int64(Self.slotCount - 1)
            guard due < current + (distance == 0 ? Int64(Self.slotCount) : distance) else { return }
            takeOut(position)
            insert(target, at: due)
        }
    }

    /// Removes a target; harmless if it is not there.
    mutating func remove(_ target: any TimerWheelTarget) {
        let position = target.wheelPosition
        guard position.slot != Position.absent else { return }
        if position.slot != Position.detached { takeOut(position) }
        target.wheelPosition = Position()
        count -= 1
    }

    /// When the wheel must be advanced next; nil while it is empty.
    var nextWake: NIODeadline? {
        guard count > 0 else { return nil }
        for distance in 1...Int64(Self.slotCount) where !slots[slotIndex(current + distance)].isEmpty {
            return NIODeadline.uptimeNanoseconds(UInt64(clamping: (current + distance) * tick))
        }
        return nil
    }

    /// Takes the targets out of the next slot that has come up by `now`; nil when there is none.
    ///
    /// The caller looks at each with ``shouldFire(_:now:)`` and puts it back with ``putBack(_:)``; in between, targets
    /// may be removed or armed at will.
    mutating func popSlot(now: NIODeadline) -> [any TimerWheelTarget]? {
        let target = Int64(clamping: now.uptimeNanoseconds) / tick
        guard current < target else { return nil }
        // After a long pause one turn of the wheel is enough.
        if target - current > Int64(Self.slotCount) { current = target - Int64(Self.slotCount) }
        while current < target {
            current += 1
            let index = slotIndex(current)
            guard !slots[index].isEmpty else { continue }
            var taken: [any TimerWheelTarget] = []
            swap(&taken, &slots[index])
            for target in taken { target.wheelPosition.slot = Position.detached }
            return taken
        }
        return nil
    }

    /// Whether a target taken by ``popSlot(now:)`` is still in the wheel and its deadline has passed.
    func shouldFire(_ target: any TimerWheelTarget, now: NIODeadline) -> Bool {
        target.wheelPosition.slot == Position.detached && target.deadline <= now
    }

    /// Puts a target taken by ``popSlot(now:)`` where its deadline is, unless it was removed.
    mutating func putBack(_ target: any TimerWheelTarget) {
        guard target.wheelPosition.slot == Position.detached else { return }
        insert(target, at: tickNumber(of: target.deadline))
    }

    /// All targets at this moment.
    var targets: [any TimerWheelTarget] { slots.flatMap(\.self) }

    private mutating func insert(_ target: any TimerWheelTarget, at due: Int64) {
        let slot = slotIndex(min(max(due, current + 1), current + Int64(Self.slotCount)))
        target.wheelPosition.slot = Int32(truncatingIfNeeded: slot)
        target.wheelPosition.index = Int32(truncatingIfNeeded: slots[slot].count)
        slots[slot].append(target)
    }

    private mutating func takeOut(_ position: Position) {
        let (slot, index) = (Int(position.slot), Int(position.index))
        guard let last = slots[slot].popLast() else { return }
        if index < slots[slot].count {
            slots[slot][index] = last
            last.wheelPosition.index = position.index
        }
    }

    /// The first tick at which the deadline has certainly passed.
    private func tickNumber(of deadline: NIODeadline) -> Int64 {
        let time = Int64(clamping: deadline.uptimeNanoseconds)
        return time / tick + (time % tick == 0 ? 0 : 1)
    }

    private func slotIndex(_ tick: Int64) -> Int { Int(truncatingIfNeeded: tick & Int64(Self.slotCount - 1)) }
}
