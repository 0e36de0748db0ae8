import NIOCore
import SocketIO
import SocketServer
import Testing

@Suite struct EventTests {
    @Test("Asynchronous handlers of one socket run one after the other, from connection to disconnect")
    func order() async throws {
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .onConnection { _ in
                    for _ in 0..<20 { await Task.yield() }
                    journal.note("connection")
                }
                .on("step") { _, event in
                    let step = (try? event.arguments.splitFirst().first.int) ?? -1
                    // Earlier ones take longer: running at once would turn the order round.
                    for _ in 0..<(30 - step) { await Task.yield() }
                    journal.note("\(step)")
                }
                .onDisconnect { _, reason in journal.note(reason.rawValue) }
        }) { server in
            let client = try await server.client(in: "/")
            for step in 0..<30 { client.send("42[\"step\",\(step)]") }
            client.send("41")
            let expected = ["connection"] + (0..<30).map(String.init) + ["client namespace disconnect"]
            #expect(await journal.entries(32) == expected)
        }
    }

    @Test("Sockets do not wait for one another")
    func independence() async throws {
        let gate = Gate()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .on("block") { _, event in
                    await gate.pass()
                    event.ack?()
                }
                .on("go") { _, event in event.ack?() }
        }) { server in
            let blocked = try await server.client(in: "/")
            let free = try await server.client(in: "/")
            blocked.send(#"420["block"]"#)
            blocked.send(#"421["go"]"#)
            free.send(#"420["go"]"#)
            await free.expect("430[]")
            gate.open()
            await blocked.expect("430[]")
            await blocked.expect("431[]")
        }
    }

    @Test("A full queue stops reading, and loses nothing")
    func backpressure() async throws {
        let gate = Gate()
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .on("slow") { _, event in
                    await gate.pass()
                    journal.note("slow")
                    event.ack?()
                }
                // Runs on arrival: it would overtake everything if the connection were still read.
                .inLoop.on("fast") { _, _ in journal.note("fast") }
        }) { server in
            let client = try await server.client(in: "/")
            for number in 0..<40 { client.send("42\(number)[\"slow\"]") }
            client.send(#"42["fast"]"#)
            // Another connection's round trip on the same server shows that time has passed.
            let other = try await server.client(in: "/")
            other.send(#"42["fast"]"#)
            _ = await journal.entries(1)
            gate.open()
            let entries = await journal.entries(42)
            #expect(entries.count { $0 == "slow" } == 40)
            let overtaken = entries.dropFirst().firstIndex(of: "fast") ?? 0
            #expect(overtaken >= 16, "32 queued events must be half done before anything more is read")
            for number in 0..<40 { await client.expect("43\(number)[]") }
        }
    }

    @Test("Only the first answer counts; events without ack id want none")
    func answers() async throws {
        try await TestServer.run(register: { server in
            server.namespace("/")
                .inLoop.on("twice") { _, event in
                    event.ack?(1)
                    event.ack?(2)
                }
                .onUnhandled { _, event in event.ack?(.string(event.name), .int(event.arguments.byteCount)) }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(#"42["twice"]"#)
            client.send(#"420["twice"]"#)
            client.send(#"421["else","abc"]"#)
            await client.expect("430[1]")
            await client.expect(#"431["else",5]"#)
        }
    }

    @Test("Binary arguments go through unchanged, both ways")
    func binary() async throws {
        try await TestServer.run(register: { server in
            server.namespace("/chat").inLoop.on("echo") { socket, event in
                event.ack?.send(event.arguments)
                socket.emit("back", event.arguments)
            }
        }) { server in
            let client = try await server.client(in: "/chat")
            let list = #"{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}"#
            client.send("452-/chat,7[\"echo\",\(list)]")
            client.send(binary: [1])
            client.send(binary: [])
            await client.expect("462-/chat,7[\(list)]")
            #expect(await client.next() == .binary([1]))
            #expect(await client.next() == .binary([]))
            await client.expect("452-/chat,[\"back\",\(list)]")
            #expect(await client.next() == .binary([1]))
            #expect(await client.next() == .binary([]))
        }
    }

    @Test("The server asks: answer, silence, and a client that goes")
    func serverAsks() async throws {
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/").on("ask") { socket, event in
                let patience = (try? event.arguments.splitFirst().first.int) ?? 0
                do throws(AckError) {
                    let answer = try await socket.emitWithAck(
                        "question", [1], timeout: .milliseconds(Int64(patience)))
                    journal.note(String(buffer: answer.json))
                } catch {
                    journal.note(error.rawValue)
                }
            }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(#"42["ask",10000]"#)
            await client.expect(#"420["question",1]"#)
            client.send(#"430["yes",2]"#)
            #expect(await journal.entries(1) == [#""yes",2"#])
            client.send(#"42["ask",10]"#)
            await client.expect(#"421["question",1]"#)
            #expect(await journal.entries(2).last == "operation has timed out")
            client.send("431[]")
            client.send(#"42["ask",10000]"#)
            await client.expect(#"422["question",1]"#)
            try await client.close()
            #expect(await journal.entries(3).last == "socket has been disconnected")
        }
    }
}
