import EngineIO
import HostileSupport
import NIOCore
import NIOPosix
import Testing

@testable import Transport

/// A server with well-behaved clients on it, and the promise that an attack leaves no trace on either.
///
/// Two canaries, one on each transport, exchange numbered messages before, during and after the attack: each must come
/// back, once, in order and in time. Afterwards sessions, connections, timers, descriptors and objects must be gone, and what
/// was logged must be ours and little. The server has event loops of its own: what holds them is this attack.
final class Arena: Sendable {
    let server: TestServer
    private let guests = Guests()

    private init(server: TestServer) { self.server = server }

    /// - Parameter descriptors: how many connections the server may have.
    static func run(
        _ engine: EngineConfiguration = EngineConfiguration(), cors: any CORSPolicy = StaticCORSPolicy.off,
        descriptors: Int = 20_000, configure: (inout TransportConfiguration) -> Void = { _ in },
        _ attack: (Arena) async throws -> Void
    ) async throws {
        let budget = FileDescriptorBudget(limit: descriptors)
        let log = LogWatch()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(
                try await run(engine, cors: cors, budget: budget, log: log, group: group, configure: configure, attack))
        } catch {
            outcome = .failure(error)
        }
        try await group.shutdownGracefully()
        try outcome.get()
    }

    private static func run(
        _ engine: EngineConfiguration, cors: any CORSPolicy, budget: FileDescriptorBudget, log: LogWatch,
        group: MultiThreadedEventLoopGroup, configure: (inout TransportConfiguration) -> Void,
        _ attack: (Arena) async throws -> Void
    ) async throws {
        let queue = try await RunQueue(of: group)
        try await TestServer.run(
            engine, cors: cors, budget: budget, group: group, logger: log.logger, configure: configure
        ) { server in
            let arena = Arena(server: server)
            let canaries = [
                try await Canary.overWebSocket(server, queue), try await Canary.overPolling(server, queue),
            ]
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await attack(arena))
            } catch {
                outcome = .failure(error)
            }
            for canary in canaries { canary.end() }
            for canary in canaries { await canary.finish() }
            try outcome.get()
            await arena.seeGuestsOff()
            await arena.expectBaseline(budget)
            let connections = await server.server.metrics().connectionsAccepted
            #expect(log.faults(incidents: connections).isEmpty)
        }
    }

    // MARK: Guests

    /// A connection that the arena closes in the end.
    func client(receiveBuffer: Int? = nil) async throws -> RawClient {
        let client = try await RawClient.connect(to: server.address, receiveBuffer: receiveBuffer)
        guests.add(client)
        return client
    }

    /// A polling session that the arena closes in the end, if it still lives.
    func poll() async throws -> (sid: String, client: RawClient) {
        let client = try await client()
        let sid = try TestServer.sid(of: try await client.get(TestServer.polling).text)
        guests.add(sid)
        return (sid, client)
    }

    func webSocket(receiveBuffer: Int? = nil) async throws -> (sid: String, client: RawClient) {
        let client = try await client(receiveBuffer: receiveBuffer)
        guard try await client.upgrade(TestServer.webSocket).status == 101 else { throw HTTPReply.Malformed() }
        return (try TestServer.sid(of: try await client.frame().text), client)
    }

    static func polling(_ sid: String) -> String { TestServer.polling + "&sid=\(sid)" }
    static func webSocket(_ sid: String) -> String { TestServer.webSocket + "&sid=\(sid)" }

    /// Whether a polling session still takes a message and gives it back.
    func isAlive(_ sid: String) async throws -> Bool {
        let client = try await client()
        guard try await client.post(Self.polling(sid), "4alive").text == "ok" else { return false }
        return try await client.get(Self.polling(sid)).text.split(separator: "\u{1E}").contains("4alive")
    }

    /// Lets the loops handle what was sent.
    func settle() async { await server.settle() }

    struct NeverHappened: Error {
        let metrics: TransportMetrics
    }

    /// Waits until the server's counters say so.
    func until(_ condition: (TransportMetrics) -> Bool) async throws {
        let end = NIODeadline.now() + .seconds(30)
        while true {
            let metrics = await server.server.metrics()
            if condition(metrics) { return }
            guard NIODeadline.now() < end else { throw NeverHappened(metrics: metrics) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The texts that reached the layer above, without the canaries'.
    var delivered: [String] {
        server.engine.events.compactMap { event in
            if case .text(let text) = event, !text.hasPrefix(Canary.prefix) { text } else { nil }
        }
    }

    // MARK: The invariant

    private func seeGuestsOff() async {
        for sid in guests.sessions where server.engine.connection(sid) != nil {
            let client = try? await server.client()
            _ = try? await client?.post(Self.polling(sid), "1")
            await client?.close()
        }
        for client in guests.clients { await client.close() }
    }

    private func expectBaseline(_ budget: FileDescriptorBudget) async {
        let end = NIODeadline.now() + .seconds(30)
        var leftovers = await self.leftovers(budget)
        while !leftovers.isEmpty, NIODeadline.now() < end {
            try? await Task.sleep(for: .milliseconds(5))
            leftovers = await self.leftovers(budget)
        }
        #expect(leftovers.isEmpty)
    }

    /// What is not back where it was before anybody came.
    private func leftovers(_ budget: FileDescriptorBudget) async -> [String: Int] {
        let metrics = await server.server.metrics()
        let found = [
            "connections": metrics.connectionsOpen, "sessions": metrics.sessionsOpen,
            "polling sessions": metrics.sessionsPolling, "registered sessions": server.server.sessionCount,
            "timers": metrics.timers, "pending bytes": metrics.pendingBytes, "counted descriptors": budget.inUse,
            "descriptors": Descriptors.serving(port: server.address.port ?? 0).count,
            "session objects": server.engine.survivors,
        ]
        return found.filter { $0.value != 0 }
    }
}
