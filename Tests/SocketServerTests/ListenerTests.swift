import NIOCore
import SocketIO
import SocketServer
import Testing

/// What sees, judges and takes events beside the namespace's handlers.
@Suite struct ListenerTests {
    private struct Unwanted: Error {}

    @Test(
        "Observers see all events, then middleware decides, then the socket's own handler comes before the namespace's")
    func order() async throws {
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .inLoop.onAny { _, event in journal.note("any \(event.name)") }
                .inLoop.use { _, event in
                    journal.note("first \(event.name)")
                    if event.name == "bad" { throw Unwanted() }
                }
                .inLoop.onEventError { _, event, error in journal.note("\(event.name) \(error is Unwanted)") }
                .inLoop.onConnection { socket in
                    socket.onAny { _, event in journal.note("own any \(event.name)") }
                    socket.use { _, event in journal.note("own \(event.name)") }
                    socket.onInLoop("mine") { socket, event in
                        event.ack?("socket")
                        socket.off("mine")
                        socket.offAny()
                    }
                }
                .inLoop.on("mine") { _, event in event.ack?("namespace") }
                .inLoop.on("bad") { _, event in event.ack?("handled") }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(#"421["mine"]"#)
            await client.expect(#"431["socket"]"#)
            client.send(#"422["mine"]"#)
            await client.expect(#"432["namespace"]"#)
            client.send(#"423["bad"]"#)
            client.send(#"42["nobody's"]"#)
            client.send(#"424["mine"]"#)
            await client.expect(#"434["namespace"]"#)
            #expect(
                journal.entries == [
                    "any mine", "own any mine", "first mine", "own mine", "any mine", "first mine", "own mine",
                    "any bad", "first bad", "bad true", "any nobody's", "first nobody's", "own nobody's", "any mine",
                    "first mine", "own mine",
                ])
        }
    }

    @Test("A socket's asynchronous handler waits its turn among the namespace's")
    func queued() async throws {
        let journal = Journal()
        let gate = Gate()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .inLoop.onConnection { $0.on("second") { _, _ in journal.note("second") } }
                .on("first") { _, _ in
                    await gate.pass()
                    journal.note("first")
                }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(#"42["first"]"#)
            client.send(#"42["second"]"#)
            gate.open()
            #expect(await journal.entries(2) == ["first", "second"])
        }
    }

    @Test("Outgoing events are seen, each for every socket that it goes to")
    func outgoing() async throws {
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .inLoop.onConnection { socket in
                    guard socket.namespace.socketCount == 1 else { return }
                    socket.onAnyOutgoing { _, event in journal.note("own \(event.name)") }
                }
                .inLoop.onAnyOutgoing { _, event in journal.note("\(event.name) \(event.arguments.byteCount)") }
                .inLoop.on("quiet") { socket, event in
                    socket.offAnyOutgoing()
                    event.ack?()
                }
                .inLoop.on("ask") { socket, event in
                    socket.emit("question") { _ in event.ack?() }
                }
        }) { server in
            let ana = try await server.client(in: "/")
            let bob = try await server.client(in: "/")
            server.sockets.namespace("/").emit("all", ["x"])
            await ana.expect(#"42["all","x"]"#)
            await bob.expect(#"42["all","x"]"#)
            #expect(await journal.entries(3).sorted() == ["all 3", "all 3", "own all"])
            ana.send(#"420["quiet"]"#)
            await ana.expect("430[]")
            ana.send(#"421["ask"]"#)
            await ana.expect(#"420["question"]"#)
            ana.send("430[]")
            await ana.expect("431[]")
            #expect(journal.entries.last == "question 0")
            #expect(journal.entries.count == 4)
        }
    }
}
