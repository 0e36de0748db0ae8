internal import Foundation
internal import NIOCore
package import NIOPosix

/// How long threads of this process wanted to run and were not let: what a busy machine adds to whatever they do.
package struct RunQueue: Sendable {
    private let threads: [String]

    /// The threads of event loops.
    package init(of group: MultiThreadedEventLoopGroup) async throws {
        var threads: [String] = []
        for eventLoop in group.makeIterator() {
            threads.append(
                try await eventLoop.submit {
                    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
                }.get())
        }
        self.threads = threads
    }

    /// All their waiting until now; zero where the kernel does not count it.
    package var waited: Duration {
        let nanoseconds = self.threads.reduce(Int64(0)) { sum, thread in
            // Time on a processor, time in the queue for one, number of turns.
            let fields = (try? String(contentsOfFile: "/proc/\(thread)/schedstat", encoding: .utf8))?.split(
                separator: " ")
            return sum + (fields.flatMap { $0.count > 1 ? Int64($0[1]) : nil } ?? 0)
        }
        return .nanoseconds(nanoseconds)
    }
}
