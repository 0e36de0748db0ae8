import NIOCore
import SocketIO
import SocketServer
import Testing

/// Connection state recovery over the wire.
@Suite struct RecoveryTests {
    private final class Profile: Sendable {
        let name = "ana"
    }

    /// What a client keeps of its session.
    private struct Kept {
        var sid: String
        var pid: String
        var offset = ""

        init(_ json: String) throws {
            let connect = try JSONReader.decode("{" + json)
            self.sid = try #require(connect["sid"]?.string)
            self.pid = try #require(connect["pid"]?.string)
        }

        var connect: String { "40{\"pid\":\"\(self.pid)\",\"offset\":\"\(self.offset)\"}" }
    }

    private func withServer(
        _ change: (inout RecoveryConfiguration) -> Void = { _ in }, register: (Namespace) -> Void = { _ in },
        _ body: (TestServer, Journal) async throws -> Void
    ) async throws {
        var configuration = SocketServerConfiguration()
        var recovery = RecoveryConfiguration()
        change(&recovery)
        configuration.recovery = recovery
        let journal = Journal()
        try await TestServer.run(
            configuration,
            register: { server in
                let namespace = server.namespace("/")
                namespace.inLoop.onConnection { socket in
                    socket.emit("welcome", [.bool(socket.isRecovered)])
                    if !socket.isRecovered { socket.data = Profile() }
                }
                .inLoop.on("join") { socket, event in
                    guard let room = (try? event.arguments.splitFirst())?.first.string else { return }
                    socket.join(room)
                    event.ack?()
                }
                .inLoop.on("who") { socket, event in
                    event.ack?(
                        .string(socket.id), .array(socket.rooms.map(JSONValue.string)),
                        JSONValue((socket.data as? Profile)?.name))
                }
                .inLoop.onDisconnect { _, reason in journal.note(reason.rawValue) }
                register(namespace)
            }
        ) { try await body($0, journal) }
    }

    /// Connects afresh and receives the first event.
    private func connect(_ server: TestServer) async throws -> (WireClient, Kept) {
        let client = try await server.client()
        client.send("40")
        var kept = try Kept(try await client.expect(prefix: "40{"))
        kept.offset = try await self.event("welcome", "false,", client)
        return (client, kept)
    }

    /// The offset of the next event, which must have this name and these arguments.
    private func event(
        _ name: String, _ arguments: String, _ client: WireClient, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let rest = try await client.expect(
            prefix: "42[\"\(name)\",\(arguments)\"", sourceLocation: sourceLocation)
        return String(rest.dropLast(2))
    }

