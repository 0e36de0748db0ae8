internal import Glibc

/// A pipe that interrupts a thread's `poll`.
final class WakeUp: Sendable {
    enum Cause {
        case signal
        case socket
        case timeout
    }

    private let readEnd: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        // Without descriptors `wait` degrades to short sleeps, see below.
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.readEnd = ends[0]
        self.writeEnd = ends[1]
    }

    deinit {
        close(self.readEnd)
        close(self.writeEnd)
    }

    func signal() {
        var byte: UInt8 = 0
        // A full pipe is as good: the thread has a wake-up pending.
        _ = write(self.writeEnd, &byte, 1)
    }

    /// Waits for a signal, for `socket` to become readable, or for the deadline.
    func wait(orFor socket: Int32?, until deadline: ContinuousClock.Instant?) -> Cause {
        var descriptors = [
            pollfd(fd: self.readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        var timeout = deadline.map { ContinuousClock.now.duration(to: $0).pollMilliseconds } ?? -1
        if self.readEnd < 0 { timeout = 10 }
        guard poll(&descriptors, 2, timeout) > 0 else { return .timeout }
        if descriptors[0].revents != 0 {
            var bytes: [UInt8] = Array(repeating: 0, count: 64)
            while read(self.readEnd, &bytes, bytes.count) == bytes.count {}
            return .signal
        }
        return descriptors[1].revents != 0 ? .socket : .timeout
    }
}
