internal import ArgumentParser
internal import Foundation
internal import NIOCore
internal import NIOPosix

extension Benchmarks {
    /// The same crowd comes and goes several times: what it costs must be paid once, and nothing of it may stay.
    struct Waves: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has connections come to the bench listener of a running conformance, and go, wave by wave.")

        @Option(help: "The server's port.")
        var port: Int

        @Option(help: "The server's process.")
        var server: Int32

        @Option(help: "How many connections each wave has; they all need a descriptor, here and there.")
        var connections = 2000

        @Option(help: "How many waves.")
        var waves = 3

        @Option(help: "How long each stays, in seconds.")
        var seconds = 2

        func run() throws {
            let process = try ServerProcess(id: self.server)
            let descriptors = process.descriptors
            var memory: [Int] = []
            for _ in 0..<self.waves {
                let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
                let eventLoop = group.next()
                let done = eventLoop.makePromise(of: LoadRun.Outcome.self)
                let (scenario, port) = (
                    LoadRun.Scenario.hold(connections: self.connections, seconds: self.seconds), self.port
                )
                eventLoop.execute { LoadRun(scenario, on: eventLoop, port: port, started: {}, done: done).begin() }
                _ = try done.futureResult.wait()
                memory.append(process.residentBytes)
                // The end of the loop is the end of all its connections.
                try group.syncShutdownGracefully()
                try Self.wait { process.descriptors <= descriptors }
            }
            let list = memory.map(String.init).joined(separator: ", ")
            print("{\"connections\": \(self.connections), \"resident bytes\": [\(list)]}")
        }

        private static func wait(until isMet: () -> Bool) throws {
            let end = Date.now + 60
            while !isMet() {
                guard Date.now < end else { throw Broken(description: "connections stay open") }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }
}
