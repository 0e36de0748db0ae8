import EngineIO
import Glibc
import HostileSupport
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Transport

extension WireTests {
    /// Where there are several event loops, each has a listener of its own on the one port.
    @Suite struct ListeningWireTests {
        /// Clients with a WebSocket each, until every loop of the server has one.
        private func clientsOnEveryLoop(_ server: TestServer) async throws -> [(EngineConnection, RawClient)] {
            var clients: [(EngineConnection, RawClient)] = []
            var loops: Set<ObjectIdentifier> = []
            // The kernel divides them as it likes: that one loop gets none of so many does not happen.
            while loops.count < server.server.eventLoops.count {
                try #require(clients.count < 100)
                let (sid, client) = try await server.webSocket()
                let connection = try #require(server.engine.connection(sid))
                clients.append((connection, client))
                loops.insert(ObjectIdentifier(connection.eventLoop))
            }
            return clients
        }

        private func listeners(_ server: TransportServer) -> [any Channel] { server.listeners.withLock { $0 } }

        @Test(arguments: [1, 2, 3])
        func everyLoopAcceptsItsOwn(loops: Int) async throws {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
            try await TestServer.run(group: group) { server in
                let listeners = listeners(server.server)
                #expect(Set(listeners.map { ObjectIdentifier($0.eventLoop) }).count == loops)
                // One port, which the system chose for the first of them.
                #expect(listeners.allSatisfy { $0.localAddress == server.address && $0.localAddress?.port != 0 })
                for (connection, _) in try await clientsOnEveryLoop(server) {
                    let isAtHome = try await connection.eventLoop.submit {
                        connection.socket?.context?.channel.parent?.eventLoop === connection.eventLoop
                    }.get()
                    #expect(isAtHome)
                }
            }
            try await group.shutdownGracefully()
        }

        /// A second server on the port is an error, however many listeners either has, and takes nothing from the first.
        @Test(arguments: [1, 2], [1, 2])
        func anAddressInUseIsAnError(loops: Int, others: Int) async throws {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
            let otherGroup = MultiThreadedEventLoopGroup(numberOfThreads: others)
            try await TestServer.run(group: group) { server in
                let port = try #require(server.address.port)
                let second = TransportServer(
                    configuration: TransportConfiguration(port: port), endpoints: [], group: otherGroup,
                    logger: Logger(label: "test"), budget: FileDescriptorBudget(limit: 4096))
                for _ in 0..<3 {
                    let error = await #expect(throws: IOError.self) { try await second.start() }
                    #expect(error?.errnoCode == EADDRINUSE)
                }
                #expect(listeners(second).isEmpty)
                for _ in 0..<20 { #expect(try await server.client().get("/x").text == "GET /x ") }
                try await server.server.shutdown(deadline: .zero)
                #expect(try await second.start().port == port)
                try await second.shutdown(deadline: .zero)
            }
            try await group.shutdownGracefully()
            try await otherGroup.shutdownGracefully()
        }

        @Test(arguments: [1, 2])
        func afterTheEndNobodyListens(loops: Int) async throws {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
            try await TestServer.run(group: group) { server in
                let clients = try await clientsOnEveryLoop(server)
                try await server.server.stopAccepting()
                for _ in 0..<20 { await #expect(throws: (any Error).self) { try await server.client() } }
                for (_, client) in clients {
                    try await client.send(.text("4still here"))
                    #expect(try await client.frame() == .text("4still here"))
                }
            }
            try await group.shutdownGracefully()
        }

        /// The bound holds for what all listeners accept together, and everybody is let in as soon as there is room.
        @Test func acceptingPausesOnEveryLoop() async throws {
            let budget = FileDescriptorBudget(limit: 8)
            try await TestServer.run(budget: budget) { server in
                let early = try await clients(budget.capacity, server)
                for client in early { #expect(try await client.get("/x").status == 200) }
                let late = try await clients(20, server)
                for client in late { try await client.send(RawClient.request("GET", "/late")) }
                await server.settle()
                #expect(await server.server.metrics().connectionsAccepted == budget.capacity)
                #expect(budget.inUse == budget.capacity)
                for client in late.prefix(5) {
                    await #expect(throws: RawClient.TimedOut.self) { try await client.reply(within: .milliseconds(50)) }
                }
                for client in early { await client.close() }
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for client in late {
                        tasks.addTask {
                            let reply = try await client.reply()
                            #expect(reply.text == "GET /late ")
                            #expect(budget.inUse <= budget.capacity)
                            await client.close()
                        }
                    }
                    try await tasks.waitForAll()
                }
                try await eventually { budget.inUse == 0 }
            }
        }

        /// Whoever was accepted and not let in is not forgotten: the end of the listeners is theirs.
        @Test func whoWaitsForRoomIsClosedWithTheListeners() async throws {
            let budget = FileDescriptorBudget(limit: 4)
            try await TestServer.run(budget: budget) { server in
                let early = try await clients(budget.capacity, server)
                for client in early { #expect(try await client.get("/x").status == 200) }
                let late = try await clients(20, server)
                await server.settle()
                try await server.server.stopAccepting()
                for client in late { #expect(await client.isClosedByServer()) }
                for client in early { #expect(try await client.get("/x").status == 200) }
                #expect(budget.inUse == budget.capacity)
            }
        }

        /// Where a port cannot be shared, one listener hands connections to the loops in turn.
        @Test(arguments: [nil, NIOBSDSocket.Option.so_keepalive])
        func oneListenerServesAllLoops(sharing: NIOBSDSocket.Option?) async throws {
            try await TestServer.run(sharing: sharing) { server in
                #expect(listeners(server.server).count == 1)
                let clients = try await clientsOnEveryLoop(server)
                #expect(clients.count == 2)
            }
        }

        @Test func wantOfDescriptorsIsSaidOnceForAllListeners() {
            let log = LogWatch()
            let context = ServerContext(
                configuration: TransportConfiguration(), engines: [], webSockets: [], fallback: NotFoundFallback(),
                logger: log.logger, budget: FileDescriptorBudget(limit: 1))
            let error = IOError(errnoCode: EMFILE, reason: "accept")
            for second: Int64 in [0, 1, 59] {
                context.warnOfExhaustion(error, now: .uptimeNanoseconds(1) + .seconds(second))
            }
            #expect(log.texts.count == 1)
            context.warnOfExhaustion(error, now: .uptimeNanoseconds(1) + .seconds(60))
            #expect(log.texts.count == 2)
        }

        private func clients(_ count: Int, _ server: TestServer) async throws -> [RawClient] {
            var clients: [RawClient] = []
            for _ in 0..<count { clients.append(try await server.client()) }
            return clients
        }
    }
}
