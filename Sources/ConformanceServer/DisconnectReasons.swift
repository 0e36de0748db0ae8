internal import SocketIO
internal import Synchronization

/// Why the last sockets left, by their ids.
final class DisconnectReasons: Sendable {
    private struct State {
        var reasons: [String: DisconnectReason] = [:]
        /// Oldest first; bounds the memory.
        var order: [String] = []
    }

    private static let capacity = 10_000
    private let state = Mutex(State())

    func remember(_ reason: DisconnectReason, of id: String) {
        self.state.withLock { state in
            if state.order.count >= 2 * Self.capacity {
                for old in state.order.prefix(Self.capacity) { state.reasons[old] = nil }
                state.order.removeFirst(Self.capacity)
            }
            state.reasons[id] = reason
            state.order.append(id)
        }
    }

    subscript(id: String) -> DisconnectReason? {
        self.state.withLock { $0.reasons[id] }
    }
}
