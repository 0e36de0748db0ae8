import NIOCore
import SocketIO
import SocketServer
import Testing

/// Rows S and J of the bad-input catalogue over the wire.
@Suite struct HostilePacketTests {
    /// What a client that has joined `/` sends, and why its socket then leaves.
    private static let fatal: [(String, DisconnectReason)] = [
        // S01, S03, S04
        ("47", .forcedClose), ("49", .forcedClose), ("4x", .forcedClose), ("4-1", .forcedClose), ("4", .forcedClose),
        ("40", .forcedServerClose), ("44{\"message\":\"x\"}", .forcedServerClose),
        // S02, S07
        (#"42/other,["m"]"#, .forcedServerClose), ("41/other,", .forcedServerClose),
        ("40[]", .forcedClose), (#"40"x""#, .forcedClose), (#"40/admin,"x""#, .forcedClose), ("40null", .forcedClose),
        ("40{", .forcedClose), ("40/" + String(repeating: "n", count: 300), .forcedClose),
        // S08, S09, S11
        ("42", .forcedClose), ("42[]", .forcedClose), ("42{}", .forcedClose), (#"42"a""#, .forcedClose),
        (#"42["a""#, .forcedClose), (#"42["a"]garbage"#, .forcedClose), (#"42["connect"]"#, .forcedClose),
        (#"42["disconnecting"]"#, .forcedClose), (#"42-1["m"]"#, .forcedClose), (#"421e3["m"]"#, .forcedClose),
        ("42\u{0663}[\"m\"]", .forcedClose), (#"429007199254740993["m"]"#, .forcedClose),
        // S14-S17, S20
        ("41{}", .forcedClose), ("45", .forcedClose), ("451", .forcedClose), ("45a-", .forcedClose),
        (#"450-["x"]"#, .forcedClose), ("460-1[]", .forcedClose), (#"4511-["x"]"#, .forcedClose),
        (#"4599999999-["x"]"#, .forcedClose),
        (#"451-["x",{"_placeholder":true,"num":"splice"}]"#, .forcedClose),
        // J01, J04, J10, J11
        ("42[\"m\"," + String(repeating: "[", count: 400_000), .forcedClose), (#"42["m",NaN]"#, .forcedClose),
        (#"42["m",1.]"#, .forcedClose), (#"42["m",'a']"#, .forcedClose), (#"42["m",]"#, .forcedClose),
        ("42[\"m\",\"\u{2}\"]", .forcedClose), ("42\u{FEFF}[\"m\"]", .forcedClose),
    ]

    @Test(arguments: fatal.indices)
    func closes(row: Int) async throws {
        let (text, expected) = Self.fatal[row]
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .inLoop.onAny { _, event in journal.note("event \(event.name)") }
                .inLoop.onDisconnect { _, reason in journal.note(reason.rawValue) }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(text)
            await client.expectClosed()
            #expect(await journal.entries(1) == [expected.rawValue])
        }
    }

    /// What must not end the connection, and what it answers.
    private static let harmless: [(String, [String])] = [
        // S05, S24: exact names only
        ("40/nope,", [#"44/nope,{"message":"Invalid namespace"}"#]),
        ("40/Chat,", [#"44/Chat,{"message":"Invalid namespace"}"#]),
        ("40/chat/,", [#"44/chat/,{"message":"Invalid namespace"}"#]),
        ("40/%63hat,", [#"44/%63hat,{"message":"Invalid namespace"}"#]),
        ("40/../chat,", [#"44/../chat,{"message":"Invalid namespace"}"#]),
        // S09, S10, S12
        (#"42["error","foo"]"#, []), (#"42["",1]"#, []), (#"42["\u0000"]"#, []), (#"42["nobody listens"]"#, []),
        (#"427["nobody listens"]"#, []), (#"43999["x"]"#, []), ("430", []),
        // S21, J05, J11, J12: judged by whoever reads the arguments
        (#"42["m",{"_placeholder":true,"num":"splice"}]"#, []),
        (#"4231["echo",{"a":1,"a":2}]"#, [#"4331[{"a":1,"a":2}]"#]),
        (#"4232["echo", "\u2028" ,"__proto__"]"#, [#"4332["\u2028" ,"__proto__"]"#]),
        (#"4233["echo","\ud800",9007199254740993,1e400]"#, [#"4333["\ud800",9007199254740993,1e400]"#]),
    ]

    @Test(arguments: harmless.indices)
    func lives(row: Int) async throws {
        let (text, answers) = Self.harmless[row]
        try await TestServer.run(register: { server in
            server.namespace("/chat")
            server.namespace("/").inLoop.on("echo") { _, event in event.ack?.send(event.arguments) }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(text)
            for answer in answers { await client.expect(answer) }
            client.send(#"421["echo","alive"]"#)
            await client.expect(#"431["alive"]"#)
        }
    }

    @Test("Row S02: an event before CONNECT")
    func eventBeforeConnect() async throws {
        try await TestServer.run(register: { $0.namespace("/") }) { server in
            let client = try await server.client()
            client.send(#"42["m"]"#)
            await client.expectClosed()
        }
    }

    @Test("Row S13: events behind a DISCONNECT are ignored, other namespaces live on")
    func eventsBehindDisconnect() async throws {
        let journal = Journal()
        try await TestServer.run(register: { server in
            for name in ["/", "/chat"] {
                server.namespace(name)
                    .inLoop.on("echo") { _, event in event.ack?.send(event.arguments) }
                    .inLoop.onDisconnect { _, reason in journal.note("\(name) \(reason.rawValue)") }
            }
        }) { server in
            let client = try await server.client(in: "/", "/chat")
            client.send("41/chat,")
            client.send(#"42/chat,1["echo"]"#)
            client.send(#"421["echo"]"#)
            await client.expect("431[]")
            #expect(journal.entries == ["/chat client namespace disconnect"])
            client.send("40/chat,")
            _ = try await client.expect(prefix: #"40/chat,{"sid":""#)
        }
    }

    @Test("Rows S18, S19: attachments that are not owed, missing or late")
    func attachments() async throws {
        var configuration = SocketServerConfiguration()
        configuration.limits.reassemblyTime = .milliseconds(50)
        let journal = Journal()
        try await TestServer.run(
            configuration,
            register: { server in
                server.namespace("/").inLoop.onDisconnect { _, reason in journal.note(reason.rawValue) }
            }
        ) { server in
            let unexpected = try await server.client(in: "/")
            unexpected.send(binary: [1])
            await unexpected.expectClosed()
            let interrupted = try await server.client(in: "/")
            interrupted.send(#"451-["m",{"_placeholder":true,"num":0}]"#)
            interrupted.send(#"42["m"]"#)
            await interrupted.expectClosed()
            let late = try await server.client(in: "/")
            late.send(#"452-["m",{"_placeholder":true,"num":0}]"#)
            late.send(binary: [1])
            await late.expectClosed()
            #expect(await journal.entries(3) == Array(repeating: "forced close", count: 3))
        }
    }

    @Test("Row S06: 16 namespaces and no more")
    func manyNamespaces() async throws {
        try await TestServer.run(register: { server in _ = server.namespaces { $0.hasPrefix("/n") } }) { server in
            let client = try await server.client()
            for number in 0..<16 {
                client.send("40/n\(number),")
                _ = try await client.expect(prefix: "40/n\(number),{")
            }
            client.send("40/n16,")
            await client.expectClosed()
        }
    }
}
