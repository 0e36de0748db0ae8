import NIOCore
import SocketIO
import SocketServer
import Testing

@Suite struct NamespaceTests {
    @Test("A pattern must match the whole name")
    func pattern() async throws {
        try await TestServer.run(register: { server in
            server.namespaces(matching: #/\/shop-[0-9]+/#).inLoop.onConnection { $0.emit("shop") }
            server.namespaces { $0.hasPrefix("/shop-") }.inLoop.onConnection { $0.emit("other") }
        }) { server in
            let client = try await server.client(in: "/shop-12")
            await client.expect(#"42/shop-12,["shop"]"#)
            for name in ["/shop-1x", "/shop-"] {
                client.send("40\(name),")
                _ = try await client.expect(prefix: "40\(name),{\"sid\":\"")
                await client.expect("42\(name),[\"other\"]")
            }
            client.send("40/ashop-1,")
            await client.expect(#"44/ashop-1,{"message":"Invalid namespace"}"#)
        }
    }

    @Test("A function decides by name and auth, after a while; templates are asked in order")
    func decision() async throws {
        let journal = Journal()
        let gate = Gate()
        try await TestServer.run(register: { server in
            server.namespaces(decidedBy: { name, auth in
                journal.note("\(name) \(auth)")
                await gate.pass()
                return auth["key"] == "k"
            })
            .inLoop.onConnection { $0.emit("decided") }
            server.namespaces { $0 == "/later" }.inLoop.onConnection { $0.emit("later") }
        }) { server in
            let client = try await server.client()
            client.send(#"40/a,{"key":"k"}"#)
            client.send("40/b,")
            client.send("40/later,")
            #expect(await Set(journal.entries(3)) == [#"/a {"key":"k"}"#, "/b {}", "/later {}"])
            gate.open()
            var answers: Set<String> = []
            for _ in 0..<5 {
                guard case .text(let text) = await client.next() else { break }
                answers.insert(text.hasPrefix("40") ? String(text.prefix { $0 != "{" }) : text)
            }
            #expect(
                answers == [
                    "40/a,", #"42/a,["decided"]"#, #"44/b,{"message":"Invalid namespace"}"#, "40/later,",
                    #"42/later,["later"]"#,
                ])
        }
    }

    @Test("A namespace that empties while somebody is on the way in stays the one that all find")
    func arrivalWhileEmptying() async throws {
        var configuration = SocketServerConfiguration()
        configuration.cleanupEmptyChildNamespaces = true
        let gate = Gate()
        let journal = Journal()
        try await TestServer.run(
            configuration,
            register: { server in
                server.namespace("/")
                server.namespaces { $0 == "/room" }.use { socket in
                    guard try socket.decodeAuth()["slow"] == true else { return }
                    journal.note("held")
                    await gate.pass()
                }
            }
        ) { server in
            let first = try await server.client(in: "/", "/room")
            let second = try await server.client()
            second.send(#"40/room,{"slow":true}"#)
            _ = await journal.entries(1)
            first.send("41/room,")
            // The answer to another CONNECT of the same connection says that the leaving was seen.
            first.send("40/nope,")
            await first.expect(#"44/nope,{"message":"Invalid namespace"}"#)
            #expect(server.sockets.namespaces.map(\.name).sorted() == ["/", "/room"])
            gate.open()
            _ = try await second.expect(prefix: #"40/room,{"sid":""#)
            first.send("40/room,")
            _ = try await first.expect(prefix: #"40/room,{"sid":""#)
            server.sockets.namespace("/room").emit("both")
            await first.expect(#"42/room,["both"]"#)
            await second.expect(#"42/room,["both"]"#)
        }
    }

    @Test(
        "Whoever is refused or withdraws leaves no empty namespace behind",
        arguments: ["refused", "aborted", "withdrawn"])
    func nobodyArrives(how: String) async throws {
        var configuration = SocketServerConfiguration()
        configuration.cleanupEmptyChildNamespaces = true
        let gate = Gate()
        let journal = Journal()
        try await TestServer.run(
            configuration,
            register: { server in
                server.namespace("/")
                server.namespaces { $0 == "/room" }.use { _ in
                    journal.note("held")
                    await gate.pass()
                    if how == "refused" { throw ConnectRefusal(message: "no") }
                    if how == "aborted" { throw ConnectAbort() }
                }
            }
        ) { server in
            let client = try await server.client(in: "/")
            client.send("40/room,")
            _ = await journal.entries(1)
            #expect(server.sockets.namespaces.count == 2)
            if how == "withdrawn" {
                client.send("41/room,")
                client.send("40/nope,")
                await client.expect(#"44/nope,{"message":"Invalid namespace"}"#)
            }
            gate.open()
            let deadline = ContinuousClock.now + .seconds(10)
            while server.sockets.namespaces.count > 1, ContinuousClock.now < deadline { await Task.yield() }
            #expect(server.sockets.namespaces.map(\.name) == ["/"])
        }
    }
}
