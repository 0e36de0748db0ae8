import NIOCore
import SocketIO
import SocketServer
import Synchronization
import Testing
import Transport

/// One input of the bad-input catalogue, docs/hostile-input.md, that concerns Socket.IO.
struct HostileRow: Sendable, CustomTestStringConvertible {
    let id: String
    let what: String
    let attack: @Sendable (HostileArena) async throws -> Void

    init(_ id: String, _ what: String, attack: @escaping @Sendable (HostileArena) async throws -> Void) {
        self.id = id
        self.what = what
        self.attack = attack
    }

    var testDescription: String { "\(self.id): \(self.what)" }

    func run(_ configuration: SocketServerConfiguration = SocketServerConfiguration()) async throws {
        try await HostileArena.run(configuration, self.attack)
    }
}

/// A server on which two well-behaved clients talk in a room before, during and after an attack, after which nothing
/// of it may be left: no session, socket, handler, timer or connection.
///
/// In `/` and in `/chat`, `echo` acknowledges with its arguments; `journal` has every other event and every end.
final class HostileArena: Sendable {
    let server: TestServer
    let journal: Journal
    private let witnesses: Witnesses
    private let guests = Mutex<[any Channel]>([])

    private final class Witnesses: Sendable {
        struct Witness {
            weak var socket: Socket?
        }

        let list = Mutex<[Witness]>([])

        var survivors: Int { self.list.withLock { list in list.count { $0.socket != nil } } }
    }

    private init(server: TestServer, journal: Journal, witnesses: Witnesses) {
        self.server = server
        self.journal = journal
        self.witnesses = witnesses
    }

    static func run(
        _ configuration: SocketServerConfiguration, _ attack: (HostileArena) async throws -> Void
    ) async throws {
        let journal = Journal()
        let witnesses = Witnesses()
        try await TestServer.run(
            configuration,
            register: { sockets in
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
        }
    }

    private static func register(on namespace: Namespace, _ journal: Journal, _ witnesses: Witnesses) {
        namespace
            .inLoop.onConnection { socket in
                witnesses.list.withLock { $0.append(Witnesses.Witness(socket: socket)) }
            }
            .inLoop.on("echo") { _, event in event.ack?.send(event.arguments) }
            .inLoop.onUnhandled { _, event in journal.note("event \(event.name)") }
            .inLoop.onDisconnect { _, reason in journal.note(reason.rawValue) }
    }

    /// A client whose session is open and who has joined nothing; the arena closes it in the end.
    ///
    /// - Parameter first: What it sends together with its request.
    func stranger(first: String? = nil) async throws -> WireClient {
        let client = try await self.server.client(first: first)
        self.guests.withLock { $0.append(client.channel) }
        return client
    }

    /// A client of Socket.IO 2, which has joined `/` without asking; the arena closes it in the end.
    func olderClient() async throws -> WireClient {
        let client = try await self.server.olderClient()
        self.guests.withLock { $0.append(client.channel) }
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
            "connections": metrics.connectionsOpen, "sessions": metrics.sessionsOpen, "timers": metrics.timers,
            "pending bytes": metrics.pendingBytes, "protocol timers": self.server.sockets.pendingTimers,
            "handlers": self.server.sockets.runningHandlers, "socket objects": self.witnesses.survivors,
            "members": self.server.sockets.namespaces.reduce(0) { $0 + $1.socketCount },
        ]
        return found.filter { $0.value != 0 }
    }
}
