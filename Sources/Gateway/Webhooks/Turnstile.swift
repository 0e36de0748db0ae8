internal import DequeModule
internal import Synchronization

/// Lets so many through at a time; the others wait in line, without anything of the pool's.
final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var line: Deque<CheckedContinuation<Void, Never>> = []
    }

    private let state: Mutex<State>

    init(_ width: Int) {
        self.state = Mutex(State(free: width))
    }

    func pass<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        await self.enter()
        defer { self.leave() }
        return try await body()
    }

    /// Whoever is cancelled stays in line: those before them are quick, and what they then do ends at once.
    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = self.state.withLock { state in
                guard state.free > 0 else {
                    state.line.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next = self.state.withLock { state in
            let next = state.line.popFirst()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume()
    }
}
