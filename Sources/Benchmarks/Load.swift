internal import ArgumentParser
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Synchronization

extension Benchmarks {
    /// Puts a server under load and says what that cost it. The figures of one machine on one day: rates mean little
    /// where others use it too.
    struct Load: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Loads the bench listener of a running conformance.")

        enum Scenario: String, CaseIterable, ExpressibleByArgument {
            case ack1, ack10, broadcast, connect, rooms, polling, hold

            func run(connections: Int, seconds: Int) -> LoadRun.Scenario {
                switch self {
                case .hold: .hold(connections: connections, seconds: seconds)
                case .ack1: .ack(connections: 200, inFlight: 1)
                case .ack10: .ack(connections: 200, inFlight: 10)
                case .broadcast: .broadcast(receivers: 1000, window: 4)
                case .connect: .connect(connections: 5000, atOnce: 64)
                case .rooms: .rooms(count: 2000, size: 3, perSecond: 20_000)
                case .polling: .polling(sessions: 100)
                }
            }
        }

        @Argument(help: "One of \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")).")
        var scenario: Scenario

        @Option(help: "The server's port.")
        var port: Int

        @Option(help: "The server's process.")
        var server: Int32

        @Option(help: "How many connections are held.")
        var connections = 5000

        @Option(help: "How long they are held, in seconds; heartbeats come every 25.")
        var seconds = 50

        func run() throws {
            let process = try ServerProcess(id: self.server)
            let memory = process.residentBytes
            let begin = Mutex((processor: 0.0, time: NIODeadline.now()))
            let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
            let done = eventLoop.makePromise(of: LoadRun.Outcome.self)
            let (scenario, port) = (self.scenario.run(connections: self.connections, seconds: self.seconds), self.port)
            eventLoop.execute {
                LoadRun(
                    scenario, on: eventLoop, port: port,
                    started: { begin.withLock { $0 = (process.processorTime, .now()) } }, done: done
                ).begin()
            }
            let outcome = try done.futureResult.wait()
            let operations = outcome.operations
            let (processor, time) = begin.withLock { $0 }
            var figures = [
                "per second": Double(operations) / (Double((NIODeadline.now() - time).nanoseconds) / 1e9),
                "processor us each": (process.processorTime - processor) * 1e6 / Double(operations),
            ]
            switch self.scenario {
            case .connect:
                figures["bytes per connection"] = Double(process.residentBytes - memory) / Double(operations)
            case .hold:
                figures["bytes per connection"] = Double(process.residentBytes - memory) / Double(self.connections)
            case .ack1, .ack10, .broadcast, .rooms, .polling:
                break
            }
            if !outcome.delays.isEmpty {
                let delays = outcome.delays.sorted()
                figures["p50 ms"] = Double(delays[delays.count / 2]) / 1000
                figures["p99 ms"] = Double(delays[delays.count * 99 / 100]) / 1000
            }
            let text = figures.sorted { $0.key < $1.key }.map { name, value in
                "\"\(name)\": " + (value < 1000 ? String(format: "%.2f", value) : "\(Int(value))")
            }
            print("{" + text.joined(separator: ", ") + "}")
        }
    }
}
