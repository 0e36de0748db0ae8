import NIOCore
import SocketIO
import SocketServer
import Testing
import Transport

@Suite struct ConnectTests {
    private struct Unforeseen: Error {}

    @Test("Without a CONNECT, or with refused ones only, the connection ends; with one it stays")
    func connectTimeout() async throws {
        var configuration = SocketServerConfiguration()
        configuration.connectTimeout = .seconds(2)
        try await TestServer.run(
            configuration,
            register: { server in
                server.namespace("/").inLoop.on("echo") { _, event in event.ack?() }
            }
        ) { server in
            // What they say goes with their requests: this task may have to wait for others longer than the timeout.
            let joined = try await server.client(first: "40")
            let silent = try await server.client()
            let refused = try await server.client(first: "40/nope,")
            _ = try await joined.expect(prefix: #"40{"sid":""#)
            await refused.expect(#"44/nope,{"message":"Invalid namespace"}"#)
            await silent.expectClosed()
            await refused.expectClosed()
            joined.send("41")
            let other = try await server.client(first: "40")
            _ = try await other.expect(prefix: #"40{"sid":""#)
            other.send(#"420["echo"]"#)
            await other.expect("430[]")
        }
    }

    @Test(
        "Whoever was refused stands in line again: one more who has not come in ends them, not those who ask honestly")
    func refusedAreNewcomersAgain() async throws {
        var configuration = SocketServerConfiguration()
        configuration.maxNewcomers = 2
        try await TestServer.run(configuration, register: { _ = $0.namespace("/") }) { server in
            let joined = try await server.client(in: "/")
            let refused = try await server.client(first: "40/nope,")
            await refused.expect(#"44/nope,{"message":"Invalid namespace"}"#)
            let (second, third) = (try await server.client(), try await server.client())
            await refused.expectClosed()
            for client in [second, third] {
                client.send("40")
                _ = try await client.expect(prefix: #"40{"sid":""#)
            }
            joined.send("40/nope,")
            await joined.expect(#"44/nope,{"message":"Invalid namespace"}"#)
            let crowd = [try await server.client(), try await server.client(), try await server.client()]
            await crowd[0].expectClosed()
            joined.send("41")
        }
    }

    @Test("Middleware holds a CONNECT: packets wait, what it emits goes first")
    func hold() async throws {
        let gate = Gate()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .use { socket in
                    socket.emit("early", [1])
                    await gate.pass()
                    socket.emit("almost", [2])
                }
                .inLoop.onConnection { $0.emit("welcome") }
                .inLoop.on("echo") { _, event in event.ack?.send(event.arguments) }
        }) { server in
            let client = try await server.client()
            client.send("40")
            client.send(#"421["echo","a"]"#)
            client.send(#"422["echo","b"]"#)
            await client.expect(#"42["early",1]"#)
            gate.open()
            await client.expect(#"42["almost",2]"#)
            _ = try await client.expect(prefix: #"40{"sid":""#)
            await client.expect(#"42["welcome"]"#)
            await client.expect(#"431["a"]"#)
            await client.expect(#"432["b"]"#)
        }
    }

    @Test("A refusal is a 44, and the connection lives; middlewares run in order until one refuses")
    func refuse() async throws {
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/")
            server.namespace("/chat")
                .use { _ in journal.note("first") }
                .use { socket in
                    journal.note("second")
                    guard try socket.decodeAuth()["token"] == "secret" else {
                        throw ConnectRefusal(message: "not authorized", data: ["code": 401])
                    }
                }
                .use { _ in journal.note("third") }
                .inLoop.onConnection { _ in journal.note("connected") }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(#"40/chat,{"token":"guess"}"#)
            await client.expect(#"44/chat,{"message":"not authorized","data":{"code":401}}"#)
            #expect(journal.entries == ["first", "second"])
            client.send(#"40/chat,{"token":"secret"}"#)
            _ = try await client.expect(prefix: #"40/chat,{"sid":""#)
            #expect(journal.entries.suffix(4) == ["first", "second", "third", "connected"])
        }
    }

    @Test("Middleware that cannot decide closes the transport without a 44", arguments: [true, false])
    func abort(foreseen: Bool) async throws {
        try await TestServer.run(register: { server in
            server.namespace("/").use { _ in
                if foreseen { throw ConnectAbort() } else { throw Unforeseen() }
            }
        }) { server in
            let client = try await server.client()
            client.send("40")
            await client.expectClosed()
        }
    }

    @Test("A CONNECT that is withdrawn while it is held is never answered")
    func withdraw() async throws {
        let gate = Gate()
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/").inLoop.on("echo") { _, event in event.ack?() }
            server.namespace("/slow")
                .use { _ in
                    journal.note("held")
                    await gate.pass()
                }
                .inLoop.onConnection { _ in journal.note("connected") }
        }) { server in
            let client = try await server.client(in: "/")
            client.send("40/slow,")
            _ = await journal.entries(1)
            client.send("41/slow,")
            client.send(#"420["echo"]"#)
            await client.expect("430[]")
            gate.open()
            // Once nothing is at work any more, the late decision has been handed to the loop before this echo.
            while server.sockets.runningHandlers > 0 { await Task.yield() }
            client.send(#"421["echo"]"#)
            await client.expect("431[]")
            #expect(journal.entries == ["held"])
            #expect(server.sockets.namespace("/slow").socketCount == 0)
        }
    }

    @Test("Dynamic namespaces come with their first socket and, if asked for, go with their last")
    func dynamicNamespaces() async throws {
        var configuration = SocketServerConfiguration()
        configuration.cleanupEmptyChildNamespaces = true
        let journal = Journal()
        try await TestServer.run(
            configuration,
            register: { server in
                server.namespaces { $0.hasPrefix("/room-") }
                    .inLoop.onConnection { $0.emit("hello", [.string($0.namespace.name)]) }
                    .onDisconnect { socket, _ in journal.note(socket.namespace.name) }
            }
        ) { server in
            #expect(server.sockets.namespaces.isEmpty)
            let ana = try await server.client(in: "/room-1")
            await ana.expect(#"42/room-1,["hello","/room-1"]"#)
            let bob = try await server.client(in: "/room-1")
            await bob.expect(#"42/room-1,["hello","/room-1"]"#)
            #expect(server.sockets.namespaces.map(\.name) == ["/room-1"])
            server.sockets.namespace("/room-1").emit("all")
            await ana.expect(#"42/room-1,["all"]"#)
            await bob.expect(#"42/room-1,["all"]"#)
            ana.send("41/room-1,")
            #expect(await journal.entries(1) == ["/room-1"])
            #expect(server.sockets.namespaces.count == 1)
            bob.send("41/room-1,")
            _ = await journal.entries(2)
            // The handler is told first, the namespace goes in the same turn of the loop.
            let deadline = ContinuousClock.now + .seconds(10)
            while !server.sockets.namespaces.isEmpty, ContinuousClock.now < deadline { await Task.yield() }
            #expect(server.sockets.namespaces.isEmpty)
        }
    }

    @Test func handshakeAndData() async throws {
        final class Principal: Sendable {
            let name = "ana"
        }
        try await TestServer.run(register: { server in
            server.namespace("/")
                .use { $0.data = Principal() }
                .inLoop.on("who") { socket, event in
                    event.ack?(
                        JSONValue((socket.data as? Principal)?.name), .string(socket.handshake.remoteAddress),
                        .bool(socket.handshake.queryValue("EIO") == "4"), .int(socket.id.count))
                }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(#"420["who"]"#)
            await client.expect(#"430["ana","127.0.0.1",true,20]"#)
        }
    }
}
