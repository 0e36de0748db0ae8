import EngineIO
import NIOCore
import SocketIO
import SocketServer
import Testing
import Transport

/// Clients of Socket.IO 2: the same namespaces, another way in.
@Suite struct OlderClientTests {
    @Test("The root is joined with the connection, others by name; the ids are what the client computes")
    func joining() async throws {
        try await TestServer.run(register: { server in
            for name in ["/", "/chat"] {
                server.namespace(name).inLoop.onConnection { $0.emit("auth", EventArguments(json: $0.auth)) }
                    .inLoop.on("id") { socket, event in event.ack?(.string(socket.id)) }
            }
        }) { server in
            let client = try await server.olderClient()
            await client.expect("40")
            await client.expect(#"42["auth"]"#)
            client.send(#"420["id"]"#)
            await client.expect(#"430["\#(client.sessionID)"]"#)
            client.send("40/chat?token=a%20b&x=%C3%A9,")
            await client.expect("40/chat,")
            await client.expect(#"42/chat,["auth",{"token":"a b","x":"é"}]"#)
            client.send(#"42/chat,1["id"]"#)
            await client.expect(#"43/chat,1["/chat#\#(client.sessionID)"]"#)
            #expect(server.sockets.namespace("/chat").socket("/chat#\(client.sessionID)") != nil)
            client.send("41/chat,")
            client.send(#"422["id"]"#)
            await client.expect(#"432["\#(client.sessionID)"]"#)
        }
    }

    @Test("Refusals are strings or data, an unknown namespace is an object, and the connection lives")
    func refusals() async throws {
        try await TestServer.run(register: { server in
            server.namespace("/").inLoop.on("ping me") { _, event in event.ack?() }
            server.namespace("/plain").use { _ in throw ConnectRefusal(message: "no \"way\"") }
            server.namespace("/data").use { _ in throw ConnectRefusal(message: "no", data: ["code": 401]) }
        }) { server in
            let client = try await server.olderClient()
            await client.expect("40")
            client.send("40/plain,")
            await client.expect(#"44/plain,"no \"way\"""#)
            client.send("40/data,")
            await client.expect(#"44/data,{"code":401}"#)
            client.send("40/nope,")
            await client.expect(#"44/nope,{"message":"Invalid namespace"}"#)
            client.send(#"427["ping me"]"#)
            await client.expect("437[]")
        }
    }

    @Test("Middleware decides about the root too: what comes meanwhile waits, and a refusal leaves no socket")
    func rootMiddleware() async throws {
        try await TestServer.run(register: { server in
            server.namespace("/")
                .use { socket in
                    guard socket.handshake.queryValue("token") == "secret" else {
                        throw ConnectRefusal(message: "not authorized")
                    }
                }
                .inLoop.on("echo") { _, event in event.ack?.send(event.arguments) }
        }) { server in
            let client = try await server.olderClient(query: "token=secret")
            client.send(#"421["echo","early"]"#)
            await client.expect("40")
            await client.expect(#"431["early"]"#)
            let stranger = try await server.olderClient(query: "token=guess")
            await stranger.expect(#"44"not authorized""#)
            #expect(server.sockets.namespace("/").socketCount == 1)
        }
    }

    @Test("A root that nobody serves is refused, and without any namespace the connection ends")
    func noRoot() async throws {
        var configuration = SocketServerConfiguration()
        configuration.connectTimeout = .milliseconds(200)
        try await TestServer.run(configuration, register: { $0.namespace("/chat") }) { server in
            let client = try await server.olderClient()
            await client.expect(#"44{"message":"Invalid namespace"}"#)
            await client.expectClosed()
        }
    }

    @Test(
        "Rows T10 and others: what is no CONNECT ends the connection",
        arguments: ["40/chat?a=%ZZ,", "40", "44\"x\"", "42/chat,[\"m\"]"])
    func violations(packet: String) async throws {
        try await TestServer.run(register: { server in
            server.namespace("/")
            server.namespace("/chat")
        }) { server in
            let client = try await server.olderClient()
            await client.expect("40")
            client.send(packet)
            await client.expectClosed()
        }
    }

    @Test("Events, acks and broadcasts with binary reach clients of both generations")
    func together() async throws {
        try await TestServer.run(register: { server in
            server.namespace("/").inLoop.on("say") { socket, event in
                socket.namespace.emit("said", event.arguments)
                event.ack?.send(event.arguments)
            }
        }) { server in
            let older = try await server.olderClient()
            await older.expect("40")
            let later = try await server.client(in: "/")
            older.send(#"451-5["say",{"_placeholder":true,"num":0}]"#)
            older.send(binary: [4, 1, 2])
            for (client, bytes) in [(older, [4, 1, 2] as [UInt8]), (later, [1, 2])] {
                await client.expect(#"451-["said",{"_placeholder":true,"num":0}]"#)
                #expect(await client.next() == .binary(bytes))
            }
            await older.expect(#"461-5[{"_placeholder":true,"num":0}]"#)
            #expect(await older.next() == .binary([4, 1, 2]))
        }
    }
}
