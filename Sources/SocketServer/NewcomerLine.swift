internal import DequeModule
internal import Synchronization

/// Connections that were opened and have not asked to come in yet, oldest first: there are only so many, and one more ends
/// the oldest.
///
/// Whoever has asked is no newcomer any more: how many may wait for an answer is somebody else's bound.
final class NewcomerLine: Sendable {
    private struct State {
        var order: Deque<UInt64> = []
        var waiting: [UInt64: @Sendable () -> Void] = [:]
        var last: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Entries of the order, those who left included; for tests.
    var remembered: Int { self.state.withLock { $0.order.count } }

    var count: Int { self.state.withLock { $0.waiting.count } }

    /// Whether there are so many that the patience with each shrinks.
    var isHalfFull: Bool { self.count > self.capacity / 2 }

    /// - Parameter close: ends the connection; called at most once, from any thread.
    func enter(close: @escaping @Sendable () -> Void) -> UInt64 {
        let (ticket, oldest) = self.state.withLock { state -> (UInt64, (@Sendable () -> Void)?) in
            state.last += 1
            state.waiting[state.last] = close
            state.order.append(state.last)
            guard state.waiting.count > self.capacity else {
                Self.tidy(&state)
                return (state.last, nil)
            }
            while let first = state.order.popFirst() {
                if let close = state.waiting.removeValue(forKey: first) { return (state.last, close) }
            }
            return (state.last, nil)
        }
        oldest?()
        return ticket
    }

    func leave(_ ticket: UInt64) {
        self.state.withLock { state in
            state.waiting[ticket] = nil
            while let first = state.order.first, state.waiting[first] == nil { state.order.removeFirst() }
        }
    }

    /// Those who left from the middle of the line are still in the order; at twice as many they are taken out.
    private static func tidy(_ state: inout State) {
        guard state.order.count > 2 * state.waiting.count + 64 else { return }
        let waiting = state.waiting
        state.order.removeAll { waiting[$0] == nil }
    }
}
