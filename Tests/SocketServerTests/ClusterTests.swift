import AdapterContract
import NIOCore
import SocketIO
import SocketServer
import Testing

/// Two servers with real sockets on one cluster.
@Suite struct ClusterTests {
    private final class Profile: DescribableData {
        let jsonDescription: JSONValue

        init(_ name: String) { self.jsonDescription = ["name": .string(name)] }
    }

    private func withServers(
        _ register: (Namespace) -> Void = { _ in },
        _ body: (_ here: TestServer, _ there: TestServer) async throws -> Void
    ) async throws {
        // One cluster per namespace; these servers have one.
        let cluster = InMemoryCluster()
        let adapter: SocketServer.AdapterFactory = { InMemoryClusterAdapter($0, cluster: cluster) }
        func run(_ body: (TestServer) async throws -> Void) async throws {
            try await TestServer.run(
                adapter: adapter,
                register: { server in
                    let namespace = server.namespace("/")
                    namespace.inLoop.on("join") { socket, event in
                        guard let room = (try? event.arguments.splitFirst())?.first.string else { return }
                        socket.join(room)
                        socket.data = Profile(room)
                        event.ack?(.string(socket.id))
                    }
                    register(namespace)
                }, body)
        }
        try await run { here in
            try await run { there in try await body(here, there) }
        }
    }

    private func member(_ room: String, of server: TestServer) async throws -> (client: WireClient, id: String) {
        let client = try await server.client(in: "/")
        client.send("429[\"join\",\"\(room)\"]")
        let id = try await client.expect(prefix: "439[\"").dropLast(2)
        return (client, String(id))
    }

    @Test func broadcasts() async throws {
        try await self.withServers { here, there in
            let ana = try await self.member("x", of: here).client
            let bob = try await self.member("x", of: there).client
            let namespace = here.sockets.namespace("/")
            #expect(await namespace.serverCount() == 2)
            namespace.to("x").emit("m", EventArguments(binary: ByteBuffer(bytes: [1, 2])))
            for client in [ana, bob] {
                await client.expect(#"451-["m",{"_placeholder":true,"num":0}]"#)
                #expect(await client.next() == .binary([1, 2]))
            }
            namespace.local.emit("here")
            namespace.emit("end")
            await ana.expect(#"42["here"]"#)
            await ana.expect(#"42["end"]"#)
            await bob.expect(#"42["end"]"#)
        }
    }

    @Test func answers() async throws {
        try await self.withServers { here, there in
            let ana = try await self.member("x", of: here).client
            let bob = try await self.member("x", of: there).client
            async let answers = here.sockets.namespace("/").to("x").timeout(.seconds(5)).emitWithAck("vote", ["?"])
            // Each server counts its own ids.
            await ana.expect(#"420["vote","?"]"#)
            await bob.expect(#"420["vote","?"]"#)
            ana.send(#"430["a",1]"#)
            bob.send(#"430["b",2]"#)
            #expect(await Set(answers.responses) == [["a", 1], ["b", 2]])
            #expect(await answers.isComplete)
        }
    }

    @Test func socketsOfOtherServers() async throws {
        try await self.withServers { here, there in
            let ana = try await self.member("x", of: here)
            let bob = try await self.member("x", of: there)
            let namespace = here.sockets.namespace("/")
            let fetched = await namespace.to("x").fetchSockets()
            #expect(fetched.isComplete)
            #expect(Set(fetched.sockets.map(\.id)) == [ana.id, bob.id])
            let remote = try #require(fetched.sockets.first { $0.id == bob.id })
            #expect(remote.local == nil)
            #expect(remote.rooms == [bob.id, "x"])
            #expect(remote.data == ["name": "x"])
            #expect(remote.handshake["query"]?["EIO"] == "4")
            let own = try #require(fetched.sockets.first { $0.id == ana.id })
            #expect(own.local?.id == ana.id && own.data == ["name": "x"])
            remote.emit("you", [1])
            await bob.client.expect(#"42["you",1]"#)
            remote.join("y", "z")
            namespace.to("z").emit("joined")
            await bob.client.expect(#"42["joined"]"#)
            remote.disconnect()
            await bob.client.expect("41")
        }
    }

    @Test func serversAmongThemselves() async throws {
        let journal = Journal()
        try await self.withServers({ namespace in
            namespace.onServerSide("hello") { arguments, answer in
                journal.note("\((try? arguments.decode()) ?? []) \(answer != nil)")
                answer?(["there"])
            }
        }) { here, _ in
            let namespace = here.sockets.namespace("/")
            namespace.serverSideEmit("hello", [1])
            #expect(await journal.entries(1) == ["[1] false"])
            #expect(await namespace.serverSideEmitWithAck("hello", [2]) == BroadcastAnswers([["there"]]))
            #expect(journal.entries == ["[1] false", "[2] true"])
        }
    }
}
