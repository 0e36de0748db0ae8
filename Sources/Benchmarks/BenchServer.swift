internal import EngineIO
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import SocketIO
internal import SocketServer
internal import Transport

/// A server in this process, as an application would make it: one event loop unless more are asked for, production settings, three events.
struct BenchServer {
    let port: Int

    init(loops: Int = 1) throws {
        let logger = Logger(label: "benchmarks") { StreamLogHandler.standardError(label: $0) }
        let sockets = SocketServer(logger: logger)
        Self.register(on: sockets.namespace("/"))
        // No heartbeat falls into a run, however slow a profiler makes it.
        let engine = EngineConfiguration(pingInterval: .hours(1), pingTimeout: .hours(1))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        let server = TransportServer(
            configuration: TransportConfiguration(port: 0),
            endpoints: [EngineEndpoint(configuration: engine, handler: sockets)],
            group: group, logger: logger)
        let address = try group.next().makeFutureWithTask { try await server.start() }.wait()
        guard let port = address.port else { throw Broken(description: "no port") }
        self.port = port
    }

    private static func register(on namespace: Namespace) {
        namespace.inLoop.on("echo") { _, event in event.ack?.send(event.arguments) }
        namespace.inLoop.on("join") { socket, event in
            guard let room = (try? event.arguments.splitFirst())?.first.string else { return }
            socket.join(room)
            event.ack?()
        }
        namespace.inLoop.on("say") { socket, event in
            guard let (room, payload) = try? event.arguments.splitFirst(), let room = room.string else { return }
            socket.namespace.to(room).emit("said", payload)
        }
    }
}
