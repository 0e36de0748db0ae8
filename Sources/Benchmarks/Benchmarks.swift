internal import ArgumentParser

/// The hot paths in loops, for `make bench`: docs/performance.md.
///
/// Not asynchronous at the top on purpose: the main thread is a client with blocking sockets, and valgrind does not
/// survive the main thread of an asynchronous program.
@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks",
        abstract: "Runs hot paths a given number of times, or loads a running server.",
        subcommands: [Count.self, Load.self, Waves.self, Durable.self])

    /// Runs one path, for a profiler that counts instructions: what two counts of runs differ by is the path's cost.
    struct Count: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Runs a path a number of times in this process.")

        @Argument(help: "One of \(Path.allCases.map(\.rawValue).joined(separator: ", ")).")
        var path: Path

        @Argument(help: "How often.")
        var times: Int

        func run() throws { try self.path.run(times: self.times) }
    }
}

/// What is counted.
enum Path: String, CaseIterable, ExpressibleByArgument {
    /// A text message of 150 bytes taken apart: Engine.IO packet, Socket.IO packet, event name and arguments.
    case decodePacket = "decode-packet"
    /// An event with 128 bytes of payload encoded as the frame for many receivers.
    case encodeEvent = "encode-event"
    /// An event and its ack over a WebSocket.
    case echo
    /// An event to a room of 1,000 over WebSockets.
    case broadcast
    /// The same with the receivers on two event loops.
    case broadcastOnTwoLoops = "broadcast-two-loops"
    /// An event by POST and its ack by GET.
    case poll
    /// TCP connection, WebSocket handshake, CONNECT and its answer, and the end.
    case connect

    func run(times: Int) throws {
        switch self {
        case .decodePacket: try Codecs.decodePacket(times: times)
        case .encodeEvent: Codecs.encodeEvent(times: times)
        case .echo: try Loopback.echo(times: times)
        case .broadcast: try Loopback.broadcast(receivers: 1000, loops: 1, times: times)
        case .broadcastOnTwoLoops: try Loopback.broadcast(receivers: 1000, loops: 2, times: times)
        case .poll: try Loopback.poll(times: times)
        case .connect: try Loopback.connect(times: times)
        }
    }
}

/// The benchmark itself cannot go on.
struct Broken: Error, CustomStringConvertible {
    let description: String
}
