import NIOCore
import SocketIO
import Testing

@testable import SocketServer
@testable import Transport

/// Events that are not worth waiting for leave out whoever is behind, to the byte, and nobody else.
@Suite struct DispensableTests {
    private static let soft = 4096

    @Test(arguments: [-1, 0, 1], [1, 2])
    func whoIsBehindIsSpared(_ distance: Int, _ receivers: Int) async throws {
        let (joined, sockets) = AsyncStream<Socket>.makeStream()
        try await TestServer.run(
            transport: { $0.softPendingBytes = Self.soft },
            register: { $0.namespace("/").inLoop.onConnection { sockets.yield($0) } }
        ) { server in
            // Between two polls everything waits, and every byte of it is counted.
            let client = try BlockingClient(port: server.port)
            let target = try BlockingClient.poll(over: client)
            try client.post(target, "40")
            var iterator = joined.makeAsyncIterator()
            let socket = try #require(await iterator.next())
            client.beginPoll(target)
            try client.receive(until: "40{")
            // With a second receiver the packet is prepared for many.
            let other = receivers == 2 ? try await server.client(in: "/") : nil

            func pending() async throws -> Int {
                try await socket.eventLoop.submit { socket.engine.pendingBytes }.get()
            }
            socket.emit("f", [""])
            let least = try await pending()
            try #require(least > 0 && 2 * least < Self.soft)
            socket.emit("f", [.string(String(repeating: "x", count: Self.soft + distance - 2 * least))])
            try #require(try await pending() == Self.soft + distance)

            let namespace = server.sockets.namespace("/")
            namespace.dispensable.emit("d")
            let isBehind = distance > 0
            let after = try await pending()
            #expect((after == Self.soft + distance) == isBehind)
            namespace.to(socket.id).dispensable.emit("d")
            namespace.emit("certain")
            if let other {
                #expect(await other.next() == .text(#"42["d"]"#))
                #expect(await other.next() == .text(#"42["certain"]"#))
            }
            // Before the poll, which would be answered with what is there.
            _ = try await pending()
            client.beginPoll(target)
            let behind = try client.receive(until: #"42["certain"]"#)
            #expect(behind.contains(#"42["d"]"#) == !isBehind)
            // Below the mark it is told again.
            try #require(try await pending() == 0)
            namespace.dispensable.emit("again")
            client.beginPoll(target)
            try client.receive(until: #"42["again"]"#)
        }
    }
}
