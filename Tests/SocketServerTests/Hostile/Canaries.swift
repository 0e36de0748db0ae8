import HostileSupport
import NIOCore
import NIOPosix
import SocketIO
import SocketServer
import Synchronization
import Testing

/// Two clients that behave: one sends numbered messages to a room, both must hear each of them once, in order and as soon as
/// ``Punctuality`` wants it.
struct Canaries {
    private static let namespace = "/canaries"
    /// Rounds before the attack begins, and after it is over.
    private static let quietRounds = 3

    /// Not the attackers' loops: what holds those is no matter of the server's.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let isOver: Flag
    private let task: Task<Punctuality, any Error>

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    static func register(on server: SocketServer) {
        server.namespace(Self.namespace)
            .inLoop.onConnection { socket in socket.join("cage") }
            .inLoop.on("sing") { socket, event in
                socket.namespace.to("cage").emit("sung", event.arguments)
                event.ack?()
            }
    }

    /// Exchanges a few messages, then goes on in the background until ``finish()``.
    static func start(on server: TestServer) async throws -> Canaries {
        let codec = server.sockets.configuration.codec
        let isOver = Flag()
        let begun = Gate()
        let port = server.port
        let queue = try await RunQueue(of: server.group)
        let task = Task {
            // Whatever happens, nobody waits for the beginning for ever.
            defer { begun.open() }
            var punctuality = Punctuality()
            let metronome = try await Metronome.start(on: Self.group)
            var birds: [WireClient] = []
            for _ in 0..<2 {
                let bird = try await WireClient.connect(port: port, group: Self.group, lifetime: .minutes(10))
                try await bird.join(Self.namespace, codec)
                birds.append(bird)
            }
            var left = Self.quietRounds
            var number = 0
            while left > 0 {
                if isOver.value.load(ordering: .relaxed) { left -= 1 }
                let (start, waited) = (ContinuousClock.now, queue.waited)
                try await Self.sing(number, birds, codec)
                let round = start.duration(to: .now)
                punctuality.add(round, waited: queue.waited - waited, calm: try await metronome.beat())
                number += 1
                if number == Self.quietRounds { begun.open() }
                // A pace, not a wait: the canaries must not be the load.
                try await Task.sleep(for: .milliseconds(1))
            }
            for bird in birds { try await bird.close() }
            await metronome.stop()
            return punctuality
        }
        await begun.pass()
        return Canaries(isOver: isOver, task: task)
    }

    private static func sing(_ number: Int, _ birds: [WireClient], _ codec: PacketCodec) async throws {
        let id = UInt64(number)
        birds[0].send(codec.event("sing", [.init(number)], id: id, namespace: Self.namespace))
        let song = WireClient.Received(codec.event("sung", [.init(number)], namespace: Self.namespace))
        let answer = WireClient.Received(codec.ack(id, [], namespace: Self.namespace))
        var heard: Set<WireClient.Received> = []
        for _ in 0..<2 { heard.insert(await birds[0].next()) }
        #expect(heard == [song, answer])
        #expect(await birds[1].next() == song)
        // Who is gone sings no more.
        if heard.contains(.closed) { throw CancellationError() }
    }

    /// The attack is over: a few more exchanges, then the canaries leave.
    func finish() async {
        self.isOver.value.store(true, ordering: .relaxed)
        do {
            let punctuality = try await self.task.value
            #expect(punctuality.isKept, "\(punctuality)")
        } catch {
            Issue.record(error, "well-behaved clients were disturbed")
        }
    }
}