    @Test("A client that comes back is the same, and gets what it missed before the answer to its CONNECT")
    func recovers() async throws {
        try await self.withServer { server, journal in
            let (first, kept) = try await self.connect(server)
            first.send(#"420["join","x"]"#)
            await first.expect("430[]")
            try await first.close()
            #expect(await journal.entries(1) == ["transport close"])
            let namespace = server.sockets.namespace("/")
            namespace.emit("all", [1])
            namespace.to("x").emit("file", EventArguments(binary: ByteBuffer(bytes: [5])))
            namespace.to("y").emit("others")
            namespace.except("x").emit("others")
            namespace.volatile.emit("lost")
            namespace.to(kept.sid).emit("you")

            let second = try await server.client()
            second.send(kept.connect)
            _ = try await self.event("all", "1,", second)
            _ = try await second.expect(prefix: #"451-["file",{"_placeholder":true,"num":0},""#)
            #expect(await second.next() == .binary([5]))
            var again = kept
            again.offset = try await self.event("you", "", second)
            let answer = try Kept(try await second.expect(prefix: "40{"))
            #expect(answer.sid == kept.sid && answer.pid == kept.pid)
            let welcome = try await self.event("welcome", "true,", second)
            second.send(#"420["who"]"#)
            await second.expect("430[\"\(kept.sid)\",[\"\(kept.sid)\",\"x\"],\"ana\"]")

            // A second time, from where it is now: nothing is repeated.
            again.offset = welcome
            try await second.close()
            _ = await journal.entries(2)
            namespace.emit("more")
            let third = try await server.client()
            third.send(again.connect)
            _ = try await self.event("more", "", third)
            #expect(try Kept(try await third.expect(prefix: "40{")).sid == kept.sid)
        }
    }

    @Test(
        "Who left on purpose, says nothing of the past, or makes it up, starts afresh",
        arguments: [
            "left", "disconnected", "forged pid", "forged offset", "no offset", "numbers", "too late", "still there",
        ])
    func startsAfresh(how: String) async throws {
        try await self.withServer({
            if how == "too late" { $0.maxDisconnectionDuration = .milliseconds(1) }
        }) { server, journal in
            var (client, kept) = try await self.connect(server)
            var connect = kept.connect
            switch how {
            case "left":
                client.send("41")
                _ = await journal.entries(1)
            case "disconnected":
                server.sockets.namespace("/").disconnectSockets()
                await client.expect("41")
            case "still there":
                break
            default:
                try await client.close()
                _ = await journal.entries(1)
            }
            switch how {
            case "forged pid": kept.pid = "AAAAAAAAAAAAAAAAAAAA"
            case "forged offset": kept.offset = String(kept.offset.dropLast()) + "999"
            default: break
            }
            connect = kept.connect
            if how == "no offset" { connect = "40{\"pid\":\"\(kept.pid)\"}" }
            if how == "numbers" { connect = #"40{"pid":1,"offset":2}"# }
            if how == "too late" { try await Task.sleep(for: .milliseconds(5)) }
            let second = try await server.client()
            second.send(connect)
            let answer = try Kept(try await second.expect(prefix: "40{"))
            #expect(answer.sid != kept.sid && answer.pid != kept.pid)
            _ = try await self.event("welcome", "false,", second)
        }
    }

    @Test("Middleware is skipped or not; what it emits comes once, in its place", arguments: [true, false])
    func middleware(skip: Bool) async throws {
        try await self.withServer(
            { $0.skipMiddlewares = skip },
            register: { namespace in
                namespace.use { socket in socket.emit("early", [.bool(socket.isRecovered)]) }
            }
        ) { server, journal in
            let first = try await server.client()
            first.send("40")
            _ = try await self.event("early", "false,", first)
            var kept = try Kept(try await first.expect(prefix: "40{"))
            kept.offset = try await self.event("welcome", "false,", first)
            try await first.close()
            _ = await journal.entries(1)
            server.sockets.namespace("/").emit("missed")
            let second = try await server.client()
            second.send(kept.connect)
            _ = try await self.event("missed", "", second)
            if !skip { _ = try await self.event("early", "true,", second) }
            #expect(try Kept(try await second.expect(prefix: "40{")).sid == kept.sid)
            _ = try await self.event("welcome", "true,", second)
        }
    }

    @Test("Of two connections that claim a session, one gets it")
    func rivals() async throws {
        let gate = Gate()
        let journal = Journal()
        try await self.withServer(
            { $0.skipMiddlewares = false },
            register: { namespace in
                namespace.use { socket in
                    guard socket.isRecovered else { return }
                    journal.note("claimed")
                    await gate.pass()
                }
            }
        ) { server, reasons in
            let (first, kept) = try await self.connect(server)
            try await first.close()
            _ = await reasons.entries(1)
            let rivals = [try await server.client(), try await server.client()]
            for rival in rivals { rival.send(kept.connect) }
            _ = await journal.entries(2)
            gate.open()
            var winners = 0
            for rival in rivals {
                let answer = await rival.next()
                guard answer != .closed else { continue }
                winners += 1
                guard case .text(let text) = answer else { continue }
                #expect(text.hasPrefix("40{\"sid\":\"\(kept.sid)\""))
            }
            #expect(winners == 1)
            #expect(server.sockets.namespace("/").socketCount == 1)
        }
    }

    @Test("Whatever a handler does, it happens in its order")
    func order() async throws {
        try await self.withServer(register: { namespace in
            namespace.inLoop.on("all") { socket, event in
                socket.emit("first")
                socket.namespace.emit("second")
                event.ack?("third")
                socket.emit("fourth", ack: { _ in })
                socket.emit("fifth")
                socket.disconnect()
            }
        }) { server, _ in
            let (client, _) = try await self.connect(server)
            client.send(#"427["all"]"#)
            _ = try await self.event("first", "", client)
            _ = try await self.event("second", "", client)
            await client.expect(#"437["third"]"#)
            await client.expect(#"420["fourth"]"#)
            _ = try await self.event("fifth", "", client)
            await client.expect("41")
        }
    }

    @Test("Offsets rise for every client, whichever threads emit")
    func risingOffsets() async throws {
        try await self.withServer { server, _ in
            let clients = [try await self.connect(server).0, try await self.connect(server).0]
            let namespace = server.sockets.namespace("/")
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask {
                        for number in 0..<50 { namespace.emit("m", [.int(task), .int(number)]) }
                    }
                }
            }
            for client in clients {
                var last = 0
                for _ in 0..<200 {
                    let rest = try await client.expect(prefix: "42[\"m\",")
                    let number = try #require(rest.dropLast(2).split(separator: "-").last.flatMap { Int($0) })
                    #expect(number > last)
                    last = number
                }
            }
        }
    }
}
