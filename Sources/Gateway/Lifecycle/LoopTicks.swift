internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization

/// Proof of life of every event loop: each one stamps the time twice a second. Liveness never touches PostgreSQL.
final class LoopTicks: Service {
    /// A loop that has not ticked for so long is stuck.
    static let tolerance: Duration = .seconds(2)
    private static let interval: TimeAmount = .milliseconds(500)

    private final class Stamp: Sendable {
        let nanoseconds: Atomic<UInt64>

        init(_ now: NIODeadline) {
            self.nanoseconds = Atomic(now.uptimeNanoseconds)
        }
    }

    private let loops: [(loop: any EventLoop, stamp: Stamp)]

    init(group: any EventLoopGroup) {
        let now = NIODeadline.now()
        self.loops = group.makeIterator().map { ($0, Stamp(now)) }
    }

    func run() async throws {
        let tasks = self.loops.map { loop, stamp in
            loop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.interval) { _ in
                stamp.nanoseconds.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed)
            }
        }
        try? await gracefulShutdown()
        // Ticks go on until the process ends: a draining node is alive.
        withExtendedLifetime(tasks) {}
    }

    /// Whether every loop has ticked lately.
    func isAlive(now: NIODeadline = .now()) -> Bool {
        self.loops.allSatisfy { _, stamp in
            let last = stamp.nanoseconds.load(ordering: .relaxed)
            let age = now.uptimeNanoseconds >= last ? now.uptimeNanoseconds - last : 0
            return age <= UInt64(Self.tolerance.inMilliseconds) * 1_000_000
        }
    }
}
