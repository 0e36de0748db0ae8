import EngineIO
import HostileSupport
import NIOCore
import SocketIO
import SocketServer
import Synchronization
import Testing
import Transport

/// A server on which two well-behaved clients talk in a room before, during and after an attack, after which nothing
/// of it may be left: no session, socket, handler, timer, connection or descriptor; and what was logged must be ours and
/// little.
///
/// In `/` and in `/chat`, `echo` acknowledges with its arguments; `journal` has every other event and every end.
final class HostileArena: Sendable {
    let server: TestServer
    let journal: Journal
    private let witnesses: Witnesses
    private let guests = Mutex<[any Channel]>([])

    private init(server: TestServer, journal: Journal, witnesses: Witnesses) {
        self.server = server
        self.journal = journal
        self.witnesses = witnesses
    }

    static func run(
        _ configuration: SocketServerConfiguration = SocketServerConfiguration(),
        register: (SocketServer) -> Void = { _ in }, _ attack: (HostileArena) async throws -> Void
    ) async throws {
        let journal = Journal()
        let witnesses = Witnesses()
        let log = LogWatch()
        try await TestServer.run(
            configuration, logger: log.logger, watched: { SessionWatch($0, witnesses) },
            register: { sockets in
                register(sockets)
                for name in ["/", "/chat"] {
                    Self.register(on: sockets.namespace(name), journal, witnesses)
                }
                Canaries.register(on: sockets)
            }
        ) { server in
            let arena = HostileArena(server: server, journal: journal, witnesses: witnesses)
            let canaries = try await Canaries.start(on: server)
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await attack(arena))
            } catch {
                outcome = .failure(error)
            }
            await canaries.finish()
            try outcome.get()
            for guest in arena.guests.withLock({ $0 }) { try? await guest.close() }
            await arena.expectBaseline()
            let connections = await server.transport.metrics().connectionsAccepted
            #expect(log.faults(incidents: connections).isEmpty)
        }
    }

    private static func register(on namespace: Namespace, _ journal: Journal, _ witnesses: Witnesses) {
        namespace
            .inLoop.onConnection { socket in
                witnesses.watch(socket)
            }
            .inLoop.on("echo") { _, event in event.ack?.send(event.arguments) }
            .inLoop.onUnhandled { _, event in journal.note("event \(event.name)") }
            .inLoop.onDisconnect { _, reason in journal.note(reason.rawValue) }
    }

    /// A connection that the arena closes in the end.
    func welcome(_ client: WireClient) { self.guests.withLock { $0.append(client.channel) } }

    /// A client whose session is open and who has joined nothing; the arena closes it in the end.
    ///
    /// - Parameter first: What it sends together with its request.
    func stranger(first: String? = nil) async throws -> WireClient {
        let client = try await self.server.client(first: first)
        self.welcome(client)
        return client
    }

    /// A client of Socket.IO 2, which has joined `/` without asking; the arena closes it in the end.
    func olderClient() async throws -> WireClient {
        let client = try await self.server.olderClient()
        self.welcome(client)
        await client.expect("40")
        return client
    }

    /// A client that has joined namespaces; the arena closes it in the end.
    func client(in namespaces: String...) async throws -> WireClient {
        let client = try await self.stranger()
        for namespace in namespaces.isEmpty ? ["/"] : namespaces {
            try await client.join(namespace, self.codec)
        }
        return client
    }

    /// Whether a client that joined `/` is still served, and got nothing else before.
    func expectAlive(_ client: WireClient, sourceLocation: SourceLocation = #_sourceLocation) async {
        client.send(self.codec.event("echo", ["alive"], id: 99))
        let answer = await client.next()
        #expect(answer == .init(self.codec.ack(99, ["alive"])), sourceLocation: sourceLocation)
    }

    private var codec: PacketCodec { self.server.sockets.configuration.codec }

    private func expectBaseline() async {
        let end = NIODeadline.now() + .seconds(30)
        var leftovers = await self.leftovers()
        while !leftovers.isEmpty, NIODeadline.now() < end {
            try? await Task.sleep(for: .milliseconds(2))
            leftovers = await self.leftovers()
        }
        #expect(leftovers.isEmpty)
    }

    /// What is not back where it was before anybody came.
    private func leftovers() async -> [String: Int] {
        let metrics = await self.server.transport.metrics()
        let found = [
            "connections": metrics.connectionsOpen, "descriptors": Descriptors.serving(port: self.server.port).count,
            "sessions": metrics.sessionsOpen, "polling sessions": metrics.sessionsPolling,
            "registered sessions": self.server.transport.sessionCount, "timers": metrics.timers,
            "pending bytes": metrics.pendingBytes, "protocol timers": self.server.sockets.pendingTimers,
            "handlers": self.server.sockets.runningHandlers, "socket objects": self.witnesses.sockets,
            "session objects": self.witnesses.sessions,
            "members": self.server.sockets.namespaces.reduce(0) { $0 + $1.socketCount },
        ]
        return found.filter { $0.value != 0 }
    }
}
