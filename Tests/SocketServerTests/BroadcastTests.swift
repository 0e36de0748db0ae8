import NIOCore
import SocketIO
import SocketServer
import Testing

@Suite struct BroadcastTests {
    /// Three clients on two loops; the first two are in the room `x`.
    private func withClients(
        _ register: (Namespace) -> Void = { _ in },
        _ body: (Namespace, [WireClient]) async throws -> Void
    ) async throws {
        try await TestServer.run(register: { server in
            let namespace = server.namespace("/")
            namespace.inLoop.on("join") { socket, event in
                guard let room = (try? event.arguments.splitFirst())?.first.string else { return }
                socket.join(room)
                event.ack?(.string(socket.id))
            }
            register(namespace)
        }) { server in
            var clients: [WireClient] = []
            for number in 0..<3 {
                let client = try await server.client(in: "/")
                if number < 2 {
                    client.send(#"420["join","x"]"#)
                    _ = try await client.expect(prefix: "430[")
                }
                clients.append(client)
            }
            try await body(server.sockets.namespace("/"), clients)
        }
    }

    @Test func targets() async throws {
        try await self.withClients { namespace, clients in
            namespace.to("x").emit("room", [1])
            namespace.except("x").emit("others", ["é"])
            namespace.to("x", "nowhere").to("x").emit("once")
            namespace.emit("end")
            for client in clients.prefix(2) {
                await client.expect(#"42["room",1]"#)
                await client.expect(#"42["once"]"#)
                await client.expect(#"42["end"]"#)
            }
            await clients[2].expect(#"42["others","é"]"#)
            await clients[2].expect(#"42["end"]"#)
        }
    }

    @Test("The sender is left out of its own broadcast, in the loop and from a task")
    func senderLeftOut() async throws {
        try await self.withClients({ namespace in
            namespace.inLoop.on("say") { socket, event in
                socket.to("x").emit("said", event.arguments)
                event.ack?()
            }
            namespace.on("tell") { socket, event in
                socket.broadcast.emit("told", event.arguments)
                event.ack?()
            }
        }) { _, clients in
            clients[0].send(#"425["say","a",{"b":[]}]"#)
            await clients[0].expect("435[]")
            await clients[1].expect(#"42["said","a",{"b":[]}]"#)
            clients[0].send(#"426["tell"]"#)
            await clients[0].expect("436[]")
            await clients[1].expect(#"42["told"]"#)
            await clients[2].expect(#"42["told"]"#)
        }
    }

    @Test func binary() async throws {
        try await self.withClients { namespace, clients in
            namespace.emit("file", EventArguments(binary: ByteBuffer(bytes: [1, 2, 3])))
            for client in clients {
                await client.expect(#"451-["file",{"_placeholder":true,"num":0}]"#)
                #expect(await client.next() == .binary([1, 2, 3]))
            }
        }
    }

    @Test("Everybody is reached once, on however many event loops they live", arguments: [1, 2, 3])
    func loops(count: Int) async throws {
        try await TestServer.run(
            loops: count,
            register: { server in
                server.namespace("/").inLoop.on("say") { socket, event in
                    socket.namespace.emit("said", event.arguments)
                }
            }
        ) { server in
            var clients: [WireClient] = []
            for _ in 0..<12 { clients.append(try await server.client(in: "/")) }
            for speaker in clients.indices {
                clients[speaker].send("42[\"say\",\(speaker)]")
                for client in clients { await client.expect("42[\"said\",\(speaker)]") }
            }
        }
    }

    @Test("Answers are gathered from all, until time runs out, and from those who stay")
    func acks() async throws {
        try await self.withClients { namespace, clients in
            async let all = namespace.to("x").emitWithAck("vote", ["?"])
            for (number, client) in clients.prefix(2).enumerated() {
                await client.expect(#"420["vote","?"]"#)
                client.send("430[\(number)]")
            }
            let answers = await all
            #expect(answers.isComplete)
            #expect(answers.values.compactMap(\.int).sorted() == [0, 1])

            async let some = namespace.to("x").timeout(.seconds(1)).emitWithAck("vote")
            for client in clients.prefix(2) { await client.expect(#"421["vote"]"#) }
            clients[0].send(#"431["me"]"#)
            #expect(await some.values == ["me"])
            #expect(await !some.isComplete)
            clients[1].send(#"431["late"]"#)

            async let rest = namespace.to("x").emitWithAck("vote")
            for client in clients.prefix(2) { await client.expect(#"422["vote"]"#) }
            clients[0].send(#"432["stayed"]"#)
            try await clients[1].close()
            #expect(await rest.values == ["stayed"])
            #expect(await rest.isComplete)

            let none = await namespace.to("nowhere").emitWithAck("vote")
            #expect(none.responses.isEmpty && none.isComplete)
        }
    }

    @Test func managing() async throws {
        let journal = Journal()
        try await self.withClients({ namespace in
            namespace.inLoop.onDisconnecting { socket, reason, rooms in
                journal.note("\(reason.rawValue) \(rooms.count) \(socket.rooms == rooms)")
            }
            namespace.inLoop.onDisconnect { socket, _ in journal.note("\(socket.rooms)") }
        }) { namespace, clients in
            let members = await namespace.to("x").fetchSockets().sockets
            #expect(members.count == 2)
            #expect(members.allSatisfy { $0.rooms == [$0.id, "x"] })
            namespace.to("x").socketsJoin("y", "z")
            namespace.to("y").socketsLeave("x")
            #expect(await namespace.to("x").fetchSockets().sockets.isEmpty)
            #expect(await namespace.to("z").fetchSockets().sockets.map(\.id).sorted() == members.map(\.id).sorted())
            members[0].emit("you")
            namespace.to("y").disconnectSockets()
            #expect(
                await journal.entries(4).filter { $0 != "[]" }
                    == Array(
                        repeating: "server namespace disconnect 3 true", count: 2))
            for client in clients.prefix(2) {
                let first = await client.next()
                if first == .text(#"42["you"]"#) { await client.expect("41") } else { #expect(first == .text("41")) }
            }
            namespace.emit("end")
            await clients[2].expect(#"42["end"]"#)
            #expect(namespace.socketCount == 1)
            namespace.everybody.disconnectSockets(close: true)
            await clients[2].expect("41")
            await clients[2].expectClosed()
        }
    }

    @Test("A socket that has left joins nothing and gets nothing")
    func afterTheEnd() async throws {
        let journal = Journal()
        try await self.withClients({ namespace in
            namespace.onDisconnect { socket, _ in
                socket.join("x")
                socket.emit("ghost")
                socket.emit(
                    "ghost",
                    ack: { result in
                        if case .failure(let error) = result { journal.note(error.rawValue) }
                    })
            }
        }) { namespace, clients in
            clients[0].send("41")
            #expect(await journal.entries(1) == ["socket has been disconnected"])
            #expect(await namespace.to("x").fetchSockets().sockets.count == 1)
            clients[0].send("40")
            _ = try await clients[0].expect(prefix: #"40{"sid":""#)
        }
    }
}
