internal import ArgumentParser
internal import Foundation
internal import NIOCore
internal import NIOPosix

extension Benchmarks {
    /// Sends messages to a running gateway, each of which is acknowledged after its COMMIT, and says how many a second
    /// and after how long.
    struct Durable: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Visitors who write to their chats through a running gateway.")

        @Option(help: "The gateway's port.")
        var port: Int

        @Option(help: "A widget key that admits every origin.")
        var key: String

        @Option(help: "How many visitors, each with a chat and one message under way.")
        var visitors = 400

        @Option(help: "Seconds that count.")
        var seconds = 20

        @Option(help: "Seconds before that, which do not count.")
        var warmUp = 3

        @Option(help: "Messages a second; without it each visitor writes again as soon as the ack is there.")
        var rate: Double?

        @Flag(help: "All of them are one visitor, in one chat; then the numbers in the acks are checked as well.")
        var hot = false

        func run() throws {
            let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
            let done = eventLoop.makePromise(of: DurableRun.Outcome.self)
            let plan = DurableRun.Plan(
                port: self.port, key: self.key, visitors: self.visitors, warmUp: .seconds(Int64(self.warmUp)),
                duration: .seconds(Int64(self.seconds)), rate: self.rate, isHot: self.hot)
            eventLoop.execute {
                DurableRun(
                    plan, on: eventLoop,
                    started: {
                        // Whoever reads this looks at the clocks now.
                        print("counting")
                        fflush(nil)
                    }, done: done
                ).begin()
            }
            let outcome = try done.futureResult.wait()
            var figures: [String: String] = [
                "sends a second": "\(Int(Double(outcome.latencies.count) / Double(self.seconds)))",
                "p50 ms": String(format: "%.2f", outcome.percentile(50)),
                "p99 ms": String(format: "%.2f", outcome.percentile(99)),
                "refused": "\(outcome.refused)",
            ]
            if let isGapless = outcome.isGapless { figures["gapless"] = "\(isGapless)" }
            let members = figures.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
            print("{" + members.joined(separator: ", ") + "}")
        }
    }
}

extension DurableRun {
    /// What came of a run.
    struct Outcome: Sendable {
        /// Microseconds from each counted send to its ack.
        var latencies: [UInt32]
        /// Sends that were answered by an error.
        var refused: Int
        /// Whether the numbers in all acks are so many consecutive ones; nil where each visitor had a chat of their own.
        var isGapless: Bool?

        /// In milliseconds.
        func percentile(_ percent: Int) -> Double {
            let sorted = self.latencies.sorted()
            guard let last = sorted.indices.last else { return 0 }
            return Double(sorted[last * percent / 100]) / 1000
        }
    }
}
